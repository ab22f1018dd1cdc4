"""What `compat.threads` promises, on every interpreter (docs/litmus-catalogue.md, 47 to 50)."""
from __future__ import absolute_import, division, print_function

import threading

import pytest

from portable_server.compat import clock, ledger, platform, threads
from tests import support
from tests.support.limits import scaled
from tests.support.processes import run_python

_LIMIT = scaled(10.0)


class _Parked(object):
    """A thread that runs until the block ends."""

    def __init__(self, **keywords):
        self._leave = threads.Event()
        self.thread = threads.Thread(target=self._leave.wait, args=(30,), **keywords)

    def __enter__(self):
        self.thread.start()
        return self.thread

    def __exit__(self, *exception):
        self._leave.set()
        self.thread.join(_LIMIT)


def test_a_thread_starts_only_once():
    with _Parked() as thread:
        with pytest.raises(RuntimeError):
            thread.start()
    with pytest.raises(RuntimeError):
        thread.start()


def test_join_is_refused_before_start_and_to_oneself():
    with pytest.raises(RuntimeError):
        threads.Thread().join()
    with pytest.raises(RuntimeError):
        threads.current_thread().join()
    with pytest.raises(RuntimeError):
        support.run_in_thread(lambda: threads.current_thread().join())


@pytest.mark.parametrize('timeout', [0, -1, 0.01])
def test_join_waits_no_longer_than_its_time_out(timeout):
    with _Parked() as thread:
        result, elapsed = support.timed(lambda: thread.join(timeout))
        assert result is None
        assert thread.is_alive()
        assert elapsed < _LIMIT / 2
        with pytest.raises(OverflowError):
            thread.join(threads.TIMEOUT_MAX * 2)
    assert not thread.is_alive()
    thread.join()
    thread.join(0)


def test_daemon_is_inherited_given_and_fixed_at_start():
    assert threads.Thread().daemon is False
    assert threads.Thread(daemon=True).daemon is True
    with _Parked(daemon=True) as thread:
        with pytest.raises(RuntimeError):
            thread.daemon = False
    inherited = threads.Thread(
        target=lambda: found.append(threads.Thread().daemon), daemon=True)
    found = []
    inherited.start()
    inherited.join(_LIMIT)
    assert found == [True]


def test_a_subclass_that_forgets_init_is_reported():
    class Forgetful(threads.Thread):
        def __init__(self):
            pass

    with pytest.raises(RuntimeError):
        Forgetful().start()
    with pytest.raises(RuntimeError):
        Forgetful().join()


def test_ident_is_none_before_start():
    thread = threads.Thread(target=lambda: seen.append(threads.get_ident()))
    seen = []
    assert thread.ident is None
    thread.start()
    thread.join(_LIMIT)
    assert thread.ident == seen[0] != threads.get_ident()


def test_a_thread_is_known_while_it_lives_and_only_then():
    count = threads.active_count()
    unstarted = threads.Thread()
    assert unstarted not in threads.enumerate()
    with _Parked() as thread:
        assert thread in threads.enumerate()
        assert threads.active_count() == count + 1
    assert thread not in threads.enumerate()
    assert not unstarted.is_alive()


def test_a_thread_is_found_from_within():
    found = []
    thread = threads.Thread(
        target=lambda: found.append(threads.current_thread()), name='inner')
    thread.start()
    thread.join(_LIMIT)
    assert found[0] is thread
    assert found[0].name == 'inner'


def test_the_main_thread_is_the_same_from_everywhere():
    main = threads.main_thread()
    assert support.run_in_thread(threads.main_thread) is main
    assert main.is_alive() and not main.daemon
    assert main.ident is not None


def test_repr_tells_the_state():
    thread = threads.Thread(target=lambda: None, name='t', daemon=True)
    assert repr(thread) == '<Thread(t, initial daemon)>'
    thread.start()
    thread.join(_LIMIT)
    assert repr(thread) == '<Thread(t, stopped daemon %d)>' % thread.ident


def test_a_foreign_thread_has_one_thread_object():
    found, done = [], threads.Event()

    def look():
        found.extend([threads.current_thread(), threads.current_thread(),
                      threads.get_ident()])
        done.set()

    ident = threads.start_new_thread(look, ())
    assert done.wait(_LIMIT)
    assert found[0] is found[1]
    assert found[0].ident == found[2] == ident


def test_the_standard_library_knows_our_threads():
    with _Parked() as thread:
        assert thread in threading.enumerate()
        assert isinstance(thread, threading.Thread)


def test_local_is_apart_for_each_thread():
    class Mine(threads.local):
        def __init__(self, value):
            self.value = value

    mine = Mine(1)
    mine.value = 2
    assert support.run_in_thread(lambda: mine.value) == 1
    assert mine.value == 2


