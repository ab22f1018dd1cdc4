"""A variant is sound too: tests, solution and mutants get the same words."""

from __future__ import annotations

import pytest

from harness.exercise import variants
from harness.exercise.catalogue import find
from harness.exercise.verify import verify

pytestmark = pytest.mark.time_limit(300)


def other_variant(number: str) -> str:
    """An ID whose words are not those of the files."""
    exercise = find(number)
    for serial in range(100):
        words = variants.words(exercise, f"student{serial}")
        if all(word != chosen for word, chosen in words.items()):
            return f"student{serial}"
    raise AssertionError("every ID has the words of the files")


def test_a_variant_with_other_words_is_sound() -> None:
    findings = list(verify(find("1"), "3.13", other_variant("1")))
    if any(one.absent for one in findings):
        pytest.skip("there is no CPython 3.13 here")
    assert "solution.py" in [one.what for one in findings]
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
