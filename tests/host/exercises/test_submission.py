"""The results are written whatever the student's program does, or whoever ends the grader."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import psutil
import pytest
from click.testing import CliRunner, Result

from portable_harness.exercise import catalogue, mutant, starting, suite
from portable_harness.exercise.catalogue import all_exercises, find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.grade import expected
from portable_harness.exercise.job import Job
from portable_harness.exercise.result_formats import EXERCISM_OUTPUT, TRUNCATED

pytestmark = pytest.mark.time_limit(300)
FORMATS = ("exercism", "gradescope", "check50", "junit")
SILENT = """import socket, sys, time
listener = socket.socket()
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
kept = []
while True:
    kept.append(listener.accept())
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def arguments(number: str, file: str) -> list[str]:
    forms = [word for name in FORMATS for word in (f"--{name}", f"out/{name}")]
    return ["submit-check", number, file, "--interpreters", "cpython", *forms]


def submit(number: str, file: str, *more: str) -> Result:
    return CliRunner().invoke(exercise, [*arguments(number, file), *more])


def read(name: str) -> dict[str, Any]:
    values = json.loads(Path("out", name).read_text(encoding="utf-8"))
    assert isinstance(values, dict)
    return values


def assert_well_formed(rows: int) -> None:
    """All four files, by their specifications, with this many rows."""
    values = read("exercism")
    assert values["version"] == 3
    assert values["status"] in ("pass", "fail", "error")
    assert bool(values["message"]) == (values["status"] == "error")
    assert len(values["tests"]) == rows
    for test in values["tests"]:
        assert test["status"] in ("pass", "fail", "error")
        assert len(test.get("output", "")) <= EXERCISM_OUTPUT
    values = read("gradescope")
    assert values["score"] == sum(test["score"] for test in values["tests"])
    assert sum(test["max_score"] for test in values["tests"]) == rows
    for check in read("check50")["results"]:
        assert (check["passed"] is True) == (check["cause"] is None)
    document = ElementTree.parse("out/junit").getroot()
    assert len(document.findall("testsuite/testcase")) == rows


def test_a_right_solution_has_all_points() -> None:
    done = submit("1", str(find("1").solution))
    assert done.exit_code == 0, done.output
    assert_well_formed(6)
    assert read("exercism")["status"] == "pass"
    assert read("gradescope")["score"] == 6
    assert "client" in read("exercism")["tests"][1]["test_code"]


def test_a_mutant_fails_where_it_should(tmp_path: Path) -> None:
    file = tmp_path / "server.py"
    solution = find("1").solution.read_text(encoding="utf-8")
    file.write_text(mutant.find(find("1"), "any_port").program(solution), encoding="utf-8")
    done = submit("1", str(file), "--points", "30")
    assert done.exit_code == 1
    failed = [one["name"] for one in read("check50")["results"] if not one["passed"]]
    assert [name.partition("[")[0] for name in failed] == ["port"]
    assert read("exercism")["status"] == "fail"
    assert read("gradescope")["score"] == 25


