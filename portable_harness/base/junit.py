"""JUnit XML, as CI servers read it: test suites with cases, each passed or with one remark.

The form is that of pytest's own ("xunit2", https://docs.pytest.org: junit_family): the counts of a
suite are of its cases. All text is cleaned of what XML 1.0 cannot carry, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree

from portable_harness.base.outputs import writing
from portable_harness.base.text import clean


class Kind(Enum):
    """What a case's remark is; the values are the names of its elements."""

    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Remark:
    """What there is to say of a case that did not simply pass: a line, and all the rest."""

    kind: Kind
    message: str
    detail: str = ""


@dataclass(frozen=True)
class Case:
    """One test."""

    classname: str
    name: str
    seconds: float
    remark: Remark | None = None


@dataclass(frozen=True)
class Suite:
    """Tests that belong together; ``trouble`` is what went wrong besides them.

    ``seconds``: of the whole suite; None: those of its cases together.
    """

    name: str
    cases: Sequence[Case]
    trouble: str = ""
    seconds: float | None = None


def text(suites: Iterable[Suite]) -> str:
    """The document."""
    return ElementTree.tostring(_document(suites), encoding="unicode", xml_declaration=True)


def write(path: Path, *suites: Suite) -> None:
    """The document as a file in UTF-8.

    :raises Problem: when it cannot be written
    """
    tree = ElementTree.ElementTree(_document(suites))
    with writing(path):
        tree.write(path, encoding="utf-8", xml_declaration=True)


def _document(suites: Iterable[Suite]) -> ElementTree.Element:
    document = ElementTree.Element("testsuites")
    document.extend(_suite(suite) for suite in suites)
    return document


def _suite(suite: Suite) -> ElementTree.Element:
    seconds = suite.seconds
    if seconds is None:
        seconds = sum(case.seconds for case in suite.cases)
    kinds = [case.remark.kind for case in suite.cases if case.remark]
    element = ElementTree.Element(
        "testsuite", name=clean(suite.name), tests=str(len(suite.cases)),
        failures=str(kinds.count(Kind.FAILURE)), errors=str(kinds.count(Kind.ERROR)),
        skipped=str(kinds.count(Kind.SKIPPED)), time=f"{seconds:.3f}",
    )  # fmt: skip
    element.extend(_case(case) for case in suite.cases)
    if suite.trouble:
        ElementTree.SubElement(element, "system-err").text = clean(suite.trouble)
    return element


def _case(case: Case) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase", classname=clean(case.classname), name=clean(case.name),
        time=f"{case.seconds:.3f}",
    )  # fmt: skip
    if case.remark:
        remark = ElementTree.SubElement(
            element, case.remark.kind.value, message=clean(case.remark.message)
        )
        remark.text = clean(case.remark.detail) or None
    return element
