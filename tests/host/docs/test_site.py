"""The site: built strictly, it has every page, nothing of Markdown is left, and it fits a phone."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.host.browser import browse
from tests.host.house import TREE

pytestmark = pytest.mark.xdist_group("site")

PHONE, DESK = 390, 1200  # widths in pixels
MEASURE = """
const widths = {};
function measure(frame) {
  const page = frame.contentDocument.documentElement;
  widths[frame.name] = page.scrollWidth - page.clientWidth;
  document.getElementById("found").textContent = JSON.stringify(widths);
}
"""


def build(tree: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("mkdocs", reason="absent: mkdocs: pip install mkdocs")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--no-directory-urls",
         "--config-file", str(tree / "mkdocs.yml"), "--site-dir", str(folder)],
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(TREE, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Path]:
    return [site / f"{page.stem}.html" for page in sorted(TREE.glob("docs/*.md"))]


def copy_of_the_pages(folder: Path) -> Path:
    (folder / "docs").mkdir()
    for file in (TREE / "mkdocs.yml", *TREE.glob("docs/*")):
        (folder / file.relative_to(TREE)).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("link", ["nowhere.md", "litmus.md#nowhere", "../README.md"])
def test_a_wrong_link_is_seen(tmp_path: Path, link: str) -> None:
    tree = copy_of_the_pages(tmp_path)
    with (tree / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write(f"\n[a link]({link})\n")
    done = build(tree, tmp_path / "site")
    assert done.returncode == 1
    assert link in done.stderr


def test_a_page_that_no_menu_has_is_seen(tmp_path: Path) -> None:
    tree = copy_of_the_pages(tmp_path)
    (tree / "docs" / "lonely.md").write_text("# Lonely\n", encoding="utf-8")
    done = build(tree, tmp_path / "site")
    assert done.returncode == 1
    assert "lonely.md" in done.stderr


def left_of_markdown(page: str) -> list[str]:
    """Paragraphs with a list, table or fence in them: another Markdown would have read these."""
    paragraphs = re.findall(r"<p>(.*?)</p>", page, re.DOTALL)
    return [text for text in paragraphs if re.search(r"^(- |\d+\. |\||```|#)", text, re.MULTILINE)]


def test_nothing_of_markdown_is_left(pages: list[Path]) -> None:
    left = {page.stem: left_of_markdown(page.read_text(encoding="utf-8")) for page in pages}
    assert {name: texts for name, texts in left.items() if texts} == {}


def test_markdown_in_a_paragraph_is_seen() -> None:
    assert left_of_markdown("<p>Two things:\n- one\n- two</p>") != []


def overflow(site: Path, pages: list[Path], width: int) -> dict[str, int]:
    """By how many pixels each page is wider than the window."""
    frames = [
        f'<iframe name="{page.stem}" style="width: {width}px" onload="measure(this)"'
        f' srcdoc="{html.escape(page.read_text(encoding="utf-8"))}"></iframe>'
        for page in pages
    ]
    frame = site / f"frame-{width}.html"
    frame.write_text(
        f"<meta charset=utf-8><pre id=found></pre><script>{MEASURE}</script>{''.join(frames)}",
        encoding="utf-8",
    )
    seen = browse(frame)
    found = re.search(r'<pre id="found">(.*?)</pre>', seen.dom, re.DOTALL)
    assert found, seen.dom[:2000]
    widths: dict[str, int] = json.loads(html.unescape(found[1]))
    assert set(widths) == {page.stem for page in pages}, seen.console
    return widths


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_is_wider_than_its_window(site: Path, pages: list[Path], width: int) -> None:
    widths = overflow(site, pages, width)
    assert {name: pixels for name, pixels in widths.items() if pixels > 0} == {}


def test_a_page_that_is_too_wide_is_seen(site: Path, tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    page.write_text('<div style="width: 500px">text</div>', encoding="utf-8")
    assert overflow(site, [page], PHONE)["wide"] > 0
