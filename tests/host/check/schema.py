"""Validates against a JSON Schema, as far as portable_harness/check/schema.json uses the language.

A keyword that this does not know is an error, so that nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NOTES = {"$schema", "$id", "$defs", "title", "description"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


class Schema:
    """`errors` of a value: each with the path to what is wrong."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root

    def errors(
        self, value: Any, schema: dict[str, Any] | None = None, path: str = "$"
    ) -> list[str]:
        """Nothing for a valid value."""
        schema = self.root if schema is None else schema
        return [
            f"{path}: {error}" if not error.startswith("$") else error
            for keyword, wanted in schema.items()
            if keyword not in NOTES
            for error in self._keyword(keyword, wanted, value, schema, path)
        ]

    def _keyword(
        self, keyword: str, wanted: Any, value: Any, schema: dict[str, Any], path: str
    ) -> Iterator[str]:
        good = True
        if keyword == "type":
            is_bool = isinstance(value, bool) and wanted != "boolean"
            good = isinstance(value, TYPES[wanted]) and not is_bool
        elif keyword == "const":
            good = value == wanted
        elif keyword == "enum":
            good = value in wanted
        elif keyword == "minimum":
            good = not isinstance(value, (int, float)) or value >= wanted
        elif keyword == "$ref":
            yield from self.errors(value, self.root["$defs"][wanted.rpartition("/")[2]], path)
        elif keyword == "oneOf":
            found = [self.errors(value, one, path) for one in wanted]
            if sum(not errors for errors in found) != 1:
                yield from min(found, key=len) or ["fits more than one"]
        elif keyword == "items":
            for number, item in enumerate(value):
                yield from self.errors(item, wanted, f"{path}[{number}]")
        else:
            yield from self._of_object(keyword, wanted, value, schema, path)
        if not good:
            yield f"{keyword} {wanted!r}, not {value!r}"

    def _of_object(
        self, keyword: str, wanted: Any, value: Any, schema: dict[str, Any], path: str
    ) -> Iterator[str]:
        known = schema.get("properties", {})
        if keyword == "required":
            yield from (f"{name} is missing" for name in wanted if name not in value)
        elif keyword == "properties":
            for name in wanted.keys() & value.keys():
                yield from self.errors(value[name], wanted[name], f"{path}.{name}")
        elif keyword == "additionalProperties":
            for name in value.keys() - known.keys():
                if wanted is False:
                    yield f"{name} is not described"
                else:
                    yield from self.errors(value[name], wanted, f"{path}.{name}")
        else:
            yield f"the keyword {keyword} is unknown here"
