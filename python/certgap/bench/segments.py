"""Usage segments: the project's SQL and vivainsights on the same person-weeks, timed and compared.

Both get a table with a row for every person and week, in memory, and say how many people are in
which segment in which week, over 12 and over 4 weeks. The definitions agree where a person has all
12 (4) weeks behind them: vivainsights judges a shorter history by the weeks there are, the project
calls it insufficient_history. Those weeks are counted and left out of the comparison; all others
must be the same, row for row.
"""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from certgap.bench.dbt_builds import Warehouse
from certgap.errors import CheckFailed, UserError

SCRIPT = Path(__file__).with_name("vivainsights_segments.py")
MODELS = ("int_segment_spans", "int_usage_segments")
REPEATS = 5
NAMES = {
    "Power User": "power",
    "Habitual User": "habitual",
    "Novice User": "novice",
    "Low User": "low",
    "Non-user": "non_user",
}


@dataclass
class SegmentMeasure:
    """Both on the same rows."""

    tool_id: str
    n_person_weeks: int
    n_compared_12w: int
    n_compared_4w: int
    seconds: float
    vivainsights_seconds: float
    vivainsights_version: str
    counts: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """For results.json."""
        return asdict(self)


def write_person_weeks(warehouse: Path, target: Path, wanted: int) -> str:
    """About ``wanted`` rows of the tool with most counted use; the tool.

    Weeks without a counted action are 0 in both: where a tool only says that somebody was active,
    vivainsights sees no use and the project does.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tool = connection.execute(
            "select tool_id from intermediate.int_active_weeks where actions > 0"
            " group by tool_id order by count(*) desc, tool_id limit 1"
        ).fetchone()
        if tool is None:
            raise UserError(f"{warehouse} has no counted use.", "Simulate a larger company.")
        connection.execute(
            f"""
            copy (
                with weeks as (
                    select week_start_date from intermediate.int_judged_weeks
                    where tool_id = '{tool[0]}'
                ), people as (
                    select employee_id from intermediate.int_employees
                    order by hash(employee_id), employee_id
                    limit (select cast(ceil({wanted} / count(*)) as bigint) from weeks)
                )
                select people.employee_id as PersonId,
                    cast(weeks.week_start_date as timestamp) as MetricDate,
                    coalesce(used.actions, 0) as Actions
                from people cross join weeks
                left join intermediate.int_active_weeks as used
                    on used.employee_id = people.employee_id and used.tool_id = '{tool[0]}'
                    and used.week_start_date = weeks.week_start_date
            ) to '{target}' (format parquet)
            """
        )
    return tool[0]


def model_sql(warehouse: Warehouse) -> dict[str, str]:
    """The SQL of the segment models as dbt compiled it."""
    results = warehouse.project.artifact("run_results.json")["results"]
    compiled = {r["unique_id"].split(".")[-1]: r["compiled_code"] for r in results}
    return {name: compiled[name] for name in MODELS}


def load_inputs(connection: duckdb.DuckDBPyConnection, rows: Path, tool: str) -> None:
    """The relations the models read, holding exactly these person-weeks and full histories."""
    connection.execute(
        f"""
        attach ':memory:' as certgap;
        create schema certgap.intermediate;
        use certgap.intermediate;
        create table person_weeks as
        select PersonId as employee_id, cast(MetricDate as date) as week_start_date,
            Actions as actions
        from read_parquet('{rows}');
        create table int_judged_weeks as
        select distinct '{tool}' as tool_id, week_start_date,
            0 as n_uncovered_days_12w, 0 as n_uncovered_days_4w
        from person_weeks;
        create table int_delivered_spans as
        select '{tool}' as tool_id, 'usage' as span_kind, min(week_start_date) as date_from
        from person_weeks;
        create table int_hire_dates as
        select distinct employee_id, cast(null as date) as hire_date,
            date '1900-01-01' as first_hire_date
        from person_weeks;
        """
    )


def define_segments(connection: duckdb.DuckDBPyConnection, sql: dict[str, str], tool: str) -> None:
    """The models' SQL over these person-weeks: weeks with use, spans and segments, all as views."""
    spans, segments = (sql[name] for name in MODELS)
    connection.execute(
        f"create view int_active_weeks as select employee_id, '{tool}' as tool_id,"
        " week_start_date, 1 as active_days, actions from person_weeks where actions > 0;"
        f"create view int_segment_spans as {spans};"
        f"create view int_usage_segments as {segments};"
    )


