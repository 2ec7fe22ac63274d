"""Rows of one JSON file, a page or one object a line, that are about somebody to be erased.

Rows that stay keep every byte, so that whatever was made from their text stays the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certgap.erasure.found import Found, Row
from certgap.erasure.identifiers import MAIL, Marks, identifiers
from certgap.erasure.paths import ADDRESS, places, values
from certgap.erasure.people import People

BLANKS = re.compile(r"[ \t\r\n]*")
EACH = "[]"


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"a number too large: {text[:20]}")
    return value


DECODER = json.JSONDecoder(strict=False, parse_float=_float)


@dataclass
class Element:
    """A member of an array or object: where it stands in the text, its value, and its name."""

    start: int
    end: int
    value: Any
    name: str | None = None


@dataclass
class Container:
    """An array, or an object whose members are rows: what stands between its brackets."""

    start: int
    end: int
    elements: list[Element] = field(default_factory=list)


def _skip(text: str, at: int) -> int:
    match = BLANKS.match(text, at)
    return match.end() if match else at


def _members(text: str, at: int) -> Iterator[tuple[int, int, str | None]]:
    """(start of the member, start of its value, its name) of the array or object that begins here.

    The reader says by ``send`` where the value ends.
    """
    is_object, at = text[at] == "{", _skip(text, at + 1)
    while text[at] not in "]}":
        start, name = at, None
        if is_object:
            name, at = DECODER.raw_decode(text, at)
            at = _skip(text, at)
            if text[at] != ":":
                raise ValueError("no colon after a name")
            at = _skip(text, at + 1)
        at = _skip(text, (yield start, at, name))
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] not in "]}":
            raise ValueError("no comma between two members")
    yield -1, at, None


def _walk(text: str, at: int, steps: Sequence[str] | None, found: list[Container]) -> int:
    """Collects the containers of rows at and below this value; returns where it ends.

    ``steps`` lead to them; None: the outermost arrays.
    """
    opening = text[at]
    is_here = opening in "[{" and (opening == "[" if steps is None else not steps)
    if opening not in "[{" or (steps and (opening == "[") != (steps[0] == EACH)):
        return DECODER.raw_decode(text, at)[1]
    container = Container(at + 1, at + 1)
    walker = _members(text, at)
    start, value_at, name = next(walker)
    while start >= 0:
        if is_here:
            value, end = DECODER.raw_decode(text, value_at)
            container.elements.append(Element(start, end, value, name))
        elif steps is None or steps[0] == (EACH if name is None else name):
            end = _walk(text, value_at, None if steps is None else steps[1:], found)
        else:
            end = DECODER.raw_decode(text, value_at)[1]
        start, value_at, name = walker.send(end)
    container.end = value_at
    if is_here:
        found.append(container)
    return value_at + 1


def count(path: Path, people: People) -> int:
    """How many rows a file of pages has; none where it is no JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return sum(len(container.elements) for container in containers(text, people))
    except ValueError:
        return 0


def _steps(people: People) -> list[str] | None:
    named = [path.removesuffix(".*") for path, _ in people.own if path.endswith(".*")]
    rows = people.rows or (f"$.{named[0]}" if named else None)
    if rows is None:
        return None
    return [step for step in re.split(r"\.|(?=\[\])", rows.removeprefix("$")) if step]


def containers(text: str, people: People) -> list[Container]:
    """Where the rows of a page are. Raises ValueError where it is no JSON."""
    found: list[Container] = []
    try:
        start, steps = _skip(text, 0), _steps(people)
        end = _walk(text, start, steps, found)
        if steps is not None and people.rows is None and not found:
            # An export that is keyed by person in one of its forms, and a list in the other.
            end = _walk(text, start, None, found)
    except (IndexError, RecursionError, json.JSONDecodeError) as error:
        raise ValueError(str(error)) from None
    if _skip(text, end) != len(text):
        raise ValueError("more than one value")
    return found


def _values(element: Element, path: str) -> list[Any]:
    if path.endswith(".*"):
        return [element.name]
    return values(element.value, path.split("."))


