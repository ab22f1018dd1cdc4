"""The records of `compat.ledger`: (id, symptom, places, source, test).

Add yours to the section of your module.
"""
from __future__ import absolute_import, division, print_function

_PY2 = ('2.7', 'J')
_LOCKS = 'tests/compat/test_locks.py::'
_THREADS = 'tests/compat/test_threads.py::'
_BASICS = 'tests/compat/test_basics.py::'
_ENDS = 'tests/sockets/test_ends.py::'
_PROCESS = 'tests/compat/test_process.py::'
_SIGNALS = 'tests/compat/test_stop_signals.py::'
_DOC_THREADING = 'https://docs.python.org/3.8/library/threading.html'

# Hidden by compat.threads, unless the symptom says that it stays.
_THREAD_RECORDS = (
    ('lock-without-time-out', 'Lock.acquire takes no time-out (TypeError)',
     _PY2, _DOC_THREADING + '#threading.Lock.acquire',
     _LOCKS + 'test_a_time_out_is_waited_for'),
    ('time-out-by-polling',
     'Condition.wait, Queue.get and Thread.join poll for a time-out, up to 50 ms apart',
     ('2.7',), 'Lib/threading.py of 2.7.18, _Condition.wait',
     'tests/compat/test_alarms.py::test_an_alarm_ends_a_sleep'),
    ('lock-wait-not-interrupted',
     'a signal handler cannot run while the main thread waits for a lock',
     ('2.7',), _DOC_THREADING + '#threading.Lock.acquire',
     _SIGNALS + 'test_a_signal_stops_cleanly_with_status_0'),
    ('unheld-lock-release',
     'release of a free Lock raises thread.error (2.7) or a Java exception that '
     '"except BaseException" does not catch (Jython)',
     _PY2, _DOC_THREADING + '#threading.Lock.release',
     _LOCKS + 'test_release_of_an_unheld_lock_is_a_runtime_error'),
    ('condition-wait-returns-none', 'Condition.wait returns None, whatever happened',
     _PY2, _DOC_THREADING + '#threading.Condition.wait',
     'tests/compat/test_conditions.py::test_wait_frees_the_lock_and_has_it_again'),
    ('no-barrier', 'threading has no Barrier',
     _PY2, _DOC_THREADING + '#barrier-objects',
     'tests/compat/test_barriers.py::test_wait_gives_each_thread_another_number'),
    ('no-monotonic-clock', 'time has no monotonic and no perf_counter',
     _PY2, 'PEP 418', _BASICS + 'test_clocks_go_forward_in_seconds'),
    ('early-time-out', 'a wait with a time-out may end a few milliseconds early',
     ('J',), 'observed while planning; compat waits by System.nanoTime',
     'tests/compat/test_queues.py::test_the_time_out_of_get_is_waited_for'),
    ('weak-reference-lives-on',
     'a weak reference to a dropped lock is dead only after a garbage collection; stays',
     ('J', 'P'), 'https://docs.python.org/3/library/weakref.html',
     _LOCKS + 'test_garbage_is_collected'),
    ('forgotten-thread-init',
     'a Thread subclass that forgets Thread.__init__ fails with AttributeError',
     ('J',), _DOC_THREADING + '#threading.Thread',
     _THREADS + 'test_a_subclass_that_forgets_init_is_reported'),
    ('ident-before-start', 'Thread.ident is an int before the thread is started',
     ('J',), _DOC_THREADING + '#threading.Thread.ident',
     _THREADS + 'test_ident_is_none_before_start'),
    ('unstarted-thread-is-enumerated', 'enumerate() lists threads that were not started',
     ('J',), _DOC_THREADING + '#threading.enumerate',
     _THREADS + 'test_a_thread_is_known_while_it_lives_and_only_then'),
    ('join-time-out-zero', 'join(0) waits for ever and join(-1) throws a Java exception',
     ('J',), 'Lib/threading.py of Jython 2.7.3, JavaThread.join',
     _THREADS + 'test_join_waits_no_longer_than_its_time_out'),
    ('daemon-argument', 'Thread takes no argument `daemon`',
     _PY2, _DOC_THREADING + '#threading.Thread',
     _THREADS + 'test_daemon_is_inherited_given_and_fixed_at_start'),
    ('no-excepthook', 'threading has no excepthook',
     ('2.7', '3.6', '3.7', 'J'), _DOC_THREADING + '#threading.excepthook',
     _THREADS + 'test_excepthook_gets_what_ended_a_thread'),
    ('foreign-thread-identity',
     'current_thread() makes a new object at each call in a thread that Python did not '
     'start, and start_new_thread returns None',
     ('J',), 'Lib/threading.py of Jython 2.7.3, currentThread',
     _THREADS + 'test_a_foreign_thread_has_one_thread_object'),
    ('no-frames-of-other-threads', 'sys._current_frames() has the calling thread only',
     ('J',), 'observed', _THREADS + 'test_dump_stacks_shows_every_thread'),
    ('no-switch-interval', 'no sys.setswitchinterval; stays: it is left alone',
     _PY2, 'https://docs.python.org/3/library/sys.html#sys.setswitchinterval',
     _THREADS + 'test_switch_interval_is_set_where_there_is_one'),
)