@pytest.mark.parametrize('new', [
    lambda target: threads.Thread(target=target),
    lambda target: threads.Timer(0, target)], ids=['Thread', 'Timer'])
def test_excepthook_gets_what_ended_a_thread(monkeypatch, new):
    seen = []
    # here, not in a fixture: pytest before 8.4 sets a hook of its own around each phase
    monkeypatch.setattr(threads, 'excepthook', seen.append)
    thread = new(lambda: 1 // 0)
    thread.start()
    thread.join(_LIMIT)
    assert len(seen) == 1
    assert seen[0].exc_type is ZeroDivisionError
    assert isinstance(seen[0].exc_value, ZeroDivisionError)
    assert seen[0].exc_traceback is not None
    assert seen[0].thread is thread
    del seen[:]     # it holds the thread


def test_the_default_hook_names_the_thread_and_ignores_system_exit():
    program = '\n'.join([
        'import sys',
        'from portable_server.compat import threads',
        'def run(target):',
        '    thread = threads.Thread(target=target, name="worker-7")',
        '    thread.start(); thread.join()',
        'run(sys.exit)',
        'run(lambda: 1 // 0)',
        'print("went on")'])
    status, output, errors = run_python(program)
    assert (status, output.split()) == (0, ['went', 'on'])
    assert errors.count('Exception in thread worker-7') == 1
    assert errors.count('ZeroDivisionError') == 1


def test_the_default_hook_knows_the_stderr_that_a_thread_was_made_with():
    program = '\n'.join([
        'import sys',
        'from portable_server.compat import threads',
        'thread = threads.Thread(target=lambda: 1 // 0)',
        'sys.stderr = None',
        'thread.start(); thread.join()',
        'threads.Thread(target=lambda: 1 // 0).start()'])
    status, output, errors = run_python(program)
    assert (status, output.strip()) == (0, '')
    assert errors.count('ZeroDivisionError') == 1


def test_exit_waits_for_threads_but_not_for_daemons():
    program = '\n'.join([
        'import sys',
        'from portable_server.compat import clock, threads',
        'def late():',
        '    clock.sleep(0.3); print("late"); sys.stdout.flush()',
        'threads.Thread(target=threads.Event().wait, daemon=True).start()',
        'threads.Thread(target=late).start()',
        'sys.exit(3)'])
    status, output, errors = run_python(program)
    assert (status, output.split(), errors.strip()) == (3, ['late'], '')


def test_dump_stacks_shows_every_thread():
    class Lines(list):
        write = list.append

        def flush(self):
            pass

    def a_function_with_a_long_name():
        inside.set()
        leave.wait(30)

    inside, leave, lines = threads.Event(), threads.Event(), Lines()
    thread = threads.Thread(target=a_function_with_a_long_name)
    thread.start()
    assert inside.wait(_LIMIT)
    threads.dump_stacks(lines)
    leave.set()
    thread.join(_LIMIT)
    text = ''.join(lines)
    assert 'test_dump_stacks_shows_every_thread' in text
    assert thread.name in text
    assert 'a_function_with_a_long_name' in text


def test_switch_interval_is_set_where_there_is_one():
    default = 0.005     # seconds, on CPython and PyPy
    has_one = not ledger.applies('no-switch-interval') and platform.gil_enabled()
    assert threads.set_switch_interval(default) is has_one


def test_affinity_is_the_threads_own():
    def pin():
        could.append(threads.set_affinity(before[:1]))
        seen.append(threads.get_affinity())

    before, could, seen = threads.get_affinity(), [], []
    thread = threads.Thread(target=pin)
    thread.start()
    thread.join(_LIMIT)
    assert (could, seen) == ([bool(before)], [before[:1]])
    assert threads.get_affinity() == before


@pytest.mark.parametrize('cpus', [[], [1023], [99999], [-1]])
def test_an_affinity_that_cannot_be_is_refused(cpus):
    before = threads.get_affinity()
    assert threads.set_affinity(cpus) is False
    assert threads.get_affinity() == before


def test_gil_state_is_known():
    assert platform.gil_enabled() in (True, False)
    assert platform.gil_enabled() or platform.CLASS in ('FT', 'J')


@pytest.mark.parametrize('module', [threads, clock])
def test_every_public_name_is_there(module):
    names = getattr(module, '__all__', [name for name in dir(module) if name[0] != '_'])
    assert [name for name in names if not hasattr(module, name)] == []


def test_threads_has_the_names_of_python_3_8():
    names = '''active_count current_thread excepthook get_ident enumerate main_thread
        settrace setprofile stack_size TIMEOUT_MAX local Thread Lock RLock Condition
        Semaphore BoundedSemaphore Event Timer Barrier BrokenBarrierError ThreadError
        ExceptHookArgs Queue LifoQueue PriorityQueue Empty Full'''.split()
    assert [name for name in names if not hasattr(threads, name)] == []
