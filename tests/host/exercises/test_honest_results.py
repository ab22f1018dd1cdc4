"""A result is what a check found: nothing that a submission sends, prints or leaves becomes one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.exercise import exposure, report_pipe, wire
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.grade import Grading
from portable_harness.exercise.granted import Granted
from portable_harness.exercise.interpreter_paths import needed
from portable_harness.exercise.mirror import Mirror
from portable_harness.exercise.model import Check, Result, Status

HEADER = b'{"conversation": 1, "blobs": []'


def passed(name: str) -> Result:
    return Result.of(Check(name, "", ""), Status.PASSED)


def grading() -> Grading:
    one = find("12")
    return Grading.of(one, one.tests.read_text(encoding="utf-8"), ["cpython"])


def test_a_check_that_nobody_asked_for_is_no_row() -> None:
    grades = grading()
    before = len(grades.rows)
    grades.put("cpython", passed("bonus"))
    assert (len(grades.rows), grades.passed) == (before, 0)


def test_the_first_result_of_a_check_stays() -> None:
    grades = grading()
    name = grades.rows[0].result.check
    grades.put("cpython", Result.of(Check(name, "", ""), Status.FAILED, came="nothing"))
    grades.put("cpython", passed(name))
    assert grades.passed == 0


@pytest.mark.parametrize(
    "data",
    [b"x", b"\xff" * 8, wire.HEADER.pack(5, 0) + b"hello", wire.HEADER.pack(2, 0) + b"[]",
     wire.HEADER.pack(99_999, 0) + b"[" * 99_999, wire.HEADER.pack(2, 0) + b"{}",
     wire.HEADER.pack(len(HEADER) + 5, 0) + b'{"conversation": 1, "blobs": [-1]}  ',
     wire.HEADER.pack(len(HEADER) + 1, 3) + HEADER + b"}abc"],
    ids=["half", "large", "text", "list", "deep", "empty", "negative", "sizes"],
)  # fmt: skip
def test_what_is_no_message_is_nonsense(data: bytes) -> None:
    with pytest.raises(wire.Nonsense):
        wire.read(io.BytesIO(data))


def test_a_message_comes_as_it_went() -> None:
    data = wire.packed({"conversation": 3, "a": {"b": 0}}, [b"data", b""])
    message = wire.read(io.BytesIO(data))
    assert message == {"conversation": 3, "a": {"b": 0}, "blobs": [b"data", b""]}
    assert wire.read(io.BytesIO(b"")) is None


@pytest.mark.parametrize(
    "value",
    [{"z": 1}, {"u": 3}, {"m": 77}, {"t": 1, "b": 2}, {"c": 5}, {"o": [], "c": {}}, {"b": 9}, {},
     {"e": 1, "c": {"number": 1, "module": "builtins", "name": "int"}}],
    ids=json.dumps,
)  # fmt: skip
def test_a_reply_with_a_strange_value_is_nonsense(value: object) -> None:
    mirror = Mirror(lambda *_: None)
    with pytest.raises(wire.Nonsense):
        mirror.answer({"a": value, "blobs": []})


def test_nothing_of_an_object_is_granted_but_its_methods() -> None:
    class Load:
        calls = 3

        def __call__(self) -> str:
            return "loaded"

    granted = Granted(Load(), 1)
    assert granted.call("__call__", [], {}) == "loaded"
    for name in ("calls", "__class__", "__init__", "__dict__", "__reduce__", "__globals__"):
        with pytest.raises(AttributeError):
            granted.call(name, [], {})
    for name in ("__globals__", "__code__", "__get__", "__class__"):
        with pytest.raises(AttributeError):
            Granted(lambda: 1, 2).call(name, [], {})


def test_an_object_of_the_module_is_equal_to_nothing_else() -> None:
    kind = {"number": 1, "module": "boxes", "name": "Equal", "bases": [], "methods": ["__eq__"]}
    mirror = Mirror(lambda *_, **__: True)
    one = mirror.into({"o": 2, "c": kind}, [])
    assert one != 3
    assert one is not True
    assert one == mirror.into({"o": 2, "c": kind}, [])


def test_lock_reports_that_were_disturbed_are_left_out() -> None:
    data = b'{"kind": "lock-order"}\nnonsense\n[1]\n' + b"[" * 99_999 + b'\n{"kind"'
    assert report_pipe.parsed(data) == [{"kind": "lock-order"}]


def test_an_interpreter_brings_no_home_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "python9"
    program.write_text("#!/bin/sh\nexec /bin/true\n", encoding="utf-8")
    program.chmod(0o755)
    assert str(program) in needed([str(program)])
    assert str(tmp_path) not in needed([str(program)])
    (tmp_path / "lib" / "python9").mkdir(parents=True)
    assert str(tmp_path) in needed([str(program)])
    monkeypatch.setenv("HOME", str(tmp_path))
    assert str(tmp_path) not in needed([str(program)])


def test_it_refuses_where_files_cannot_be_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exposure, "probe", lambda: {"files", "user"})
    out = tmp_path / "out.json"
    words = ["submit-check", "12", str(find("12").solution), "--check50", str(out)]
    done = CliRunner().invoke(exercise, words)
    assert done.exit_code == 2
    assert "--unsafe" in done.output
    assert "cannot hide" in out.read_text(encoding="utf-8")
    assert exposure.exposed({"files", "user"}, []) is True
    assert exposure.exposed({"network"}, [Path("/")]) is False


def test_an_end_of_the_process_is_no_return(tmp_path: Path) -> None:
    """SystemExit in a call of the module, as any exception, fails the check."""
    file = tmp_path / "boxes.py"
    solution = find("12").solution.read_text(encoding="utf-8")
    file.write_text(f"{solution}\nimport sys\nMailbox.get = lambda *a, **k: sys.exit(1)\n")
    words = ["submit-check", "12", str(file), "--interpreters", "cpython", "--unsafe"]
    CliRunner().invoke(exercise, [*words, "--check50", str(tmp_path / "out")])
    results = json.loads((tmp_path / "out").read_text(encoding="utf-8"))["results"]
    (limit,) = [one for one in results if one["name"].startswith("time-limit[")]
    assert limit["passed"] is False
    assert "SystemExit" in limit["cause"]["actual"]