_CLASS_RECORDS = (
    ('graalpy-from-documents',
     'all that is said of GraalPy (class, grades, no fork) is from its documentation and '
     'from stand-ins: no GraalPy has run this project yet',
     ('GP',), 'https://www.graalvm.org/python/docs/',
     _BASICS + 'test_the_facts_are_json_and_agree_with_each_other'),
    ('graalpy-switch-interval',
     'sys.setswitchinterval is stored without effect: the GIL is released every 50 ms',
     ('GP',), 'https://www.graalvm.org/python/docs/',
     _BASICS + 'test_the_facts_are_json_and_agree_with_each_other'),
    ('unknown-implementation',
     'an implementation that compat does not know: nothing is assumed of it, '
     'not even whether it has a GIL',
     ('U',), 'compat.platform.CLASSES',
     _BASICS + 'test_the_facts_are_json_and_agree_with_each_other'),
    ('no-contextvars', 'there are no context variables',
     ('2.7', '3.6', 'J'), 'https://docs.python.org/3/library/contextvars.html',
     _BASICS + 'test_a_thread_inherits_context_where_the_flag_says_so'),
    ('context-inherited-by-threads',
     "a new thread begins with a copy of its parent's context variables, and warnings' "
     'filters are of a context (thread_inherit_context, context_aware_warnings: 1 in a '
     'free-threaded build from 3.14 and 0 elsewhere); stays',
     ('FT',), 'https://docs.python.org/3.14/library/sys.html#sys.flags',
     _BASICS + 'test_a_thread_inherits_context_where_the_flag_says_so'),
)

_PROCESS_RECORDS = (
    ('no-fork',
     'the Java runtime cannot fork: what needs a child process is refused in one clear '
     'line; stays',
     ('J', 'GP'), 'observed: hasattr(os, "fork") is False; GraalPy: its documentation',
     _PROCESS + 'test_without_fork_the_error_is_one_clear_line'),
    ('signals-end-the-jvm',
     'the JVM exits by itself with status 130 on SIGINT and 143 on SIGTERM, and runs '
     'handlers in a thread of their own',
     ('J',), 'https://docs.oracle.com/javase/8/docs/technotes/guides/troubleshoot/'
     'signals.html', _SIGNALS + 'test_a_signal_stops_cleanly_with_status_0'),
    ('late-main-thread-after-fork',
     'a thread that forked is the main one of the child, which may change handlers of '
     'signals, only after the hooks for forks.  Hidden by compat.process',
     ('P',), 'observed on 7.3.11: "set_wakeup_fd only works in main thread" in a hook',
     _SIGNALS + 'test_a_thread_may_fork_while_stop_signals_are_in_force'),
    ('shutdown-hooks-block-exit', 'os._exit runs Java shutdown hooks, which may hang',
     ('J',), 'java.lang.Runtime.halt', _PROCESS
     + 'test_exit_now_ends_a_process_whose_threads_go_on'),
    ('jvm-takes-closed-streams',
     'a JVM that is started with a closed standard stream has a file of its own there, and '
     'standard input does not end; stays',
     ('J',), 'observed',
     'tests/servers/test_surroundings.py::test_standard_input_and_output_are_closed'),
    ('descriptors-opened-lazily',
     'the Java runtime opens jars and epoll descriptors whenever it likes: '
     'only sockets can be counted for leaks; stays',
     ('J',), 'observed', _PROCESS + 'test_descriptors_change_without_us_there'),
)

