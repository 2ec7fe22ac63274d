"""Expected tables against the tables of a build, row by row and cell by cell.

``python -m certgap.compare TRUTH_DIR WAREHOUSE``: exit code 0 when everything agrees, 1 when not, 2
when something cannot be read. A column that one side lacks is a difference. Rule: this module knows
keys and tolerances, never a definition.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from certgap.truth import World, expected_tables, read_expected

KEYS: dict[str, list[str]] = {
    "fct_learner_tool_checkpoints": ["employee_key", "tool_id", "program_id", "checkpoint_day"],
    "adoption_rates": ["program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"],
    "certification_gaps": [
        "program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"
    ],
    "manager_cohorts": ["program_id", "tool_id", "manager_key", "checkpoint_day"],
    "adoption_funnels": ["program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"],
    "adoption_curves": ["program_id", "tool_id", "dimension", "dimension_value", "week_number"],
    "usage_segments": [
        "program_id", "tool_id", "dimension", "dimension_value", "week_start_date"
    ],
    "gap_priorities": ["program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"],
    # Of one publication; its truth needs two worlds (certgap.truth.restatements).
    "restatements": [
        "program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value", "metric_name"
    ],
    "training_effects": [
        "program_id", "tool_id", "estimator", "aggregation", "aggregation_value"
    ],
    "board_summary": ["program_id", "completion_quarter"],
    "effect_power": ["program_id", "tool_id", "estimator", "assumed_points"],
    "manager_activation_effects": [
        "program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"
    ],
    "rollout_readiness": ["program_id", "wave_id", "gate"],
    "program_diagnostics": ["program_id", "failure_mode"],
    "licence_value": ["program_id", "tool_id", "checkpoint_day", "dimension", "dimension_value"],
    "platform_portfolio": ["platform"],
    "completion_integrity": ["program_id", "tool_id", "checkpoint_day", "rule_name"],
    "kirkpatrick_levels": ["program_id", "level"],
    "outcome_changes": ["program_id", "metric_id", "track"],
    "content_freshness": ["program_id", "tool_id", "course_id", "checkpoint_day"],
    "shadow_ai": ["consumer_tool", "usage_month", "dimension", "dimension_value"],
    # What must come of logs; the simulator tells it beside the world.
    "web_use_daily": ["source_system", "alias_type", "alias_value", "domain", "usage_date"],
    "entra_account_names": ["account_type", "account_value", "name_type", "name_value"],
    "okta_account_names": ["account_type", "account_value", "name_type", "name_value"],
    "entra_sign_ins_daily": ["alias_type", "alias_value", "app_name", "sign_in_date"],
    "okta_sign_ins_daily": ["alias_type", "alias_value", "app_name", "sign_in_date"],
    "row_fates": ["source_system", "feed", "row_status", "status_reason"],
}  # fmt: skip
# What a build says of itself; the last two are those of the published tables.
NO_FIGURES = {"rules_hash", "is_suppressed", "suppression_reason"}
RELATIVE_TOLERANCE = 1e-9
# Doubles near zero: the tail of a p-value, a difference of two equal rates.
ABSOLUTE_TOLERANCE = 1e-12
# Absolute; the SQL computes the normal tail by rational functions (macro two_sided_p).
P_VALUE_TOLERANCE = 1e-9
# Columns the mart rounds to nine decimals.
ROUNDED = {
    "effect_points", "standard_error_points", "effect_points_low", "effect_points_high",
    "smallest_detectable_points", "pretrend_p_value", "treated_rate", "control_rate", "e_value",
    "e_value_of_interval", "power_rate", "difference_points",
    "difference_points_low", "difference_points_high", "adjusted_difference_points",
    "adjusted_standard_error_points", "adjusted_difference_points_low",
    "adjusted_difference_points_high", "reaction_mean", "knowledge_pre_mean",
    "knowledge_post_mean", "exam_score_mean", "observation_mean",
    "mean_before", "mean_after", "mean_change", "mean_change_low", "mean_change_high",
    "difference", "difference_low", "difference_high", "exam_correlation",
    "exam_correlation_low", "exam_correlation_high",
}  # fmt: skip
ROUNDED_TOLERANCE = 1e-8

LINEAGE = "source_record_id, extracted_at, source_file"

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]


@dataclass
class TableReport:
    """What differs in one table."""

    table: str
    n_expected: int = 0
    n_found: int = 0
    n_missing: int = 0
    n_extra: int = 0
    n_repeated_keys: int = 0
    n_cells: int = 0
    missing: list[Key] = field(default_factory=list)
    extra: list[Key] = field(default_factory=list)
    absent_columns: list[str] = field(default_factory=list)
    unexpected_columns: list[str] = field(default_factory=list)
    # Column -> (number of differences, examples of (key, expected, found)).
    different: dict[str, tuple[int, list[tuple[Key, Any, Any]]]] = field(default_factory=dict)
    problem: str | None = None

    @property
    def agrees(self) -> bool:
        """No row and no cell differs, and no column is on one side only."""
        counts = self.n_missing + self.n_extra + self.n_repeated_keys
        columns = self.absent_columns + self.unexpected_columns
        return not (counts or columns or self.different or self.problem)

    def lines(self) -> list[str]:
        """The report in words."""
        verdict = "agrees" if self.agrees else "DIFFERS"
        lines = [
            f"{self.table}: {verdict} ({self.n_expected} rows expected, {self.n_found} found, "
            f"{self.n_cells} cells compared)"
        ]
        if self.problem:
            lines.append(f"  {self.problem}")
        if self.absent_columns:
            lines.append(f"  columns not in the build: {', '.join(self.absent_columns)}")
        if self.unexpected_columns:
            lines.append(f"  columns nobody expects: {', '.join(self.unexpected_columns)}")
        if self.n_repeated_keys:
            lines.append(f"  {self.n_repeated_keys} rows repeat a key")
        for word, count, keys in (
            ("missing", self.n_missing, self.missing),
            ("not expected", self.n_extra, self.extra),
        ):
            if count:
                lines.append(f"  {count} rows {word}, for example:")
                lines += [f"    {_key_text(self.table, key)}" for key in keys]
        for column, (count, examples) in sorted(self.different.items(), key=lambda c: -c[1][0]):
            lines.append(f"  {column}: {count} cells differ, for example:")
            for key, expected, found in examples:
                where = _key_text(self.table, key)
                lines.append(f"    {where}: expected {expected!r}, found {found!r}")
        return lines


@dataclass
class Report:
    """What differs in all tables."""

    tables: list[TableReport]

    @property
    def agrees(self) -> bool:
        """Every table agrees."""
        return all(table.agrees for table in self.tables)

    def text(self) -> str:
        """The report in words."""
        return "\n".join(line for table in self.tables for line in table.lines())


def compare(
    truth: World | Path | str, warehouse: Path | str, schema: str = "main", examples: int = 5
) -> Report:
    """Compare the truth (a World, or a folder of one) with the marts of a DuckDB file."""
    expected = expected_tables(truth) if isinstance(truth, World) else read_expected(truth)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        reports = compare_tables(expected, connection, schema, examples)
        if not isinstance(truth, World):
            reports += compare_logs(Path(truth) / "logs", connection, examples)
        return Report(reports)


def compare_tables(
    expected: dict[str, list[dict[str, Any]]],
    connection: duckdb.DuckDBPyConnection,
    schema: str = "main",
    examples: int = 5,
) -> list[TableReport]:
    """Compare expected tables with those of an open database."""
    reports = []
    for table, rows in expected.items():
        try:
            found = _read(connection, schema, table)
        except duckdb.CatalogException:
            problem = f"there is no table {schema}.{table}"
            reports.append(TableReport(table, n_expected=len(rows), problem=problem))
            continue
        reports.append(compare_rows(table, rows, *found, examples=examples))
    return reports


def compare_logs(
    folder: Path, connection: duckdb.DuckDBPyConnection, examples: int = 5
) -> list[TableReport]:
    """Compare what must come of web and sign-in logs, one file a table, with an open database."""
    reports = []
    for path in sorted(folder.glob("*.parquet")):
        table, rows = path.stem, pq.read_table(path).to_pylist()
        try:
            cursor = connection.execute(_log_sql(table, rows))
        except duckdb.CatalogException as error:
            reports.append(TableReport(table, n_expected=len(rows), problem=str(error)))
            continue
        columns = [column[0] for column in cursor.description]
        found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        reports.append(compare_rows(table, rows, found, columns, examples=examples))
    return reports


def _log_sql(table: str, expected: list[dict[str, Any]]) -> str:
    """What a build made of a log, without the lineage of its rows."""
    if table == "web_use_daily":
        return f"select * exclude ({LINEAGE}) from canonical.web_use_daily"
    if table != "row_fates":
        vendor, relation = table.split("_", 1)
        return f"select * exclude ({LINEAGE}) from staging.stg_{vendor}__{relation}"
    feeds = sorted({(row["source_system"], row["feed"]) for row in expected})
    fates = [
        f"select '{vendor}' as source_system, '{feed}' as feed, row_status, status_reason"
        f" from staging.base_{vendor}__{feed}"
        for vendor, feed in feeds
    ]
    # A line that no CSV reader can split is in no base model.
    fates += [
        "select source_system, feed, 'quarantined', reason from staging.stg_intake__rejected_rows"
        f" where source_system = '{vendor}' and feed = '{feed}'"
        for vendor, feed in feeds
    ]
    return f"select *, count(*) as n_rows from ({' union all '.join(fates)}) group by all"


def _read(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """All rows of a table, and its columns (an empty table has some too)."""
    cursor = connection.execute(f'select * from "{schema}"."{table}"')
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()], columns


def compare_rows(
    table: str,
    expected: list[dict[str, Any]],
    found: list[dict[str, Any]],
    found_columns: list[str],
    examples: int = 5,
) -> TableReport:
    """Compare two lists of rows on the keys of the table."""
    report = TableReport(table, n_expected=len(expected), n_found=len(found))
    if expected:
        # The person behind a key is no column of the marts.
        wanted = [column for column in expected[0] if column != "employee_id"]
        report.absent_columns = [column for column in wanted if column not in found_columns]
        told = {*expected[0], *NO_FIGURES}
        report.unexpected_columns = [column for column in found_columns if column not in told]
        columns = [c for c in wanted if c in found_columns and c not in KEYS[table]]
    else:
        columns = []
    if any(key in report.absent_columns for key in KEYS[table]):
        report.problem = "without its key columns the table cannot be compared"
        return report
    left, right = _by_key(table, expected), _by_key(table, found)
    report.n_repeated_keys = len(expected) - len(left) + len(found) - len(right)
    missing = sorted(left.keys() - right.keys(), key=str)
    extra = sorted(right.keys() - left.keys(), key=str)
    report.n_missing, report.missing = len(missing), missing[:examples]
    report.n_extra, report.extra = len(extra), extra[:examples]
    for key in sorted(left.keys() & right.keys(), key=str):
        for column in columns:
            report.n_cells += 1
            ours, theirs = left[key][column], right[key][column]
            if not same(column, ours, theirs):
                count, shown = report.different.setdefault(column, (0, []))
                if len(shown) < examples:
                    shown.append((key, ours, theirs))
                report.different[column] = (count + 1, shown)
    return report


def same(column: str, expected: Any, found: Any) -> bool:
    """Whether two cells are equal; numbers within the tolerance, None only to None."""
    if expected is None or found is None:
        return expected is None and found is None
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int) and isinstance(found, int):
        return expected == found
    if isinstance(expected, int | float) and not isinstance(found, str):
        try:
            absolute = P_VALUE_TOLERANCE if column.startswith("p_value") else ABSOLUTE_TOLERANCE
            absolute = ROUNDED_TOLERANCE if column in ROUNDED else absolute
            return math.isclose(
                expected, float(found), rel_tol=RELATIVE_TOLERANCE, abs_tol=absolute
            )
        except (TypeError, ValueError):
            return False
    return expected == found


def _by_key(table: str, rows: list[dict[str, Any]]) -> Rows:
    return {tuple(row[column] for column in KEYS[table]): row for row in rows}


def _key_text(table: str, key: Key) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(KEYS[table], key, strict=True))


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.compare", description=__doc__)
    parser.add_argument("truth", type=Path, help="folder of a saved world, with or without tables")
    parser.add_argument("warehouse", type=Path, help="the working DuckDB database")
    parser.add_argument("--schema", default="main", help="schema of the marts")
    parser.add_argument("--examples", type=int, default=5, help="differences shown per column")
    options = parser.parse_args(arguments)
    for path in (options.truth, options.warehouse):
        if not path.exists():
            print(f"{path} does not exist", file=sys.stderr)
            return 2
    try:
        report = compare(options.truth, options.warehouse, options.schema, options.examples)
    except (duckdb.Error, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report.text())
    return 0 if report.agrees else 1


if __name__ == "__main__":
    sys.exit(main())
