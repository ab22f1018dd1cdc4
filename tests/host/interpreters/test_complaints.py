"""What tools print when they fail, as they really print it, and the cause of it in a few words."""

from __future__ import annotations

import pytest

from portable_harness.interpreters.install.complaints import cause, plain

JGO = (
    "error: HTTPSConnectionPool(host='repo.example.org', port=443): Max retries exceeded with "
    "url: /maven2/org/python/jython-standalone/2.7.4/jython-standalone-2.7.4.jar (Caused by "
    "NameResolutionError(\"HTTPSConnection(host='repo.example.org', port=443): Failed to "
    "resolve 'repo.example.org' ([Errno -2] Name or service not known)\"))"
)
MAVEN = [
    "[INFO] Downloading from central: https://repo.example.org/maven2/org/python/x.pom",
    "[ERROR] [ERROR] Some problems were encountered while processing the POMs:",
    "[ERROR] Unresolveable build extension: Plugin org.python:jython-standalone:2.7.4",
    "[ERROR] Could not transfer artifact: Unknown host repo.example.org -> [Help 2]",
]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([JGO], "no such host"),
        (MAVEN, "no such host"),
        (["E: Failed to fetch http://x/y  Could not connect to x:80 (::1)."], "connection refused"),
        (["error: [Errno 101] Network is unreachable"], "no route"),
        (["error: read timed out"], "no answer in time"),
        (
            ["connecting: no route to host", "error: it rains", "make: *** [all] Error 1"],
            "it rains",
        ),
        (["the last line"], "the last line"),
        ([], "it printed nothing"),
    ],
)
def test_the_cause_is_a_few_words(lines: list[str], words: str) -> None:
    assert cause(lines).removeprefix("error: ") == words


def test_an_unknown_complaint_is_cut() -> None:
    said = cause(["error: " + "x" * 500])
    assert len(said) <= 104
    assert said.endswith(" ...")


def test_colours_are_no_part_of_a_line() -> None:
    assert plain("\x1b[0m\x1b[31m[ERROR] x\x1b[m \n") == "[ERROR] x"
