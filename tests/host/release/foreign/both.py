"""One command, run where our distributions are not installed and where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.host.release.user import Done, User

#: What no two runs have in common.
_DURATION = re.compile(r"\d+\.\d+ ?s(econds)?\b")


@dataclass(frozen=True)
class Both:
    """Two environments that differ by us alone."""

    without: User
    with_ours: User

    def same(self, words: Sequence[str], folder: Path) -> Done:
        """Run a command in both; it must print and return the same. Gives what it was."""
        without, with_ours = (
            _comparable(user, user.run(words, folder, PYTHONDONTWRITEBYTECODE="1"))
            for user in (self.without, self.with_ours)
        )
        assert str(with_ours) == str(without)
        return with_ours


def _comparable(user: User, done: Done) -> Done:
    """Without times, and without the name of the environment."""

    def cleaned(text: str) -> str:
        return _DURATION.sub("...s", text.replace(str(user.environment), "ENVIRONMENT"))

    return replace(done, out=cleaned(done.out), err=cleaned(done.err))