_ERROR_RECORDS = (
    ('no-connection-errors', 'no ConnectionError family: one socket.error for all',
     _PY2, 'PEP 3151', _BASICS + 'test_connection_errors_are_one_family'),
    ('socket-error-base',
     "compat's errors are no subclass of socket.error, because importing Jython's "
     'socket module takes a second; stays',
     ('J',), 'observed',
     _BASICS + 'test_socket_errors_are_those_of_the_socket_module'),
)

_SOCKET_RECORDS = (
    ('python2-socket-errors',
     'errors are one class, `socket.error`; PEP 3151 split it.  Hidden by compat.sockets',
     _PY2, 'PEP 3151', _ENDS + 'test_a_reset_is_an_error_once_and_then_the_end'),
    ('python2-close-keeps-descriptor',
     'bound methods of a socket keep its descriptor open after close.  Hidden',
     ('2.7',), 'observed',
     'tests/sockets/test_moving_data.py::test_a_thousand_connections_leave_no_descriptor'),
    ('jython-netty-sockets',
     "Jython's own socket module loses half-closes, resets and wake-ups, lets messages of "
     'two writers mix and is 4 to 12 times as slow.  Hidden: compat.sockets uses java.nio',
     ('J',), 'observed', _ENDS + 'test_a_half_close_ends_recv_and_the_reply_still_arrives'),
    ('jython-fileno-is-no-descriptor',
     'Java does not tell descriptors: fileno() is a number that only compat knows',
     ('J',), 'java.nio.channels has no such method',
     'tests/sockets/test_differences.py::test_fileno_is_a_descriptor'),
    ('jython-shut-read-drops',
     'what had arrived before shutdown(SHUT_RD) can no longer be received',
     ('J',), 'java.nio.channels.SocketChannel.shutdownInput',
     'tests/sockets/test_differences.py::test_shut_read_leaves_what_had_arrived'),
    ('close-wakes-blocked-recv',
     'close wakes a recv that is blocked in another thread, with an error; elsewhere it '
     'stays blocked, so use interrupt',
     ('J',), 'java.nio.channels.AsynchronousCloseException',
     'tests/sockets/test_differences.py::test_close_leaves_a_blocked_recv_blocked'),
    ('jython-no-receive-flags',
     'recv and send take no flags (MSG_PEEK, MSG_DONTWAIT): Java has none',
     ('J',), 'java.nio.channels.SocketChannel',
     'tests/sockets/test_differences.py::test_peeking'),
    ('recv-of-nothing-waits',
     'recv(0) waits until there is data',
     ('2.7', 'P'), 'observed',
     'tests/sockets/test_differences.py::test_recv_of_nothing_does_not_wait'),
    ('python2-text-is-sent',
     'a socket sends ASCII text as if it were bytes; elsewhere that is a TypeError',
     ('2.7',), 'docs.python.org/3/library/socket.html',
     'tests/sockets/test_differences.py::test_text_is_refused'),
    ('jython-any-ipv6-is-both',
     'a listener at :: takes IPv4 too, and shares no port with one at 0.0.0.0',
     ('J',), 'java.net.StandardSocketOptions has no IPV6_V6ONLY',
     'tests/sockets/test_differences.py::test_any_address_of_ipv6_takes_no_ipv4'),
    ('jython-arrays-are-big-endian',
     'an array is sent with the high byte first, as its tostring() has it; and recv_into '
     'takes no array',
     ('J',), "observed: sys.byteorder is 'big'",
     'tests/sockets/test_differences.py::test_an_array_is_sent_as_it_is_in_memory'),
    ('no-makefile',
     'sockets have no makefile: read lines with portable_server.connection',
     _PY2, 'docs.python.org/3/library/socket.html#socket.socket.makefile',
     'tests/sockets/test_differences.py::test_makefile'),
)

_SERVER_RECORDS = (
)

RECORDS = (_THREAD_RECORDS + _CLASS_RECORDS + _PROCESS_RECORDS + _ERROR_RECORDS + _SOCKET_RECORDS
           + _SERVER_RECORDS)
