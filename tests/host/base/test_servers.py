"""A server as a child process says its last words, whichever way of stopping comes first."""

from __future__ import annotations

import sys
import time

import pytest

from portable_harness.base import servers
from portable_harness.base.servers import ServerError, ServerProcess

LAST_WORDS = "gone in peace"
HANDLES_NO_SIGNAL_AT_ITS_END = f"""
import signal, sys, time
def stop(number, frame):
    print({LAST_WORDS!r}, flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("listening on 127.0.0.1:1", flush=True)
sys.stdin.read()
signal.signal(signal.SIGTERM, signal.SIG_DFL)
print("stops", flush=True)
time.sleep(5)
print({LAST_WORDS!r}, flush=True)
"""


def test_a_server_that_handles_signals_no_longer_is_not_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The controller is slow between the two requests, as on a busy machine."""
    with ServerProcess([sys.executable, "-c", HANDLES_NO_SIGNAL_AT_ITS_END]) as server:
        terminate = server.process.terminate

        def slow() -> None:
            deadline = time.monotonic() + 0.5
            while "stops" not in server.output and time.monotonic() < deadline:
                time.sleep(0.01)
            terminate()

        monkeypatch.setattr(server.process, "terminate", slow)
    assert server.process.returncode == 0
    assert server.output.splitlines()[-1] == LAST_WORDS


HANGS_AT_ITS_END = """
import signal, threading
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def waits_for_what_never_comes():
    threading.Event().wait()
threading.Thread(target=waits_for_what_never_comes).start()
print("listening on 127.0.0.1:1", flush=True)
"""


def test_a_server_that_does_not_stop_says_where_it_hangs() -> None:
    with ServerProcess([sys.executable, "-c", HANGS_AT_ITS_END]) as server:
        server.ask_to_stop()
        with pytest.raises(ServerError, match="waits_for_what_never_comes"):
            server.wait(1)
        assert server.process.poll() is not None


def test_a_server_that_still_computes_has_more_time_to_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "MOST_LIMITS", 60)  # it is not to fail on a busy machine
    program = """
import time
while time.process_time() < 1.2:
    pass
print("listening on 127.0.0.1:1", flush=True)
"""
    with ServerProcess([sys.executable, "-c", program], start_limit=1) as server:
        assert server.address[1] == 1


def test_a_server_that_is_silent_has_not() -> None:
    begin = time.monotonic()
    with (
        pytest.raises(ServerError, match="did not start: silent"),
        ServerProcess([sys.executable, "-c", "import time; time.sleep(60)"], start_limit=3),
    ):
        pass
    assert time.monotonic() - begin < 30
