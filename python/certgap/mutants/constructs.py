"""Which mutants are copies of one thing that somebody wrote: a macro, or a list a loop prints.

The SQL that is mutated is compiled. A macro that reads a column of text stands in it once for each
column of each feed, and a list of time zones once for each zone. A person can break the macro or
the loop, not one copy, so copies count as one construct, which is noticed where a mutant of a copy
is: whoever breaks the construct breaks this copy, too. (Two broken copies could hide each other in
one test; nothing in the project is known to do so.)

A copy is told by two facts. What is mutated (the word, the sign or the value) does not occur in
the model's own file, so the model's author did not write it. And it reads the same as its copies,
up to three nodes above, once columns are left out. What an author hands to a macro stands in the
model's file, and stays a construct of its own; so does whatever is in doubt, and each join.

The same holds for what stands in the model's own file within a Jinja loop and nowhere else in it:
it was written once. What tells two places of a loop apart are the names that stand in its SQL. So
do the terms of a macro of which one CTE has more than 20 that read the same apart from numbers, as
one for each week of a curve: nobody writes them by hand.
"""

from __future__ import annotations

import re
from functools import cached_property

from sqlglot import exp

LONG_LIST = 50  # values: nobody writes them by hand
MANY_ROWS = 20  # `select 'a' as x, 1 as y union all ...`
_CHAINS = (exp.Add, exp.BitwiseOr, exp.DPipe)
LEVELS = 3  # nodes above the mutant that must read the same
_COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
_LOOP = re.compile(r"\{%-?\s*(?P<word>for|endfor)\b.*?%\}", re.DOTALL)
_STATEMENTS = re.compile(r"\{%.*?%\}", re.DOTALL)
_RUN = re.compile(r"(\bc\b(?: ASC| DESC)?(?: NULLS (?:FIRST|LAST))?)(?:, \1(?![\w ]))*")
# Keywords, functions and types are written in capitals by the generator; the rest are names.
_TOKENS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_$]*")
_WORDS: dict[type[exp.Expression], tuple[str, ...]] = {
    exp.And: ("and",),
    exp.Or: ("or",),
    exp.Not: ("not",),
    exp.Is: ("is",),
    exp.Coalesce: ("coalesce",),
    exp.Nullif: ("nullif",),
    exp.Case: ("case",),
    exp.Window: ("over",),
    exp.Greatest: ("greatest",),
    exp.Least: ("least",),
    exp.Between: ("between",),
    exp.NullSafeEQ: ("distinct",),
    exp.NullSafeNEQ: ("distinct",),
    exp.Min: ("min",),
    exp.Max: ("max",),
    exp.Sum: ("sum",),
    exp.Avg: ("avg",),
    exp.Count: ("count",),
}
_SIGNS: dict[type[exp.Expression], tuple[str, ...]] = {
    exp.LT: ("<", "between"),
    exp.LTE: ("<=", "between"),
    exp.GT: (">", "between"),
    exp.GTE: (">=", "between"),
    exp.EQ: ("=",),
    exp.NEQ: ("!=", "<>"),
    exp.Add: ("+",),
    exp.Sub: ("-",),
    exp.Mul: ("*",),
    exp.Div: ("/",),
}


