"""All faults that are subclasses of the right server, by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType

from tests.host.check.faults import ends, lines, names, odd, processes, races
from tests.host.check.faults.base import Server


def _of(module: ModuleType) -> Iterator[tuple[str, type[Server]]]:
    for name, found in vars(module).items():
        if inspect.isclass(found) and issubclass(found, Server) and found is not Server:
            yield re.sub("(?<!^)(?=[A-Z])", "-", name).lower(), found


SERVERS = {
    name: found
    for module in (races, lines, names, odd, ends, processes)
    for name, found in _of(module)
}
MISTAKES = {name: inspect.cleandoc(found.__doc__ or "") for name, found in SERVERS.items()}
FOUND_BY = {name: found.found for name, found in SERVERS.items()}
