"""Words that CONTRIBUTING.md replaces by those of the field do not come back into the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.host.docs.pages import FENCE, PAGES, SPAN, text_of
from tests.host.house import name

# Plain misuse only: words with a good use ("behind a proxy") are left to the reader.
RETIRED = re.compile(
    r"\b(?:(?:is|are|was|were) told|so many|at the most|anew|in vain|nought|of it all"
    r"|beside|teller|to mend|mends|mended|who (?:asks|comes|goes|leaves|speaks)"
    r"|hangs on|let go)\b",
    re.IGNORECASE,
)


def retired(text: str) -> list[str]:
    """The retired words in a page's prose; code may have old names."""
    prose = SPAN.sub("", FENCE.sub("", text))
    return RETIRED.findall(" ".join(prose.split()))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CONTRIBUTING.md"], ids=name
)
def test_a_page_uses_the_words_of_the_field(page: Path) -> None:
    assert retired(text_of(page)) == []


def test_retired_words_are_seen() -> None:
    assert retired("A client\nis told so many lines.") == ["is told", "so many"]
    assert retired("the key `mends`") == []