def _judged(element: Element, people: People, marks: Marks, found: Found) -> str | None:
    """The row's new text where it changes, empty where it goes, None where it stays as it is."""
    row = Row(people, lambda path: _values(element, path), marks)
    found.take(row)
    if row.is_theirs:
        found.n_rows += 1
        return ""
    if not row.named:
        return None
    found.n_emptied += _empty(element.value, people, marks)
    # Escaped, so that half a character stays half a one.
    text = json.dumps(element.value, allow_nan=False)
    return text if element.name is None else f"{json.dumps(element.name)}: {text}"


def _empty(value: Any, people: People, marks: Marks) -> int:
    """Take who is erased out of somebody else's row, with the names beside their ids."""
    n_emptied = 0
    for path, kind in people.others:
        *parents, _ = path.split(".")
        beside = [p.split(".")[-1] for p, _ in people.others if p.split(".")[:-1] == parents]
        for owner, name in places(value, path.split(".")):
            inner = owner[name]
            left = [one for one in _listed(inner) if not _is_named(one, kind, marks)]
            if len(left) == len(_listed(inner)):
                continue
            n_emptied += 1
            for other in beside:
                if other in owner:
                    owner[other] = None
            owner[name] = left if isinstance(inner, list) else None
    return n_emptied


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_named(value: Any, kind: str, marks: Marks) -> bool:
    return any(marks.names(identifier) for identifier in identifiers(kind, value))


def _names_somebody(text: str, marks: Marks) -> bool:
    return any(
        marks.names(identifier)
        for address in ADDRESS.findall(text)
        for identifier in identifiers(MAIL, address)
    )


def page(text: str, people: People, marks: Marks, less: int = 0) -> tuple[str, Found]:
    """A page without their rows. One that is no JSON stays, and is unclear if it has an address.

    ``less`` is taken from the total it tells, which is that of all pages of a listing.
    """
    found = Found()
    try:
        places = containers(text, people)
    except ValueError:
        if _names_somebody(text, marks):
            found.unclear = "it is no JSON, and names somebody"
        return text, found
    pieces, at = [], 0
    for container in places:
        rows = []
        for element in container.elements:
            new = _judged(element, people, marks, found)
            if new != "":
                rows.append(text[element.start : element.end] if new is None else new)
        if not less and len(rows) == len(container.elements) and not found.n_emptied:
            continue
        pieces += [_lessened(text[at : container.start], people, less), ", ".join(rows)]
        at = container.end
    return "".join([*pieces, _lessened(text[at:], people, less)]), found


def _lessened(text: str, people: People, less: int) -> str:
    if not less or people.total is None:
        return text
    total = re.compile(rf'("{re.escape(people.total)}"\s*:\s*)(\d+)')
    return total.sub(lambda match: f"{match[1]}{max(int(match[2]) - less, 0)}", text)


def line(text: str, people: People, marks: Marks) -> tuple[str | None, Found]:
    """A line without what is theirs; None where all of it is."""
    if not text.strip():
        return text, Found()
    if people.rows is not None:
        return page(text, people, marks)
    found = Found()
    try:
        element = Element(0, len(text), DECODER.decode(text.strip().lstrip("\ufeff")))
    except (ValueError, RecursionError):
        # Set aside by the build with its text.
        if _names_somebody(text, marks):
            found.n_rows += 1
            return None, found
        return text, found
    new = _judged(element, people, marks, found)
    return (None if new == "" else text if new is None else new), found


def json_file(
    path: Path, new: Path | None, people: People, marks: Marks, by_line: bool, less: int = 0
) -> Found:
    """One file of pages or lines; ``new`` is the file to write, None only looks."""
    whole = Found()
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as source:
        text = source.read()
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    if by_line:
        kept = []
        # Only where the engines end a line: a JSON text may hold U+2028 and the like.
        for one in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text.removeprefix(bom)):
            ending = one[len(one.rstrip("\r\n")) :]
            changed, found = line(one[: len(one) - len(ending)], people, marks)
            whole.add(found)
            if changed is not None:
                kept.append(changed + ending)
        # A file of no bytes is a failed delivery; one without rows says that nobody was there.
        result = "".join(kept) or "\n"
    else:
        result, found = page(text.removeprefix(bom), people, marks, less)
        whole.add(found)
    if new is not None:
        with new.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
            out.write(bom + result)
    return whole
