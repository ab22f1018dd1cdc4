"""The command as a user has it: a process with arguments, an exit status and output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portable_harness.interpreters import Absent, select

from .conftest import Suite

Command = Callable[..., subprocess.CompletedProcess[str]]
GOOD = "def test_good(): pass\n"
CRASH = "import os\ndef test_crash(): os.abort()\ndef test_behind(): pass\n"
LIMIT = 240.0  # seconds; guests are made at the first use


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "portable_harness", "matrix", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def command() -> Command:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        with start(*arguments) as child:
            try:
                out, err = child.communicate(timeout=LIMIT)
            finally:
                child.terminate()  # ends its guests too
        return subprocess.CompletedProcess(arguments, child.returncode, out, err)

    return run


def measured(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    document = json.loads(run.stdout)
    assert isinstance(document, dict)
    assert document["status"] == run.returncode
    return document


def here(*wanted: str) -> str:
    """The names, or a visible skip where one of the interpreters is absent."""
    for name in wanted:
        (found,) = select(name)
        if isinstance(found, Absent):
            pytest.skip(f"absent: {name}: {found.reason}; {found.remedy}")
    return ",".join(wanted)


def outcomes(document: dict[str, Any], test: str) -> list[str]:
    (row,) = [entry for entry in document["tests"] if entry["id"].endswith(test)]
    return [cell["outcome"] for cell in row["cells"].values()]


def test_one_crashes_and_the_others_go_on(suite: Suite, command: Command, tmp_path: Path) -> None:
    """CPython aborts; Jython and 2.7 do not have what it aborts by, and pass."""
    text = """
        import sys
        import pytest

        def test_crash():
            if sys.version_info[0] == 3:
                import os
                os.abort()

        def test_fork():
            import os
            if not hasattr(os, 'fork'):
                pytest.skip('ledger:no-fork: the Java virtual machine cannot')
    """
    names = here("2.7", "cpython", "jython")
    page = tmp_path / "page.html"
    folder = tmp_path / "junit"
    run = command(
        "--interpreters", names, "--project", str(suite(a=text)), "--json", "--html", str(page),
        "--junit", str(folder),
    )  # fmt: skip
    document = measured(run)
    assert run.returncode == 1
    assert outcomes(document, "::test_crash") == ["pass", "crash", "pass"]
    assert outcomes(document, "::test_fork") == ["pass", "pass", "not applicable"]
    assert document["differences"] == ["tests/test_a.py::test_crash"]
    assert "Next: look at one of them alone" in run.stderr
    assert "killed by SIGABRT" in page.read_text(encoding="utf-8")
    assert len(list(folder.glob("*.xml"))) == 3


def test_all_fine_is_0(suite: Suite, command: Command) -> None:
    run = command("--interpreters", here("cpython"), "--project", str(suite(a=GOOD)))
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 passed" in run.stdout  # pytest's closing line
    assert run.stdout.splitlines()[-1].startswith("All fine. Next: ")


def test_a_hang_is_ended_and_the_rest_measured(suite: Suite, command: Command) -> None:
    text = "import threading\ndef test_hang(): threading.Event().wait()\n" + GOOD
    project = str(suite(a=text))
    names = here("cpython")
    document = measured(
        command("--interpreters", names, "--project", project, "--test-time-limit", "3", "--json")
    )
    assert outcomes(document, "::test_hang") == ["hang"]
    assert outcomes(document, "::test_good") == ["pass"]


def test_an_old_name_of_an_option_works_with_a_warning(suite: Suite, command: Command) -> None:
    project = str(suite(a=GOOD))
    run = command("--interpreters", here("cpython"), "--project", project, "--timeout=99")
    assert run.returncode == 0
    assert run.stderr == "warning: --timeout is called --time-limit now; the old name will go\n"


def test_an_absent_interpreter_is_no_success(suite: Suite, command: Command) -> None:
    arguments = ["--interpreters", here("cpython") + ",3.99", "--project", str(suite(a=GOOD))]
    document = measured(command(*arguments, "--json"))
    assert document["status"] == 1
    assert [column["state"] for column in document["interpreters"]] == ["passed", "absent"]
    assert outcomes(document, "::test_good") == ["pass", "absent"]
    assert command(*arguments, "--skip-absent").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_was_measured(
    suite: Suite, number: signal.Signals, tmp_path: Path
) -> None:
    note = tmp_path / "guest"
    text = f"""
        import os, threading

        def test_quick():
            pass

        def test_long():
            with open({str(note)!r} + ".part", "w") as stream:
                stream.write(str(os.getpid()))
            os.rename({str(note)!r} + ".part", {str(note)!r})
            threading.Event().wait(120)
    """
    project = str(suite(a=text))
    with start("--interpreters", here("cpython"), "--project", project, "--json") as child:
        _wait_for(note, child)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
    document = json.loads(out)
    assert child.returncode == document["status"] == 130
    assert outcomes(document, "::test_quick") == ["pass"]
    assert outcomes(document, "::test_long") == ["unreached"]
    assert "Traceback" not in err
    assert "run the same command again" in err
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def _wait_for(note: Path, child: subprocess.Popen[str]) -> None:
    """Until the guest's test is in progress: it writes a file then."""
    for _ in range(int(LIMIT / 0.1)):
        if note.exists():
            return
        try:
            child.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"the guest did not get there: {child.communicate(timeout=10)}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--interpreters", "cobol"], "cobol"),
        (["--interpreters", ","], "--interpreters has an empty value"),
        (["--only", "tests/nowhere.py"], "no such tests: tests/nowhere.py"),
        (["--jobs", "0"], "--jobs"),
        (["--time-limit", "soon"], "--time-limit"),
        (["--timeout", "nan"], "--time-limit"),
        (["--project", "/nowhere"], "/nowhere"),
        (["--html", "/nowhere/page.html"], "no such folder"),
        (["--json", "/nowhere/file.json"], "no such folder"),
        (["--html", "."], "is a folder"),
        (["--junit", __file__], "--junit"),
        (["--unknown"], "--unknown"),
        (["superfluous"], "superfluous"),
    ],
)
def test_wrong_input_is_one_line_and_2(command: Command, arguments: list[str], said: str) -> None:
    run = command(*arguments)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_an_expression_that_selects_nothing(suite: Suite, command: Command) -> None:
    project = str(suite(a=GOOD))
    run = command(
        "--interpreters", here("cpython"), "--project", project, "--only", "nothing_like_it"
    )
    assert run.returncode == 2
    assert "no test was selected" in run.stderr


@pytest.mark.parametrize(
    "option",
    [
        ("--only", "good and ("),
        ("--only", ""),
        ("--interpreters", ""),
        ("--junit", "/proc/nowhere"),
    ],
    ids=" ".join,
)
def test_a_value_that_is_none_is_refused_before_the_run(
    suite: Suite, command: Command, option: tuple[str, str]
) -> None:
    run = command("--interpreters", here("cpython"), "--project", str(suite(a=GOOD)), *option)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_help_teaches(command: Command) -> None:
    run = command("--help")
    assert run.returncode == 0
    for word in ("Examples:", "--interpreters", "Exit status:", "--html", "Ctrl-C"):
        assert word in run.stdout
