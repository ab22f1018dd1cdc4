"""The page and the plots of a comparison: complete, harmless, readable on a phone, in the dark."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portable_harness.base.tree import TREE
from portable_harness.compare import drawing, page, records
from portable_harness.compare.pictures import pictures
from portable_harness.compare.summarise import summarise
from portable_harness.compare.summary import Summary
from tests.host.browser import DARK, browse, measured
from tests.host.compare.made import ALL, results

SVG = "{http://www.w3.org/2000/svg}"
LATENCIES = {
    f"latency-{workload['name']}"
    for workload in ALL
    if workload["offered_rate"] or workload["computing_thread"]
}
NAMES = {
    "ratios", "throughput", "scaling-0us", "scaling-10us", "scaling-100us", "scaling-1000us",
    "cpu", "memory", "start", "chat", *LATENCIES,
}  # fmt: skip
HOSTILE = "</svg><script>alert(1)</script> $x^ & \x00 \ud800"


@pytest.fixture(scope="module")
def everything() -> Summary:
    """All workloads; more sides than there are colours."""
    names = [f"side {at}" for at in range(9)]
    return summarise(records.parse(results(0.8, names=names, chosen=ALL, rounds=3)))


@pytest.fixture(scope="module", autouse=True)
def fonts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """matplotlib keeps the files of fonts open that it has used: before a test looks for them."""
    made = summarise(records.parse(results(names=("one", HOSTILE))))
    drawing.write(tmp_path_factory.mktemp("fonts"), pictures(made)[:1])


@pytest.fixture(scope="module")
def written(everything: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "compare.html"
    page.write(path, everything)
    return path


def test_every_picture_tells_each_side_s_values(everything: Summary) -> None:
    made = {picture.name: picture for picture in pictures(everything)}
    assert set(made) == NAMES
    assert len(LATENCIES) >= 4
    rate = everything.rows[0].cells["side 1"].values["rate"].middle
    (side,) = [series for series in made["throughput"].series if series.title == "Side 1"]
    assert side.points[1].middle == rate
    assert f"Side 1: 1: {rate / 1000:.3g}k, 2: " in made["throughput"].alternative


def test_plots_are_files_of_svg_and_png(everything: Summary, tmp_path: Path) -> None:
    chosen = [
        picture for picture in pictures(everything) if picture.name in ("memory", "throughput")
    ]
    paths = drawing.write(tmp_path / "plots", chosen)
    assert sorted(path.name for path in paths) == [
        "memory.png", "memory.svg", "throughput.png", "throughput.svg",
    ]  # fmt: skip
    for path in paths:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
        else:
            texts = [element.text for element in ElementTree.parse(path).iter(f"{SVG}text")]
            assert "Side 8" in texts


def test_a_page_needs_nothing_from_elsewhere_and_has_each_name_once(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="(?!#|data:)|@import|url\((?!#)', text)
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', text)) <= set(names)
    assert not [colour for colour in drawing.VARIABLES if f"fill: {colour}" in text]


@pytest.mark.parametrize("options", [(), (DARK,)], ids=["light", "dark"])
def test_it_is_readable_on_a_phone(written: Path, options: tuple[str, ...]) -> None:
    found = measured(written, 375, *options)
    assert found["too_wide"] == 0
    assert found["paper"] == ("rgb(21, 23, 26)" if options else "rgb(255, 255, 255)")
    assert len(found["drawings"]) == len(NAMES)
    assert min(found["drawings"]) > 300
    assert len(found["texts"]) > 100
    assert min(found["texts"], key=lambda label: label["size"])["size"] >= 9.5
    assert min(found["texts"], key=lambda label: label["contrast"])["contrast"] >= 4.5


def test_names_from_elsewhere_do_no_harm(tmp_path: Path) -> None:
    made = records.parse(results(0.8, names=("one", HOSTILE)))
    path = tmp_path / "hostile.html"
    page.write(path, summarise(made))
    seen = browse(path)
    assert seen.console == []
    assert "<script" not in seen.dom.lower()
    assert "alert(1)" in seen.dom


def test_nothing_goes_to_the_home_of_the_user(tmp_path: Path) -> None:
    saved, home, made = tmp_path / "run.jsonl", tmp_path / "home", tmp_path / "run.html"
    saved.write_text(results(0.8), encoding="utf-8")
    home.mkdir()
    compare = [sys.executable, "-m", "portable_harness", "compare"]
    done = subprocess.run(
        [*compare, "--input", str(saved), "--html", str(made)],
        cwd=TREE, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "<svg" in made.read_text(encoding="utf-8")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--html", "/nonexistent/page.html"), "cannot write /nonexistent/page.html"),
        (("--plots", "/proc/plots"), "cannot write /proc/plots"),
    ],
)
def test_what_cannot_be_written_is_reported_before_anything_is_measured(
    arguments: tuple[str, ...], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portable_harness", "compare", *arguments],
        cwd=TREE, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
