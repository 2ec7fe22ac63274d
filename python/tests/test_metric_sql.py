"""What the text of the models must never do, whatever the rows, and one model against scipy."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml
from jinja2 import Environment
from scipy import stats

from test_definitions import rule_vars

PROJECT = Path(__file__).resolve().parents[2]
MODELS = PROJECT / "models"

# They stamp a run or a build, not a figure.
READ_THE_CLOCK = {
    "macros/publish/mark_run.sql",
    "macros/publish/publications.sql",
    "models/marts/governance/join_audit.sql",
}
CLOCK = re.compile(
    r"\b(current_(date|time|timestamp)|localtime|localtimestamp|run_started_at)\b"
    r"|\b(now|utcnow|today|getdate|sysdate|transaction_timestamp)\s*\("
    r"|\bunix_timestamp\s*\(\s*\)",  # with an instant it counts that one's seconds
    re.IGNORECASE,
)

# What a person did. int_feed_tools asks the same rows only for a feed's first and last day.
USE = re.compile(r"int_(usage_|learner_tool_days|checkpoint_use|baseline|active_weeks)")
ONLY_DAYS_OF_FEEDS = {"int_feed_tools", "int_tool_week_endings"}

NO_METRICS = {"quality", "governance", "data_quality", "int_company_mail_domains"}
# What is read and judged (figures carry as_of_date beside rules_hash), and which rows are there.
NOT_RULES = {
    "as_of_date",
    "received_until",
    "curve_managers",
    "compared_publications",
    "figures_of_managers",
}


def sql_of(path: Path) -> str:
    """A file without comments of Jinja and SQL."""
    text = re.sub(r"\{#.*?#\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", text)


def clocks(text: str) -> list[str]:
    return [match.group(0) for match in CLOCK.finditer(text)]


def test_no_figure_reads_the_clock() -> None:
    found = {}
    for folder in ("models", "macros", "tests", "analyses"):
        for path in sorted((PROJECT / folder).rglob("*.sql")):
            name = path.relative_to(PROJECT).as_posix()
            if name not in READ_THE_CLOCK and clocks(sql_of(path)):
                found[name] = clocks(sql_of(path))
    assert found == {}


@pytest.mark.parametrize(
    "sql",
    [
        "where d <= current_date",
        "now()",
        "unix_timestamp()",
        "today()",
        "{{ run_started_at }}",
        "current_date,",
    ],
)
def test_a_clock_is_found(sql: str) -> None:
    assert clocks(sql)


@cache
def inputs(model: str) -> set[str]:
    """The models a model reads, directly; vendors' models are not followed."""
    paths = list(MODELS.rglob(f"{model}.sql"))
    return set(re.findall(r"ref\('(\w+)'\)", sql_of(paths[0]))) if paths else set()


def reached_from(model: str, stop: set[str]) -> set[str]:
    reached, frontier = set(), [model]
    while frontier:
        new = inputs(frontier.pop()) - reached
        reached |= new
        frontier.extend(new - stop)
    return reached


def test_no_status_reads_use() -> None:
    read = reached_from("int_checkpoint_statuses", ONLY_DAYS_OF_FEEDS)
    assert {"int_tool_coverage", "int_seat_intervals", "int_leave_intervals"} <= read
    assert {name for name in read if USE.match(name)} == set()
    # The same walk does see use where it is read.
    assert any(USE.match(name) for name in reached_from("int_checkpoints", ONLY_DAYS_OF_FEEDS))


def test_every_var_a_metric_reads_is_in_the_hash() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))
    read = set()
    for folder in ("models/intermediate", "models/marts", "macros/metrics"):
        for path in (PROJECT / folder).rglob("*.sql"):
            if not NO_METRICS & {*path.parts, path.stem}:
                # A name put together, `var('segment_' ~ …)`, may be any that begins so.
                for name, more in re.findall(r"\bvar\(\s*['\"](\w+)['\"]\s*(~?)", sql_of(path)):
                    read |= {
                        v for v in project["vars"] if v == name or (more and v.startswith(name))
                    }
    assert read - rule_vars() - NOT_RULES == set()
    assert {"checkpoint_days", "segment_habit_weeks"} <= read
    assert not rule_vars() & NOT_RULES


def test_sign_ins_and_web_logs_are_no_use() -> None:
    """Vendors of sign-ins and web requests deliver no usage to any tool."""
    text = (PROJECT / "macros" / "sources" / "source_catalog.sql").read_text("utf-8")
    entries = dict(
        re.findall(r"\{\s*'vendor': '(\w+)', 'category': '\w+',(.*?)\n        \}", text, re.DOTALL)
    )
    for vendor in ("entra", "okta", "zscaler", "netskope"):
        assert "'relations'" in entries[vendor]
        assert "tool_usage" not in entries[vendor]
        assert not list(MODELS.rglob(f"stg_{vendor}__tool_usage*.sql"))


def test_benchmarks_are_the_published_ones_with_a_source() -> None:
    with (PROJECT / "seeds" / "benchmarks.csv").open(encoding="utf-8") as file:
        rows = {row["metric_id"]: row for row in csv.DictReader(file)}
    ranges = {name: (float(row["low"]), float(row["high"])) for name, row in rows.items()}
    assert ranges == {
        "completion_typical": (0.70, 0.85),
        "adoption_typical": (0.12, 0.18),
        "adoption_best_practice": (0.55, 0.65),
        "tried_typical": (0.75, 0.75),
        "daily_typical": (0.22, 0.22),
        "manager_effect_points": (0.25, 0.40),
    }
    assert all(row["citation"].strip() for row in rows.values())


def test_tests_of_gaps_equal_scipy() -> None:
    """certification_gap_tests as it stands; of one group nobody is judged."""
    macros = (PROJECT / "macros" / "metrics" / "statistics.sql").read_text("utf-8")
    model = (MODELS / "marts" / "adoption" / "certification_gap_tests.sql").read_text("utf-8")
    sql = Environment().from_string(macros + model).render(ref=lambda name: name)
    groups = {
        30: {"a": (3, 20), "b": (11, 24), "c": (7, 9), "d": (0, 0), "e": (20, 61), "f": (20, 61)},
        60: {"a": (1, 20), "b": (2, 24)},
    }
    rows = [
        ("p", "t", n, "department", value, *counts)
        for n, group in groups.items()
        for value, counts in group.items()
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table adoption_rates (program_id varchar, tool_id varchar, checkpoint_day int,"
            " dimension varchar, dimension_value varchar, n_adopted bigint, n_eligible bigint)"
        )
        connection.executemany("insert into adoption_rates values (?, ?, ?, ?, ?, ?, ?)", rows)
        found = connection.execute(
            f"select checkpoint_day, dimension_value, p_value, p_value_adjusted from ({sql})"
        ).fetchall()
    p_values = {(n, value): (p, adjusted) for n, value, p, adjusted in found}
    for n, group in groups.items():
        adopted, eligible = (sum(pair[i] for pair in group.values()) for i in (0, 1))
        tested, expected = [], []
        for value, (k, m) in group.items():
            if m == 0:
                assert p_values[n, value] == (None, None)
                continue
            rest_k, rest_m = adopted - k, eligible - m
            table = [[k, m - k], [rest_k, rest_m - rest_k]]
            tested.append(value)
            expected.append(stats.chi2_contingency(table, correction=False).pvalue)
        adjusted = stats.false_discovery_control(expected, method="bh")
        assert [p_values[n, value][0] for value in tested] == pytest.approx(expected, rel=1e-9)
        assert [p_values[n, value][1] for value in tested] == pytest.approx(
            list(adjusted), rel=1e-9
        )
