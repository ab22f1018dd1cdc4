"""The one writer of JUnit XML: counts are those of the cases, and any text can be read back."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from portable_harness.base import junit
from portable_harness.base.junit import Case, Kind, Remark, Suite

CASES = [
    Case("pkg.one", "test_a", 0.25),
    Case("pkg.one", "test_b", 0.5, Remark(Kind.FAILURE, "1 == 2", "line\nline")),
    Case("pkg.one", "test_c", 1, Remark(Kind.ERROR, "crash")),
    Case("pkg.one", "test_d", 0, Remark(Kind.SKIPPED, "absent")),
    Case("pkg.one", "test_e", 0, Remark(Kind.SKIPPED, "absent")),
]


def test_a_suite_counts_its_cases() -> None:
    (suite,) = ElementTree.fromstring(junit.text([Suite("py27", CASES)]))
    assert suite.attrib == {
        "name": "py27", "tests": "5", "failures": "1", "errors": "1", "skipped": "2",
        "time": "1.750",
    }  # fmt: skip
    assert [case.get("name") for case in suite] == [case.name for case in CASES]
    assert [[child.tag for child in case] for case in suite] == [
        [], ["failure"], ["error"], ["skipped"], ["skipped"],
    ]  # fmt: skip
    failure = suite[1][0]
    assert (failure.get("message"), failure.text) == ("1 == 2", "line\nline")
    assert suite[2][0].text is None


def test_trouble_and_the_time_of_the_whole_are_reported() -> None:
    first, second = ElementTree.fromstring(
        junit.text([Suite("a", CASES, "a host was lost", 9.5), Suite("b", [])])
    )
    assert (first.get("time"), first.findtext("system-err")) == ("9.500", "a host was lost")
    assert (second.get("tests"), second.find("system-err")) == ("0", None)


@pytest.mark.parametrize("unfit", ["\x00", "\x1b[31m", "\x08", "\ud800", "\uffff", "]]>", "<&\"'"])
def test_any_text_can_be_read_back(tmp_path: Path, unfit: str) -> None:
    text = f"before{unfit}after"
    case = Case(text, text, 0, Remark(Kind.FAILURE, text, text))
    junit.write(tmp_path / "one.xml", Suite(text, [case], text))
    (suite,) = ElementTree.parse(tmp_path / "one.xml").getroot()
    texts = [suite.get("name"), suite[0].get("name"), suite[0][0].get("message"),
             suite[0][0].text, suite.findtext("system-err")]  # fmt: skip
    for each in texts:
        assert each is not None
        assert each.startswith("before")
        assert each.endswith("after")