DAEMON = """\
import os, time
if not os.fork():
    os.setsid()
    if not os.fork(): time.sleep(600)
"""
NOT_TEXT = """\
import sys
sys.stdout.buffer.write(b'\\0\\x1b[31m\\xff' * 900)
raise OSError
"""


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("raise RuntimeError('at import')\n", "at import"),
        ("import os\nos.abort()\n", "status -6"),
        (b"\xff\xfe\x00not a program", "status 1"),
        ("import os, time\nfor _ in range(20):\n    if not os.fork(): time.sleep(600)\n", "ended"),
        (DAEMON, "ended"),
        ("import time\ntime.sleep(600)\n", "it waits for something"),
        ("while True: print('x' * 1000)\n", "printed more than 256 KiB"),
        (NOT_TEXT, "OSError"),
    ],
    ids=["syntax", "import", "abort", "bytes", "forks", "daemon", "hangs", "floods", "not text"],
)
def test_a_program_that_does_not_start(
    source: str | bytes, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(starting, "ASLEEP_LIMIT", 1.0)
    monkeypatch.setenv("SANDBOX_GRADED_BY", str(tmp_path))
    Path("server.py").write_bytes(source if isinstance(source, bytes) else source.encode())
    done = submit("1", "server.py")
    assert done.exit_code == 1, done.output
    assert_well_formed(6)
    assert read("exercism")["status"] == "error"
    assert why in read("exercism")["message"]
    assert read("gradescope")["score"] == 0
    assert [one for one in psutil.process_iter() if _is_ours(one, tmp_path)] == []


def _is_ours(process: psutil.Process, mark: Path) -> bool:
    try:
        return process.environ().get("SANDBOX_GRADED_BY") == str(mark)
    except psutil.Error:
        return False


def test_output_is_cut_for_exercism() -> None:
    Path("server.py").write_text("print('y' * 9000)\nraise OSError\n", encoding="utf-8")
    submit("1", "server.py")
    outputs = [test["output"] for test in read("exercism")["tests"] if "output" in test]
    assert outputs[0].endswith(TRUNCATED)


@pytest.mark.parametrize("kind", ["nothing", "link", "folder", "large"])
def test_what_was_handed_in_is_no_file(kind: str) -> None:
    file = Path("server.py")
    if kind == "link":
        file.symlink_to(find("1").solution)
    elif kind == "folder":
        (file / "server.py").mkdir(parents=True)
    elif kind == "large":
        file.write_bytes(b"#" * 2_000_000)
    done = submit("1", "server.py")
    assert done.exit_code == 1
    assert_well_formed(6)
    assert "server.py" in read("exercism")["message"]


def test_a_module_that_cannot_be_imported() -> None:
    Path("mailbox.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    done = submit("12", "mailbox.py")
    assert done.exit_code == 1
    assert_well_formed(len(read("exercism")["tests"]))
    assert "nothing_of_that_name" in read("exercism")["message"]
    assert read("gradescope")["score"] == 0  # also for the lock rules


@pytest.mark.parametrize("number", ["INT", "TERM", "KILL"])
def test_who_ends_the_grader_finds_what_it_had(number: str) -> None:
    Path("server.py").write_text(SILENT, encoding="utf-8")
    command = [sys.executable, "-m", "portable_harness", "exercise", *arguments("1", "server.py")]
    root = str(catalogue.FOLDER.parent)
    grader = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": root},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    with grader:
        _until_a_check_passed(grader)
        grader.send_signal(getattr(signal, f"SIG{number}"))
        grader.communicate(timeout=60)
    assert_well_formed(6)
    values = read("gradescope")
    assert "passed" in {test["status"] for test in values["tests"]}
    assert not values["extra_data"]["complete"]
    assert "not complete" in values["output"]
    statuses = {test["status"] for test in read("exercism")["tests"]}
    assert {"pass", "error"} <= statuses
    if number != "KILL":
        assert grader.returncode == 130, values["output"]
        assert "interrupted" in values["output"]


def _until_a_check_passed(grader: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and grader.poll() is None:
        there = read("gradescope")["tests"] if Path("out/junit").exists() else []
        if any(test["status"] == "passed" for test in there):
            return
        time.sleep(0.02)
    raise AssertionError("no check passed")


def test_the_time_limit_keeps_what_there_is() -> None:
    Path("server.py").write_text(SILENT, encoding="utf-8")
    done = submit("1", "server.py", "--time-limit", "4s")
    assert done.exit_code == 1
    assert_well_formed(6)
    assert "time limit" in read("gradescope")["output"]


def test_an_absent_interpreter_is_the_fault_of_the_grader() -> None:
    done = submit("1", str(find("1").solution), "--interpreters", "cpython,9.9")
    assert done.exit_code == 2
    assert_well_formed(12)
    assert "your instructor" in Path("out/gradescope").read_text(encoding="utf-8")


def test_bad_usage() -> None:
    assert CliRunner().invoke(exercise, ["submit-check", "1", "."]).exit_code == 2
    assert submit("1", ".", "--hidden").exit_code == 2
    Path("file").touch()
    assert submit("1", ".", "--gradescope", "file/results.json").exit_code == 2


SPY = "import os, sys\nsys.exit(repr(dict(os.environ)))\n"


def test_the_hidden_seed_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTABLE_HIDDEN_SEED", "a secret of mine")
    jobs: list[Job] = []
    real = suite.run

    def kept(job: Job) -> Any:
        jobs.append(job)
        return real(job)

    monkeypatch.setattr(suite, "run", kept)
    Path("server.py").write_text(SPY, encoding="utf-8")
    submit("1", "server.py", "--hidden", "--variant", "ada")
    everything = "".join(Path("out", name).read_text(encoding="utf-8") for name in FORMATS)
    assert "PATH" in everything
    assert "a secret of mine" not in everything
    assert str(jobs[0].seed) not in everything
    assert jobs[0].seed not in (0, 1)


def test_hidden_words_differ_between_students_and_not_between_runs(tmp_path: Path) -> None:
    from portable_harness.exercise.submission import hidden_seed

    seeds = [hidden_seed("s", find("1"), name) for name in ("ada", "ada", "bob", None)]
    assert len(set(seeds)) == 3
    assert seeds[0] == seeds[1]


@pytest.mark.parametrize("one", all_exercises(), ids=lambda one: one.name)
def test_the_rows_are_known_beforehand(one: Any) -> None:
    names = [check.name for check, _ in expected(one, one.tests.read_text(encoding="utf-8"))]
    if one.kind == "program":
        job = Job(one, one.solution, "cpython", ())
        own = [check.name for check in suite.checks_of(job)]
        assert names == own + ["lock-rules"] * (one.lock_rules is not None)
    assert names
    assert set(one.points) <= set(names)
