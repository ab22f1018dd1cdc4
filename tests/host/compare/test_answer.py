"""The report begins with its answer, and an interval that says nothing is no answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from random import Random
from typing import Any

import pytest
from rich.console import Console

from portable_harness.compare import page, quiet, records, report, summary_json
from portable_harness.compare.statistics import Spread
from portable_harness.compare.summarise import summarise
from portable_harness.compare.summary import Summary
from portable_harness.compare.workloads import PROFILES
from tests.host.compare.made import changed, results


def made(text: str, **environment: Any) -> Summary:
    lines = text.splitlines()
    lines[0] = json.dumps({**json.loads(lines[0]), **environment})
    return summarise(records.parse("\n".join(lines)))


def noisy(text: str) -> str:
    """Each round by a factor of its own: as on a machine with much other work."""
    random = Random(3)
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        if line["kind"] == "measurement":
            line["rate"] *= random.choice([0.02, 1, 50])
            line["latency"]["p99"] *= random.choice([0.02, 1, 50])
    return "\n".join(json.dumps(line) for line in lines)


def shown(summary: Summary) -> str:
    stream = StringIO()
    report.show(summary, Console(file=stream, width=400))
    return stream.getvalue()


def test_a_difference_is_one_sentence_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "pictures", lambda summary: [])
    text = changed(results(0.5), "two", server={"rss": 2.6e7, "cpu_per_request": 1e-4})
    gil = {"kind": "gil", "side": "two", "enabled": False}
    sides = [{"name": "one", "title": "CPython 3.13.0", "gil_build": True},
             {"name": "two", "title": "CPython 3.13.0t", "gil_build": False}]  # fmt: skip
    found = made(f"{text}{json.dumps(gil)}\n", sides=sides, application={"command": "PYTHON a"})
    assert re.fullmatch(
        r"On this machine this application serves 0\.\d+ times \(0\.\d+ to 0\.\d+\) as many"
        r" requests on CPython 3\.13\.0t without the GIL as on CPython 3\.13\.0 in ping-pong,"
        r" [\d,]+ connections?, and 0\.\d+ times \(0\.\d+ to 0\.\d+\) as many in ping-pong,"
        r" [\d,]+ connections?; CPython 3\.13\.0t without the GIL needs 1\.3 times the memory\.",
        found.answer,
    )
    assert shown(found).startswith(found.answer)
    assert page.render(found).count(found.answer) == 1
    assert page.render(found).index(found.answer) < page.render(found).index("Findings")
    assert summary_json.document(found)["answer"] == found.answer


def test_the_page_has_the_line_that_measures_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "pictures", lambda summary: [])
    words = ["compare", "--command", "PYTHON <a> {port}"]
    again = "portable-server compare --command &#39;PYTHON &lt;a&gt; {port}&#39;"
    assert page.render(made(results(), command=words)).count(again) == 1
    assert "measure this again" not in page.render(made(results()))


def test_findings_of_one_kind_are_one_line() -> None:
    found = made(results(0.5))
    (fewer,) = [text for text in found.findings if "fewer requests" in text]
    assert fewer.startswith("Two serves fewer requests than One: 0.")
    assert fewer.count("ping-pong") == 5


def test_titles_with_braces_are_only_text() -> None:
    sides = [{"name": "one", "title": "a {port}"}, {"name": "two", "title": "b {0}"}]
    found = made(results(0.5), sides=sides)
    assert any(text.startswith("b {0} serves fewer requests than a {port}:")
               for text in found.findings)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"other_cpu": 0.5}, "other programs used 50% of the processors"),
        ({"other_cpu": 0.0}, "the rounds differ too much from each other"),
    ],
    ids=["busy", "noisy"],
)
def test_no_wide_interval_is_an_answer(change: dict[str, Any], why: str) -> None:
    text = changed(changed(noisy(results()), "two", **change), "one", **change)
    found = made(text)
    assert found.answer.startswith("How Two and One differ in requests cannot be measured now: ")
    assert why in found.answer
    output = shown(found)
    assert output.count("unclear") == 5
    assert output.count("--rounds 15 --seconds 2") == 1  # what to do, once
    for low, high in re.findall(r"\(?([\d.]+)(?:-| to )([\d.]+)\)?", output):
        assert float(high) <= 4 * float(low)


def test_one_round_is_too_few() -> None:
    assert "there are too few rounds" in made(results(0.5, rounds=1)).answer


def test_sides_that_are_alike_have_a_narrow_interval_or_are_the_same() -> None:
    found = made(results())
    assert "cannot be measured" not in found.answer
    assert re.search(r"No difference .* is proven|serves \d", found.answer)


def test_a_side_that_failed_says_why() -> None:
    assert made(changed(results(), "two", error="a torn line")).answer == (
        "Two was not measured: failed 5x: a torn line."
    )
    (line,) = [text for text in made(changed(results(), "two", error="torn")).findings
               if "failed" in text]  # fmt: skip
    assert line.startswith("Two failed: failed 5x: torn (in ping-pong, 1 connection; ")


def test_a_generator_that_is_the_limit_is_one_warning_at_the_top() -> None:
    low = re.sub(r'("kind": "ceiling".*"rate": )[0-9.]+', r"\g<1>20000", results(0.8))
    found = made(low)
    assert found.answer == "Two and One cannot be told apart: the load generator is the limit."
    (warning,) = [text for text in found.notes if "generator was the limit" in text]
    assert "--load ssh=HOST" in warning
    assert warning.count("ping-pong") == 5
    assert not any("generator" in text for text in found.findings)


def test_one_side_alone_has_its_rate() -> None:
    found = made(results(names=["one"]))
    assert re.fullmatch(r"On this machine the server serves up to [\d,]+ requests per second on"
                        r" One \(ping-pong, [\d,]+ connections?\)\.", found.answer)  # fmt: skip


def looking(*shares: float) -> tuple[Callable[[], float], Callable[[], float]]:
    """Looks, and a clock that goes on by a second with each."""
    left, now = list(shares), [0.0]

    def look() -> float:
        now[0] += 1.0
        return left.pop(0) if len(left) > 1 else left[0]

    return look, lambda: now[0]


def test_it_waits_for_quiet_and_then_has_the_usual_rounds() -> None:
    said: list[str] = []
    assert (
        quiet.in_quiet(PROFILES["quick"], said.append, *looking(0.9, 0.5, 0.05))
        == (PROFILES["quick"])
    )
    assert said == []


def test_a_machine_that_stays_busy_gets_more_rounds_after_ten_seconds() -> None:
    said: list[str] = []
    look, clock = looking(0.6)
    found = quiet.in_quiet(PROFILES["quick"], said.append, look, clock)
    assert (found.rounds, found.fresh_rounds) == (10, 4)
    assert 10 <= clock() <= 12
    assert said == ["other programs use 60% of the processors: 2 times as many rounds"]


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Spread(1.5, 1.4, 1.6), "1.50 (1.40-1.60)"),
        (Spread(2.0, 0.02, 280.0), "unclear"),
        (Spread(2.0, 0.0, float("inf")), "2.00 (one round)"),
    ],
)
def test_a_ratio_in_a_table(ratio: Spread, text: str) -> None:
    assert report.ratio_text(ratio) == text
