"""docs/protocols.md agrees with the code: services, lines and limits of the chat."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from portable_harness.base.guests import guest_variables
from tests.host.docs.pages import text_of
from tests.host.house import TREE

PAGE = TREE / "docs" / "protocols.md"

# Portable code is asked in a process of its own.
QUESTION = """\
import json
from portable_server import services
from portable_server.chat import limits, protocol
from portable_server.lines import DEFAULT_LINE_LIMIT
defaults = limits.Limits.DEFAULTS
lines = [text for name, text in vars(protocol).items() if name.isupper() and name[0] != '_'
         and isinstance(text, bytes)]
lines += [protocol.bad_name(defaults['name_length']), protocol.entered(b'carol'),
          protocol.line_too_long(defaults['line_length']), protocol.left(b'carol'),
          protocol.roster([b'ann', b'bob'])] + protocol.said(b'carol', [b'hello'])
print(json.dumps({
    'services': services.names(), 'lines': [line.decode('ascii').strip() for line in lines],
    'numbers': [services.find(name).default_max_connections for name in ('echo', 'chat')] + [
        DEFAULT_LINE_LIMIT, defaults['members'], defaults['connections'], defaults['queue_lines']],
}))
"""


@pytest.fixture(scope="module")
def code() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", QUESTION], env=guest_variables([str(TREE)], {}), timeout=60,
        cwd=TREE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_every_service_has_a_row(code: dict[str, Any]) -> None:
    assert [name for name in code["services"] if f"\n| `{name}` | " not in text_of(PAGE)] == []


def test_every_line_of_the_chat_is_on_the_page(code: dict[str, Any]) -> None:
    assert len(code["lines"]) >= 12
    assert [line for line in code["lines"] if f"`{line}`" not in text_of(PAGE)] == []


def test_limits_are_those_of_the_code(code: dict[str, Any]) -> None:
    assert [number for number in code["numbers"] if f"{number:,}" not in text_of(PAGE)] == []
