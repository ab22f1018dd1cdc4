"""The command line: names, files, exit statuses, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from portable_harness.base.options import COMMAND_VARIABLE
from portable_harness.litmus.command import litmus
from tests.host.litmus_controller.this_python import HERE

LIMIT = 60.0  # seconds for anything here


def litmus_process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    environment[COMMAND_VARIABLE] = "portable-server"
    return subprocess.Popen(
        [sys.executable, "-m", "portable_harness", "litmus", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    process = litmus_process(folder, "--package", "wrong_cases", *arguments)
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, out, err


HERE_ONLY = ("--interpreters", str(HERE.path), "--time", "0.1")


def test_the_table_reads_without_colour_and_nothing_moves(package: Path) -> None:
    status, out, err = run(package, "CInteresting", "CInterestingMended", *HERE_ONLY)
    assert (status, err) == (0, "")
    assert "\x1b" not in out
    assert re.search(r"│\s+odd +│ +I \d+(\.\d)?k? .*/s │", out), out
    assert re.search(r"mended: CInterestingMended", out)
    assert "Nothing forbidden was seen; something interesting in 1 results." in out


def test_what_is_forbidden_is_reported_with_its_detail(package: Path) -> None:
    status, out, _ = run(package, "BAborts", *HERE_ONLY)
    assert status == 1
    assert "F 1" in out
    assert "forbidden wrong_cases.BAborts" in out
    assert "SIGABRT" in out
    assert "Next: alone: portable-server litmus wrong_cases.BAborts" in out


def test_a_run_without_a_race_says_that_it_proves_nothing(package: Path) -> None:
    status, out, _ = run(package, "AFine", *HERE_ONLY)
    assert status == 0
    assert "proves nothing" in out


def test_json_on_standard_output_is_nothing_else(package: Path) -> None:
    status, out, err = run(package, "CInteresting", "JForced", *HERE_ONLY, "--json")
    document = json.loads(out)
    assert status == document["status"] == 0
    assert "CInteresting" in err
    assert document["proves_nothing"] is False
    assert [case["name"] for case in document["cases"]] == [
        "wrong_cases.CInteresting", "wrong_cases.JForced",
    ]  # fmt: skip
    result = document["cases"][0]["results"][HERE.name]
    assert result["outcomes"]["odd"]["grade"] == "interesting"
    assert result["rounds"] == result["outcomes"]["odd"]["count"] > 0
    assert result["rounds_per_second"] > 0


def test_all_forms_are_written(package: Path) -> None:
    forms = ("--json", "a.json", "--html", "a.html", "--markdown", "a.md")
    status, _, _ = run(package, "CInteresting", *HERE_ONLY, *forms)
    assert status == 0
    assert json.loads((package / "a.json").read_text())["schema"] == 1
    assert "CInteresting" in (package / "a.html").read_text()
    assert "| CInteresting |" in (package / "a.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Nonsense"], "no case is called Nonsense"),
        (["--time", "soon"], "'soon'"),
        (["--time", "-3s"], "'-3s'"),
        (["AFine", "--html", "nowhere/a.html"], "no such folder"),
        (["AFine", "--interpreters", "2.6"], "none of the interpreters is here"),
    ],
)
def test_bad_usage_is_one_line_and_2(package: Path, arguments: list[str], said: str) -> None:
    status, out, err = run(package, *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_package_that_is_not_there_is_said(package: Path) -> None:
    process = litmus_process(package, "--package", "nowhere", *HERE_ONLY)
    _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 2
    assert "nowhere" in err


@pytest.mark.time_limit(2 * LIMIT)
def test_an_interruption_reports_what_was_measured(package: Path) -> None:
    process = litmus_process(
        package, "--package", "wrong_cases", "AFine", "LLast",
        "--interpreters", str(HERE.path), "--time", "2m", "--json", "a.json",
    )  # fmt: skip
    assert process.stdout is not None
    assert any("starts" in line for line in iter(process.stdout.readline, ""))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 130, err
    assert "Interrupted" in out
    document = json.loads((package / "a.json").read_text())
    assert document["interrupted"] is True
    assert document["interpreters"][0]["state"] == "interrupted"
    assert not [
        candidate for candidate in psutil.process_iter() if _is_child_of(candidate, process.pid)
    ]


def _is_child_of(process: psutil.Process, pid: int) -> bool:
    try:
        return process.environ().get("PORTABLE_LITMUS", "").startswith(f"{pid}-")
    except psutil.Error:
        return False


def test_the_list_has_our_own_cases_and_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(litmus, ["--list"])
    assert done.exit_code == 0
    assert "row_01_lost_update.LostUpdate (stressed)" in done.output
    assert "chat_rows.OneOrderForAll (recorded)" in done.output


def test_help_teaches() -> None:
    done = CliRunner().invoke(litmus, ["--help"])
    assert "Examples:" in done.output
    assert "Exit status:" in done.output
