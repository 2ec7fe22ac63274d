"""No engine's own SQL in models, tests and analyses: only in macros that dispatch.

What both engines were seen to do alike is listed; whatever is new must be added here after trying
it on both (`make cluster-test`), or be wrapped in macros/engine.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
# Where each engine's own SQL is.
ENGINES_OWN = ("macros/engine/", "macros/sources/raw_relations_")

FUNCTIONS = {
    # aggregates and windows
    "avg", "bool_or", "count", "first_value", "lag", "last_value", "lead", "max", "min", "rank",
    "bit_or", "dense_rank", "row_number", "sum", "stddev_samp", "var_samp",
    # scalars
    "abs", "atan", "cast", "ceil", "coalesce", "concat_ws", "exp", "floor", "greatest",
    "json_array_length", "least", "length",
    "ln", "lower", "nullif", "power", "replace", "round", "sqrt", "substr", "trim", "typeof",
    "upper", "extract",
}  # fmt: skip
# Words that may stand before a parenthesis without being a function.
KEYWORDS = {
    "all", "and", "any", "as", "between", "by", "case", "else", "end", "except", "exists", "from",
    "group", "having", "in", "intersect", "is", "join", "not", "on", "or", "order", "over",
    "select", "then", "union", "using", "values", "when", "where", "with",
}  # fmt: skip
TYPES = {"bigint", "boolean", "date", "decimal", "double", "integer", "string", "timestamp"}

# One engine only, another meaning, or another type of result.
FORBIDDEN = {
    "::": "write cast(x as type)",
    "qualify": "number the rows in a CTE",
    "filter (": "sum(case …) or count(case …)",
    "* exclude": "list the columns",
    "* replace": "list the columns",
    "* except": "list the columns",
    "ilike": "lower() both sides",
    "similar to": "regex_matches()",
    "rlike": "regex_matches()",
    "->": "json_get()",
    "asof": "an as-of condition in `on`",
    "lateral": "json_array_elements() or date_series() in a select list",
    "pivot": "case expressions",
    "distinct on": "row_number() in a CTE",
    "order by all": "name the columns",
    "group by all": "name the columns",
    "recursive": "a fixed number of steps (equivalence_rounds)",
    "within group": "median_of() or string_list()",
    "/*+": "no hints",
    "[": "no lists: json_get() or string_list()",
    "~": "regex_matches()",
    "\\": "engines unescape literals differently",
    '"': "no quoted names: one engine takes them for text",
    "`": "no quoted names",
    "$": "a macro",
}

# Alike once it is cast, which declared joins cannot leave to the macro month_of().
MONTH = re.compile(r"cast\(date_trunc\('', [a-z_.]+\) as date\)")
# A day added to a date is a timestamp on one engine; seconds added to a timestamp are alike.
INTERVAL = re.compile(r"\binterval (?!'' (second|minute|hour)\b)")
ENGINE_NAMES = re.compile(r"target\.type|adapter\.type|\bduckdb\b|\bspark\b", re.IGNORECASE)
FUNCTION = re.compile(r"(?<!\bas )\b([a-z_][a-z_0-9]*)\s*\(")


def bare_sql(text: str) -> str:
    """SQL without Jinja, comments and literals: what the file itself says to the engine.

    What a macro yields is a name or a value in its place.
    """
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", " jinja ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", " ", text)
    # A backslash is looked for where it does its harm: within literals.
    text = re.sub(r"'(?:[^']|'')*'", lambda found: "'\\'" if "\\" in found[0] else "''", text)
    return " ".join(text.lower().split())


def problems(text: str) -> list[str]:
    """What in a file's own SQL only one engine understands, or understands in its own way."""
    bare = MONTH.sub("a_date", bare_sql(text))
    found = [f"`{word}`: {remedy}" for word, remedy in FORBIDDEN.items() if _holds(bare, word)]
    found += [
        f"function {name}(): not known to be the same on both engines"
        for name in sorted({match[1] for match in FUNCTION.finditer(bare)})
        if name not in FUNCTIONS | KEYWORDS | TYPES | {"jinja"}
    ]
    if INTERVAL.search(bare):
        found.append("`interval`: add_days(); only `interval '1' second` (minute, hour) is alike")
    for match in re.finditer(r"\bcast\s*\(", bare):
        inside = _within_parentheses(bare, match.end())
        data_type = re.search(r"\bas\s+([a-z_]+)(?:\s*\([0-9, ]*\))?\s*$", inside)
        if data_type and data_type[1] not in TYPES | {"jinja"}:
            found.append(f"type {data_type[1]}: none of {', '.join(sorted(TYPES))}")
    return found


def _holds(bare: str, word: str) -> bool:
    start = r"\b" if word[0].isalpha() else ""
    end = r"\b" if word[-1].isalpha() else ""
    return re.search(start + re.escape(word) + end, bare) is not None


def _within_parentheses(text: str, start: int) -> str:
    depth = 1
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return text[start:position]
    return text[start:]


