"""The command `check` as its users see it: exit status, reports, files, nothing left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
FAULTY = (sys.executable, str(Path(__file__).parent / "faulty_chat.py"), "{port}")


def check(*words: str, limit: float = 120.0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portable_harness", "check", *words]
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=limit, check=False
    )


def test_status_0_when_all_is_kept() -> None:
    done = check("chat", "--only", "greeting,message", "--verbose", "--", *FAULTY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok" in done.stdout
    assert "kept: required 2 of 2" in done.stdout


def test_status_1_and_the_whole_story_when_one_is_broken() -> None:
    done = check("chat", "--only", "message", "--patience", "3", "--", *FAULTY, "echo")
    assert done.returncode == 1
    for part in ("Fix this first: message", "sent:", "expected:", "actual:", "advice:", "seed 1"):
        assert part in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("chat",), "say which server"),
        (("chat", "--address", "nowhere"), "is not HOST:PORT"),
        (("chat", "--address", "127.0.0.1:1"), "nothing accepts connections"),
        (("chat", "--port", "7", "--", *FAULTY), "is for a command without"),
        (("chat", "--", "/no/such/program", "{port}"), "cannot start /no/such/program"),
        (("chat", "--", sys.executable, "-c", "0", "{port}"), "ended with status 0"),
        (("chat", "server.py"), "did you mean --python server.py?"),
        (("chat", "server.py", "--interpreters", "3.12"), "did you mean --python server.py?"),
        (("chat", "--interpreters", "3.12", "--", *FAULTY), "--interpreters is for --python"),
        (("chat", "--only", "nonsense", "--", *FAULTY), "no check is called nonsense"),
        (("chat", "--adverse", "luck", "--", *FAULTY), "is no adverse scheduling"),
        (("chat", "--replay", __file__, "--", *FAULTY), "is no transcript"),
    ],
)
def test_status_2_and_one_line_when_it_cannot_run(words: tuple[str, ...], message: str) -> None:
    done = check(*words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_informational_check_fails_nothing(tmp_path: Path) -> None:
    server = tmp_path / "server.py"
    words = Path(FAULTY[1]).read_text(encoding="utf-8").replace("has entered the room", "came in")
    server.write_text(words, encoding="utf-8")
    command = (sys.executable, str(server), "{port}")
    done = check("chat", "--only", "words,join,history", "--verbose", "--", *command)
    assert done.returncode == 0, done.stdout
    assert "note" in done.stdout


def test_json_and_junit(tmp_path: Path) -> None:
    junit = tmp_path / "check.xml"
    words = (
        "--only",
        "message,greeting",
        "--patience",
        "3",
        "--json",
        "--transcripts",
        "--junit",
        str(junit),
    )
    done = check("chat", *words, "--", *FAULTY, "echo")
    found = json.loads(done.stdout)
    assert found["format"] == "portable-server check 1"
    assert not found["passed"]
    status = {row["name"]: row["status"] for row in found["checks"]}
    assert status == {"greeting": "passed", "message": "failed"}
    failed = next(row for row in found["checks"] if row["name"] == "message")
    assert failed["due"]
    assert failed["transcript"][0]["did"] == "connect"
    (suite,) = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_a_failure_is_played_again(tmp_path: Path) -> None:
    words = ("--only", "message", "--patience", "3", "--output-dir", str(tmp_path))
    check("chat", *words, "--", *FAULTY, "echo")
    (file,) = tmp_path.iterdir()
    again = check("chat", "--replay", str(file), "--", *FAULTY, "echo")
    assert again.returncode == 1, again.stdout
    assert "what came is what came then" in again.stdout
    fixed = check("chat", "--replay", str(file), "--", *FAULTY)
    assert fixed.returncode == 0, fixed.stdout
    assert "what came is not what came then" in fixed.stdout


def test_a_running_server_is_checked_and_left_alone() -> None:
    command = [sys.executable, "-m", "portable_server", "echo", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[-1]
            done = check("echo", "--address", address, "--level", "strong", "--verbose")
            assert done.returncode == 0, done.stdout
            assert "not started by this command" in done.stdout
            assert server.poll() is None
        finally:
            server.terminate()
            server.communicate(timeout=30)


def test_what_the_server_started_is_ended_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    start = (
        "import subprocess; "
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True); "
        f"open({str(note)!r}, 'w').write(str(child.pid))"
    )
    wrapper = tmp_path / "server.py"
    text = Path(FAULTY[1]).read_text(encoding="utf-8")
    wrapper.write_text(
        text.replace("    server = Server(fault)", f"    {start}\n    server = Server(fault)")
    )
    check("chat", "--only", "greeting", "--", sys.executable, str(wrapper), "{port}")
    child = int(note.read_text())
    deadline = time.monotonic() + 20
    while psutil.pid_exists(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_server_too(tmp_path: Path, number: signal.Signals) -> None:
    note = tmp_path / "pid"
    server = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    command = [sys.executable, "-m", "portable_harness", "check", "echo", "--"]
    command += [sys.executable, "-c", server]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 30
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(number)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.splitlines()[-1] == "interrupted"
    assert not psutil.pid_exists(int(note.read_text()))


def test_the_end_of_the_server_is_reported(tmp_path: Path) -> None:
    server = tmp_path / "server.py"
    server.write_text(
        "import os, socket, sys\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "listener.accept()\n"  # it is asked whether it accepts
        "connection = listener.accept()[0]\n"
        "connection.sendall(b'name?\\n')\n"
        "connection.recv(100)\n"
        "os._exit(3)\n"
    )
    done = check("chat", "--only", "join", "--", sys.executable, str(server), "{port}")
    assert done.returncode == 1
    assert "; the server's process has ended" in done.stdout


def test_what_is_not_reached_is_said() -> None:
    done = check("chat", "--time-limit", "1", "--", *FAULTY, "no-greeting")
    assert "not reached within 1 s" in done.stdout


def test_adverse_scheduling_accuses_no_right_server() -> None:
    kinds = "one-cpu,throttle,switch-interval,stalls"
    done = check("chat", "--only", "history", "--adverse", kinds, "--verbose", "--", *FAULTY)
    assert done.returncode == 0, done.stdout
    for kind in kinds.split(","):
        assert f"history@{kind}" in done.stdout


def test_python_file_on_several_interpreters(tmp_path: Path) -> None:
    words = ("--python", FAULTY[1], "--interpreters", "cpython,2.6", "--only", "greeting,message")
    done = check("chat", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Promises kept" in done.stdout
    assert "absent" in done.stdout
