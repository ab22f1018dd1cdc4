"""Pages in a real browser, headless: what it complains of, and what a page measures there."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# No sandbox (CI is root), and none of the browser's own traffic.
QUIETLY = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr",
)  # fmt: skip
DARK = "--blink-settings=preferredColorScheme=0"


@dataclass(frozen=True)
class Seen:
    """The page's elements after its scripts, and what went to the console."""

    dom: str
    console: list[str]


def browse(page: Path, *options: str) -> Seen:
    """Open a page; skips where there is no browser."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("absent: chromium: apt-get install chromium")
    profile = page.with_suffix(".profile")
    done = subprocess.run(
        [browser, *QUIETLY, *options, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr[-2000:]
    return Seen(done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line])


# Effective size and contrast (WCAG 2.1, 1.4.3) of every text in a drawing, against the page.
SCRIPT = """
const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
function light(colour) {
  const [r, g, b] = rgb(colour).map(x => x / 255)
    .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one, two) {
  const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
const scale = matrix => Math.hypot(matrix.c, matrix.d);  // turned or not
function measure(frame) {
  const page = frame.contentDocument, paper = getComputedStyle(page.body).backgroundColor;
  const texts = [...page.querySelectorAll("svg text")].map(text => ({
    text: text.textContent,
    size: parseFloat(getComputedStyle(text).fontSize) * scale(text.getScreenCTM()),
    contrast: contrast(getComputedStyle(text).fill, paper),
  }));
  const found = {
    too_wide: page.documentElement.scrollWidth - page.documentElement.clientWidth, paper, texts,
    drawings: [...page.querySelectorAll("svg")].map(one => one.getBoundingClientRect().width),
  };
  document.getElementById("found").textContent = JSON.stringify(found);
}
"""


def measured(page: Path, width: int, *options: str) -> dict[str, Any]:
    """A page in a frame of this width, in pixels: its overflow, its drawings and their texts."""
    inside = html.escape(page.read_text(encoding="utf-8"))
    frame = page.with_name(f"frame-{width}.html")
    frame.write_text(
        f"<meta charset=utf-8><pre id=found></pre><script>{SCRIPT}</script>"
        f'<iframe style="width: {width}px; border: 0" onload="measure(this)" srcdoc="{inside}">'
        "</iframe>",
        encoding="utf-8",
    )
    seen = browse(frame, *options)
    assert seen.console == []
    found = re.search(r'<pre id="found">(.*?)</pre>', seen.dom, re.DOTALL)
    assert found, seen.dom[:2000]
    result: dict[str, Any] = json.loads(html.unescape(found[1]))
    return result
