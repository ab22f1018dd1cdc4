"""Variants: the same exercise with other words, names and numbers, and another fault to find.

exercise.json lists, for a word that its files contain, what may stand in its place; the first of
the list is the word itself. What an ID gets hangs on the ID and the exercise alone, so a student
and the grader get the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from portable_harness.exercise.catalogue import Exercise

#: Where a word may begin: the letter of an escape sequence is no part of it ("\\nquit" has "quit").
BEGINNING = r"(?:(?<![A-Za-z0-9_\\])|(?<=\\[abfnrtv0]))"


def words(exercise: Exercise, variant: str | None) -> dict[str, str]:
    """What is replaced, and by what, for this ID; nothing without one."""
    if variant is None:
        return {}
    choose = Random(f"{exercise.name} {variant}")
    return {word: choose.choice(list(choices)) for word, choices in exercise.words.items()}


def start_file(exercise: Exercise, variant: str | None) -> str:
    """The name of the start file, which has this ID's fault."""
    if variant is None:
        return exercise.starts[0]
    return Random(f"{exercise.name} start {variant}").choice(exercise.starts)


def replaced(text: str, chosen: Mapping[str, str]) -> str:
    """The text with whole words replaced, all at once."""
    if not chosen:
        return text
    either = "|".join(re.escape(word) for word in sorted(chosen, key=len, reverse=True))
    return re.sub(rf"{BEGINNING}(?:{either})(?![A-Za-z0-9_])",
                  lambda found: chosen[found[0]], text)  # fmt: skip
