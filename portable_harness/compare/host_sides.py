"""Records of ``compare`` on their way: a host knows its sides as ``interpreter``, the file that has
those of several hosts as ``interpreter@host``."""

from __future__ import annotations

from collections.abc import Sequence

from portable_harness.compare.recorder import Record
from portable_harness.remote.addresses import Address

ON = " on "  # between a side's title and its host


def named(host: str, record: Record, sides: Sequence[str]) -> Record:
    """A host's record as the file has it.

    :param sides: the host's, as the file calls them
    """
    if record["kind"] == "environment":
        return {
            **record,
            "sides": [_side(host, side) for side in record["sides"]],
            "load_hosts": [host],
        }
    if record["kind"] == "ceiling":
        return {**record, "sides": list(sides)}
    return {**record, "side": _at(record["side"], host)} if "side" in record else record


def of_host(host: str, records: Sequence[Record]) -> list[Record]:
    """The records of a file that are of this host, as it knew them: `named` undone."""
    found: list[Record] = []
    for record in records:
        if record["kind"] == "environment" and record["load_hosts"] == [host]:
            sides = [_plain_side(host, side) for side in record["sides"]]
            found.append({**record, "sides": sides, "load_hosts": [Address(None).name]})
        elif record["kind"] == "ceiling" and _is_of(host, record["sides"]):
            found.append({key: value for key, value in record.items() if key != "sides"})
        elif "side" in record and _is_of(host, [record["side"]]):
            found.append({**record, "side": record["side"].removesuffix(f"@{host}")})
    return found


def _at(side: str, host: str) -> str:
    return f"{side}@{host}"


def _is_of(host: str, sides: Sequence[str]) -> bool:
    return all(side.endswith(f"@{host}") for side in sides)


def _side(host: str, side: Record) -> Record:
    title = f"{side.get('title') or side['name']}{ON}{host}"
    return {**side, "name": _at(side["name"], host), "title": title, "host": host}


def _plain_side(host: str, side: Record) -> Record:
    name, title = side["name"].removesuffix(f"@{host}"), side["title"].removesuffix(ON + host)
    return {key: value for key, value in side.items() if key != "host"} | {
        "name": name, "title": title,
    }  # fmt: skip
