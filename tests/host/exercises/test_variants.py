"""A variant is sound too: tests, solution and mutants get the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portable_harness.exercise import variants
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.verify import verify

pytestmark = pytest.mark.time_limit(300)


def other_variant(number: str) -> str:
    """An ID whose words are not those of the files."""
    exercise = find(number)
    for serial in range(100):
        words = variants.words(exercise, f"student{serial}")
        if all(word != chosen for word, chosen in words.items()):
            return f"student{serial}"
    raise AssertionError("every ID has the words of the files")


@pytest.mark.parametrize("what", ["solution.py", "start.py", "mutant waits_for_more"])
def test_a_variant_with_other_words_is_sound(what: str) -> None:
    exercise = replace(find("1"), interpreters="cpython")
    findings = list(verify(exercise, what, other_variant("1")))
    assert [one.what for one in findings] == [what]
    assert [one for one in findings if one.problem] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\nquit\r\n"', r'"\nleave\r\n"'),
        (r'"\0quit"', r'"\0leave"'),
        ("quit quits unquit quit_it", "leave quits unquit quit_it"),
        (r"\quit", r"\quit"),
    ],
)
def test_a_word_is_replaced_as_a_whole(text: str, expected: str) -> None:
    assert variants.replaced(text, {"quit": "leave"}) == expected
