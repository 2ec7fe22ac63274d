"""Paths into JSON values: names one below the other, through the arrays on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

# A mail address in any text.
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


def places(value: Any, path: Sequence[str]) -> Iterator[tuple[Any, Any]]:
    """(object, name) of every place a path leads to, through the arrays on the way."""
    if isinstance(value, list):
        for element in value:
            yield from places(element, path)
    elif isinstance(value, dict) and path and path[0] in value:
        inner = value[path[0]]
        if len(path) == 1:
            yield value, path[0]
        else:
            yield from places(inner, path[1:])


def values(value: Any, path: Sequence[str]) -> list[Any]:
    """What stands at these places; of an array its elements."""
    found: list[Any] = []
    for owner, name in places(value, path):
        inner = owner[name]
        found += inner if isinstance(inner, list) else [inner]
    return found