class Written:
    """The file of a model, as its author wrote it."""

    def __init__(self, text: str) -> None:
        """Comments are not SQL; a statement of Jinja holds values, but no SQL of its own."""
        self._values = _COMMENTS.sub(" ", text)
        self._sql = _STATEMENTS.sub(" ", self._values).lower()
        self._is_known = bool(text)

    def loops(self, node: exp.Expression) -> bool:
        """Whether what is mutated stands in a loop of the file, and nowhere else."""
        if not self._is_known or self.lacks(node):
            return False
        return self._outside.lacks(node)

    @cached_property
    def _outside(self) -> Written:
        """What stands in no loop."""
        return Written(_outside_loops(self._values) or " ")

    def lacks(self, node: exp.Expression) -> bool:
        """Whether what is mutated in the node cannot have been written in this file."""
        if not self._is_known:
            return False
        if isinstance(node, exp.Literal):
            return not self.names(node.this)
        if isinstance(node, exp.Boolean):
            return not self.names(str(node.this).lower())
        words = _WORDS.get(type(node))
        if words:
            return not any(re.search(rf"\b{word}\b", self._sql) for word in words)
        signs = _SIGNS.get(type(node))
        return bool(signs) and not any(sign in self._sql for sign in signs)

    def names(self, value: str) -> bool:
        """Whether the value stands in the file: as a word, or in quotes where it has no letter.

        `f` does not stand in `from`, nor the empty text in every file.
        """
        if not re.search(r"\w", value):
            return f"'{value}'" in self._values or f'"{value}"' in self._values
        start = r"(?<!\w)" if re.match(r"\w", value) else ""
        end = r"(?!\w)" if re.search(r"\w$", value) else ""
        return bool(re.search(start + re.escape(value) + end, self._values))

    def without_printed(self, sql: str) -> str:
        """Names and texts become one where the SQL of the file does not say them."""

        def replaced(match: re.Match[str]) -> str:
            token = match[0]
            if token.isupper() and len(token) > 1:
                return token
            word = re.escape(token.strip("'\"").lower())
            return token if re.search(rf"(?<!\w){word}(?!\w)", self._sql) else "c"

        return _TOKENS.sub(replaced, sql)

    def without_runs(self, sql: str) -> str:
        """A window of a macro, where the columns that a loop prints one after another become one.

        They are those whose names the file hands over in quotes; the macro's own names stay.
        """

        def replaced(match: re.Match[str]) -> str:
            name = match[0].strip('"')
            return "c" if match[0][0] != "'" and self.names(f"'{name}'") else match[0]

        return _RUN.sub(r"\1+", _TOKENS.sub(replaced, sql))

    def without_columns(self, sql: str) -> str:
        """Names become one; a text that ends in a name of the file, as `bad_date_x`, loses it."""

        def replaced(match: re.Match[str]) -> str:
            token = match[0]
            if token[0] != "'":
                return token if token.isupper() and len(token) > 1 else "c"
            parts = token.strip("'").split("_")
            for place in range(1, len(parts)):
                if self.names("'" + "_".join(parts[place:]) + "'"):
                    return "'" + "_".join([*parts[:place], "?"]) + "'"
            return token

        return re.sub(r"\bc\.c\b", "c", _TOKENS.sub(replaced, sql))

    def prints(self, column: str) -> bool:
        """Whether a text of this column is what one place in a loop prints: `'{{ x }}' as c`."""
        place = re.compile(rf"'\{{\{{[^{{}}]*\}}\}}'\s+as\s+{re.escape(column.lower())}\b")
        whole = len(place.findall(self._sql))
        return whole == 1 and not place.search(self._outside._values.lower())


class Printed:
    """The long lists and the tables of values in a statement, which a loop printed."""

    def __init__(self, tree: exp.Expression) -> None:
        """Find them."""
        self._lists = {
            id(one)
            for one in tree.find_all(exp.In)
            if len(one.expressions) > LONG_LIST
            and all(isinstance(value, exp.Literal) for value in one.expressions)
        }
        self._rows: set[int] = set()
        for union in tree.find_all(exp.Union):
            if not isinstance(union.parent, exp.Union):
                rows = parts_of(union)
                if len(rows) > MANY_ROWS and all(map(_is_row_of_values, rows)):
                    self._rows.update(map(id, rows))

    def place(self, node: exp.Expression) -> str:
        """The list or the column in which the value stands; empty where nothing was printed."""
        if not isinstance(node, exp.Literal):
            return ""
        if id(node.parent) in self._lists:
            return "list"
        item, row = node, node.parent
        while row is not None and not isinstance(row, exp.Query):
            item, row = row, row.parent
        if id(row) not in self._rows:
            return ""
        place = next(n for n, one in enumerate(row.expressions) if one is item)
        return f"column {place}"


def _outside_loops(text: str) -> str:
    """Of nested loops the outermost goes whole."""
    kept, depth, start = [], 0, 0
    for match in _LOOP.finditer(text):
        if match["word"] == "for":
            if depth == 0:
                kept.append(text[start : match.start()])
            depth += 1
        else:
            depth -= 1
            start = match.end()
    return " ".join([*kept, text[start:]])


def parts_of(union: exp.Expression) -> list[exp.Expression]:
    """The queries that a UNION puts together, whatever its shape."""
    found, waiting = [], [union]
    while waiting:
        one = waiting.pop()
        if isinstance(one, exp.Union):
            waiting += [one.left, one.right]
        else:
            found.append(one)
    return found


def _is_row_of_values(select: exp.Expression) -> bool:
    if not isinstance(select, exp.Select) or select.args.get("from_") or select.args.get("from"):
        return False
    values = (item.unalias() for item in select.expressions)
    return all(
        isinstance(v.this if isinstance(v, exp.Cast) else v, (exp.Literal, exp.Null, exp.Neg))
        for v in values
    )


def without_numbers(said: str) -> str:
    """Terms of which a loop prints one for each of many numbers read the same without them."""
    return re.sub(r"(?<!\w)[0-9]+(?:\.[0-9]+)?(?!\w)", "0", said)


def surroundings(node: exp.Expression) -> exp.Expression:
    """The node so many levels above, but no more than the item of a select or one term of many."""
    for _ in range(LEVELS):
        parent = node.parent
        if isinstance(parent, _CHAINS) and type(parent) in (type(parent.parent), type(parent.this)):
            break
        if parent is None or isinstance(parent, (exp.Query, exp.Alias, exp.CTE, exp.Where)):
            break
        node = parent
    return node