def sql_files() -> Iterator[Path]:
    """Files that must name no engine: all SQL of the project but the engines' own macros."""
    for folder in ("models", "tests", "analyses", "macros"):
        for path in sorted((PROJECT / folder).rglob("*.sql")):
            if not str(path.relative_to(PROJECT)).startswith(ENGINES_OWN):
                yield path


def sql_in_yaml() -> Iterator[tuple[str, str]]:
    """(where, SQL) of declared joins and of unit tests written as SQL: the engine gets both."""
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        content = yaml.safe_load(path.read_text()) or {}
        for model in content.get("models") or []:
            for join in ((model.get("config") or {}).get("meta") or {}).get("joins") or []:
                for setting, value in join.items():
                    if setting.endswith("_sql") or setting.startswith(("where_", "matched_")):
                        yield f"{path.name}: {join.get('name')}.{setting}", str(value)
        for unit_test in content.get("unit_tests") or []:
            for part in [*(unit_test.get("given") or []), unit_test["expect"]]:
                if part.get("format") == "sql":
                    yield f"{path.name}: {unit_test['name']}", part["rows"]


def test_no_file_holds_an_engines_own_sql() -> None:
    """Every file, each with what is to be changed in it."""
    found = {str(path.relative_to(PROJECT)): problems(path.read_text()) for path in sql_files()}
    assert len(found) > 150
    assert {name: words for name, words in found.items() if words} == {}


def test_no_file_asks_which_engine_it_runs_on() -> None:
    """Comments may: a measured number names its engine."""
    asking = []
    for path in sql_files():
        if path.parent.name == "sources":  # where files are found depends on who reads them
            continue
        text = re.sub(r"\{#.*?#\}|--[^\n]*", " ", path.read_text(), flags=re.DOTALL)
        if ENGINE_NAMES.search(text):
            asking.append(str(path.relative_to(PROJECT)))
    assert asking == []


def test_sql_in_yaml_is_portable() -> None:
    """Joins as they are declared, and unit tests."""
    found = [(where, problems(sql)) for where, sql in sql_in_yaml()]
    assert len(found) > 20
    assert [item for item in found if item[1]] == []


def test_every_dispatched_macro_knows_both_engines() -> None:
    """`default__` is what DuckDB takes; Spark must have its own."""
    texts = [path.read_text() for path in (PROJECT / "macros").rglob("*.sql")]
    defined = set(re.findall(r"\{%-?\s*macro\s+(\w+)\s*\(", " ".join(texts)))
    dispatched = set(re.findall(r"adapter\.dispatch\(\s*'(\w+)'\s*,\s*'certgap'", " ".join(texts)))
    assert len(dispatched) > 15
    missing = [
        f"{engine}__{name}"
        for name in sorted(dispatched)
        for engine in ("default", "spark")
        if f"{engine}__{name}" not in defined
        # What only one engine has to do may be the other's dispatched name.
        and not (engine == "default" and f"duckdb__{name}" in defined)
    ]
    assert missing == []


@pytest.mark.parametrize(
    "sql",
    [
        "select a::date from b",
        "select a from b qualify row_number() over (order by a) = 1",
        "select count(*) filter (where a) from b",
        "select * exclude (a) from b",
        "select * from read_parquet('x')",
        "select list_sort(a) from b",
        "select try_cast(a as date) from b",
        "select date_trunc('month', a) from b",
        "select cast(a as varchar) from b",
        "select cast(coalesce(a, b) as hugeint) from c",
        "select a[1] from b",
        "select a from b where c like '%\\_%'",
        "select struct_pack(a := 1)",
        'select "a" from b',
        "select a from b asof join c on b.d >= c.d",
        "with recursive a as (select 1) select * from a",
        "select string_agg(a, ',') from b",
        "select a + interval '1' day from b",
        "select a + interval 1 day from b",
        "select a + interval '1 second' from b",
        "{% if x %}select median(a) from b{% endif %}",
    ],
)
def test_an_engines_own_sql_is_found(sql: str) -> None:
    """The check can fail."""
    assert problems(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select {{ add_days('a', 1) }} as b, cast({{ x }} as decimal(18, 6)) from {{ ref('c') }}",
        "-- a::date, on DuckDB\nselect 'a::b [x] \"y\"' as label from c where d in ('x', 'y')",
        "{# qualify #}select sum(case when a then 1 else 0 end) as n from b group by (c)",
        "select a + interval '1' second as b from c",
        "with days as (select cast(a as date) as d from b) select * from days",
    ],
)
def test_portable_sql_passes(sql: str) -> None:
    """Comments, literals and macros are not taken for SQL."""
    assert problems(sql) == []


def test_every_adapter_is_linted() -> None:
    path = PROJECT / "tests" / "every_adapter" / "pyproject.toml"
    settings = tomllib.loads(path.read_text("utf-8"))["tool"]["sqlfluff"]["templater"]["dbt"]
    linted = set(settings["context"]["enabled_sources"])
    folders = (PROJECT / "models" / "staging" / name for name in ("hris", "lms", "usage"))
    adapters = {path.name for folder in folders for path in folder.iterdir() if path.is_dir()}
    assert linted == adapters, f"{path} names the adapters that `make lint-adapters` reads"