def our_counts(connection: duckdb.DuckDBPyConnection) -> float:
    """Table `counts`: people by week and segment; the seconds it took."""
    began = time.perf_counter()
    # Who has no row is a non-user: the project stores only weeks that some use still speaks for.
    connection.execute(
        """
        create or replace table counts as
        with used as (
            select week_start_date, segment_12w, segment_4w, count(*) as n_people
            from int_usage_segments group by all
        ), without_use as (
            select week_start_date, 'non_user' as segment_12w, 'non_user' as segment_4w,
                (select count(*) from int_hire_dates)
                - coalesce((select sum(n_people) from used where used.week_start_date
                    = int_judged_weeks.week_start_date), 0) as n_people
            from int_judged_weeks
        )
        from used union all from without_use
        """
    )
    return time.perf_counter() - began


def their_segments(python: Path, rows: Path, target: Path) -> dict[str, Any]:
    """Run vivainsights in its own environment."""
    if not python.is_file():
        raise UserError(f"There is no {python}.", "Make it: make .venv-bench/.ready")
    done = subprocess.run(
        [python, SCRIPT, rows, target], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"vivainsights failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(connection: duckdb.DuckDBPyConnection, theirs: Path) -> tuple[dict[str, int], dict]:
    """(compared rows by window, rows by segment over 12 weeks); raises where a row differs."""
    named = " ".join(f"when '{name}' then '{ours}'" for name, ours in NAMES.items())
    connection.execute(
        """
        create table segments as
        select employee_id, week_start_date,
            coalesce(found.segment_12w, 'non_user') as segment_12w,
            coalesce(found.segment_4w, 'non_user') as segment_4w
        from person_weeks
        left join int_usage_segments as found using (employee_id, week_start_date)
        """
    )
    connection.execute(
        "create table pairs as"
        " select ours.*, row_number() over (partition by employee_id order by week_start_date)"
        " as week_number, "
        + ", ".join(
            f"case UsageSegments_{window} {named} end as theirs_{window}"
            for window in ("12w", "4w")
        )
        + f" from segments as ours inner join read_parquet('{theirs}') as theirs"
        " on PersonId = employee_id and cast(MetricDate as date) = week_start_date"
    )
    compared = {}
    for window, weeks in (("12w", 12), ("4w", 4)):
        whole = f"from pairs where week_number >= {weeks}"
        compared[window], different = connection.execute(
            f"select count(*), count(*) filter (segment_{window} is distinct from theirs_{window})"
            f" {whole}"
        ).fetchone()
        if different or not compared[window]:
            rows = connection.execute(
                f"select employee_id, week_start_date, segment_{window}, theirs_{window} {whole}"
                f" and segment_{window} is distinct from theirs_{window} order by all limit 5"
            ).fetchall()
            raise CheckFailed(
                f"Segments over {window}: {different} of {compared[window]} differ, such as {rows}"
            )
    uneven = connection.execute(
        "select * from (select week_start_date, segment_12w, segment_4w, sum(n_people) from counts"
        " where n_people > 0 group by all except all select week_start_date, segment_12w,"
        " segment_4w, count(*) from pairs group by all) limit 5"
    ).fetchall()
    if uneven:
        raise CheckFailed(f"Counts by week are not those of the rows, such as {uneven}")
    counts = connection.execute(
        "select segment_12w, count(*) from pairs where week_number >= 12 group by 1 order by 1"
    ).fetchall()
    return compared, dict(counts)


def measure(warehouse: Warehouse, folder: Path, python: Path, wanted: int) -> SegmentMeasure:
    """Time both and compare every row; ours is the median of five runs."""
    rows, theirs = folder / "person_weeks.parquet", folder / "vivainsights.parquet"
    tool = write_person_weeks(warehouse.project.warehouse, rows, wanted)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {warehouse.engine.threads}")
        load_inputs(connection, rows, tool)
        define_segments(connection, model_sql(warehouse), tool)
        times = sorted(our_counts(connection) for _ in range(REPEATS))
        reference = their_segments(python, rows, theirs)
        compared, counts = compare(connection, theirs)
        n_rows = connection.execute("select count(*) from person_weeks").fetchone()[0]
    return SegmentMeasure(
        tool_id=tool,
        n_person_weeks=n_rows,
        n_compared_12w=compared["12w"],
        n_compared_4w=compared["4w"],
        seconds=times[REPEATS // 2],
        vivainsights_seconds=reference["seconds"],
        vivainsights_version=reference["version"],
        counts=counts,
    )
