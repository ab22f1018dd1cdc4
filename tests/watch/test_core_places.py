"""The watch comes and goes: what is replaced while it is on, and that nothing stays."""
from __future__ import absolute_import, division, print_function

import threading
import time
import types

import pytest

from portable_server.compat import interception, threads
from portable_server.litmus import watch
from portable_server.litmus.watch import locks
from tests.watch.watching import LIMIT, MODULES, installed, kinds


def _raw_places():
    """{(owner, name): object}: everything that a session may replace, as it is now."""
    found = {}
    for factory in interception.lock_factories():
        for module in factory.modules:
            found[module, factory.name] = vars(module)[factory.name]
    some = (interception.blocking_methods() + interception.selector_methods()
            + interception.socket_methods() + interception.socket_file_methods()
            + interception.starting_methods() + interception.blocking_functions())
    for attribute in some:
        found[attribute.owner, attribute.attribute] = vars(attribute.owner).get(attribute.attribute)
    for cls in interception.conditions():
        found[cls, '__init__'] = vars(cls)['__init__']
        found[cls, 'wait'] = vars(cls)['wait']
    for module, name, _ in interception.stand_ins():
        found[module, name] = vars(module)[name]
    return found


def test_everything_is_restored_to_the_very_same_object():
    with watch.suspended():
        before = _raw_places()
        with installed():
            changed = [key for key, value in before.items()
                       if vars(key[0]).get(key[1]) is not value]
        after = _raw_places()
    assert len(before) > 25
    assert len(changed) == len(before)
    assert [key for key in before if before[key] is not after[key]] == []


def test_off_is_the_plain_classes():
    with watch.suspended():
        assert watch.off()
        assert not isinstance(threads.Lock(), locks.Watched)
        assert not isinstance(threading.RLock(), locks.Watched)
        assert watch.current() is None


def test_off_is_restored_when_the_scope_ends_by_an_exception():
    with watch.suspended():
        with pytest.raises(KeyError):
            with installed():
                raise KeyError('x')
        assert watch.off()
        assert not isinstance(threads.Lock(), locks.Watched)


@pytest.mark.parametrize('module', MODULES)
@pytest.mark.parametrize('name', ['Lock', 'RLock'])
def test_new_locks_are_watched_and_behave(module, name):
    with installed() as session:
        lock = getattr(module, name)()
        assert isinstance(lock, locks.Watched)
        assert isinstance(lock, getattr(module, name))
        assert lock.acquire() and lock.acquire(False) is (name == 'RLock')
        lock.release()
        if name == 'RLock':
            lock.release()
        with pytest.raises(Exception):
            lock.release()
        with lock:
            pass
    assert session.reports == []
    assert session.locks >= 1


@pytest.mark.parametrize('kind', ['Lock', 'RLock'])
def test_a_lock_outlives_its_session_as_a_plain_one(kind):
    with watch.suspended():
        with installed() as session:
            lock, held = getattr(threads, kind)(), getattr(threads, kind)()
            held.acquire()
        held.release()
        with lock:
            time.sleep(0)
            with held:
                pass
    assert session.reports == []


def test_a_lock_acquired_without_a_session_may_be_released_within_one():
    with watch.suspended():
        with installed():
            lock = threads.Lock()
        lock.acquire()
        with installed() as session:
            lock.release()
            with lock:
                pass
            assert lock.acquire(False)
        lock.release()
    assert session.reports == []


def test_a_module_that_has_its_own_name_for_the_factory_is_watched():
    module = types.ModuleType('a_third_party')
    with watch.suspended():
        module.MyLock, module.nap = threading.Lock, time.sleep
        plain = module.MyLock, module.nap
        watch.replacing.sys.modules['a_third_party'] = module
        try:
            with installed() as session:
                with module.MyLock():
                    module.nap(0.001)
                module.later = threading.Lock
            assert kinds(session) == ['blocked-while-holding']
            assert (module.MyLock, module.nap) == plain
            assert module.later is plain[0]
        finally:
            del watch.replacing.sys.modules['a_third_party']


def test_a_plain_lock_is_left_alone():
    with watch.suspended():
        lock = threads.Lock()
        with installed('raise') as session:
            assert watch.name(lock, 'x') is lock
            with lock:
                time.sleep(0.001)
    assert session.reports == []


def test_sessions_nest_and_the_inner_one_has_the_reports():
    with installed() as outer:
        with installed() as inner:
            with threads.Lock():
                time.sleep(0.001)
        with threads.Lock():
            time.sleep(0.001)
    assert (len(inner.reports), len(outer.reports)) == (1, 1)


def test_a_lock_of_another_session_is_as_a_plain_one():
    with installed():
        lock = threads.Lock()
        with installed('raise') as inner:
            own = threads.Lock()
            for first, second in ((lock, own), (own, lock)):
                with first:
                    with second:
                        pass
            with lock:
                time.sleep(0.001)
                threads.Condition(lock).wait(0.001)
            watch.name(lock, 'now of this one')
            with pytest.raises(watch.Violation):
                with lock:
                    time.sleep(0.001)
    assert [report.lock for report in inner.reports] == ['now of this one']


def test_suspended_is_a_scope_without_a_watch():
    with installed() as session:
        lock = threads.Lock()
        with watch.suspended():
            assert watch.off() and not isinstance(threads.Lock(), locks.Watched)
            with lock:
                time.sleep(0.001)
        assert session.reports == []
        with lock:
            time.sleep(0.001)
    assert kinds(session) == ['blocked-while-holding']


def test_uninstall_without_install_is_reported():
    with watch.suspended():
        with pytest.raises(RuntimeError):
            watch.uninstall()


def test_install_refuses_an_unknown_mode():
    with pytest.raises(ValueError):
        watch.install(mode='loud')


def test_a_daemon_thread_may_outlive_the_scope():
    with watch.suspended():
        with installed() as session:
            lock, go = threads.Lock(), threads.Event()
            inside = threads.Event()
            session.listeners.append(lambda report: inside.set())

            def work():
                with lock:
                    go.wait(LIMIT)
            thread = threads.Thread(target=work)
            thread.start()
            assert inside.wait(LIMIT)
        go.set()
        thread.join(LIMIT)
        assert not thread.is_alive() and lock.acquire(False)
    assert kinds(session) == ['blocked-while-holding']


def test_the_locks_of_events_queues_and_threads_are_not_seen():
    with installed('raise') as session:
        queue, event = threads.Queue(2), threads.Event()
        thread = threads.Thread(target=lambda: (queue.put(1), event.set()))
        made = session.locks
        thread.start()
        assert queue.get(timeout=LIMIT) == 1 and event.wait(LIMIT)
        thread.join(LIMIT)
    assert (session.reports, made) == ([], 0)
