"""The World: what really happened in a company, as plain tables, before any export or SQL.

Rule: everything that depends on a vendor's format, on who held an alias and on which delivery of a
row was the last one is already settled here. What is left is the metric definitions alone. Every
row is in its final state; of several `events` rows with one (source_system, event_id) the last row
counts. Dates are dates, instants are UTC without zone, a missing column is None.

employees: employee_id, timezone, country, hire_date (of the last hire), original_hire_date (of the
    first)
employment_history: employee_id, valid_from, valid_to (exclusive), seq, is_primary, recorded_at,
    manager_employee_id, employment_status, job_family, role_group, department, location
leave_periods: employee_id, leave_start, leave_end (inclusive, None = open)
events: employee_id (None = nobody owned the alias), alias_type, alias_value, source_system,
    source_course_id, event_id, event_type, occurred_at, is_date_only, success, is_voided,
    score_scaled (0 to 1), duration_seconds
courses: source_system, course_id (the source's own), source_course_id, equivalent_to,
    is_role_specific, duration_minutes, published_at, last_updated_at (of what the source lists)
surveys: source_system, response_id, question_id, employee_id (None = nobody owned the alias),
    survey_kind, value_number, value_text, responded_at (midnight = a day without a time)
outcomes: source_system, subject_type, subject_id, metric_id, period_start, period_end (inclusive),
    value, exposure
usage_days: employee_id (or None), tool_id, usage_date, surface, interactions, is_active
usage_weeks: employee_id (or None), tool_id, period_start, period_end, first_active_date,
    last_active_date, active_days, interactions
seats: employee_id (or None), tool_id, valid_from, valid_to (exclusive), status, monthly_cost; a
    seat whose alias changes hands is one row per holder
web_use: source_system, employee_id (None = nobody owned the account on the day), alias_type,
    alias_value, domain (of the seed tool_domains), usage_date, n_requests
deliveries: source_system, feed, tool_id, date_from, date_to, max_complete_date, population_scope,
    is_concealed, is_failed
newest_files: source_system, category, feed, tool_id, first_date, last_date, newest_file_date; one
    row per (source_system, feed, tool with rows in it); first_date and last_date are the first and
    last usage date (weekly: first period_start, last period_end; seats: first valid_from, None =
    always)
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_TEXT, _DAY, _FLAG = pa.string(), pa.date32(), pa.bool_()
_INSTANT, _COUNT, _NUMBER = pa.timestamp("us"), pa.int64(), pa.float64()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: dict[str, pa.Schema] = {
    "employees": _schema(
        employee_id=_TEXT, timezone=_TEXT, hire_date=_DAY, original_hire_date=_DAY, country=_TEXT
    ),
    "employment_history": _schema(
        employee_id=_TEXT,
        valid_from=_DAY,
        valid_to=_DAY,
        seq=_COUNT,
        is_primary=_FLAG,
        recorded_at=_INSTANT,
        manager_employee_id=_TEXT,
        employment_status=_TEXT,
        job_family=_TEXT,
        role_group=_TEXT,
        department=_TEXT,
        location=_TEXT,
    ),
    "leave_periods": _schema(employee_id=_TEXT, leave_start=_DAY, leave_end=_DAY),
    "events": _schema(
        employee_id=_TEXT,
        alias_type=_TEXT,
        alias_value=_TEXT,
        source_system=_TEXT,
        source_course_id=_TEXT,
        event_id=_TEXT,
        event_type=_TEXT,
        occurred_at=_INSTANT,
        is_date_only=_FLAG,
        success=_FLAG,
        is_voided=_FLAG,
        score_scaled=_NUMBER,
        duration_seconds=_NUMBER,
    ),
    "courses": _schema(
        source_system=_TEXT,
        course_id=_TEXT,
        source_course_id=_TEXT,
        equivalent_to=_TEXT,
        is_role_specific=_FLAG,
        duration_minutes=_NUMBER,
        published_at=_INSTANT,
        last_updated_at=_INSTANT,
    ),
    "surveys": _schema(
        source_system=_TEXT,
        response_id=_TEXT,
        question_id=_TEXT,
        employee_id=_TEXT,
        survey_kind=_TEXT,
        value_number=_NUMBER,
        value_text=_TEXT,
        responded_at=_INSTANT,
    ),
    "outcomes": _schema(
        source_system=_TEXT,
        subject_type=_TEXT,
        subject_id=_TEXT,
        metric_id=_TEXT,
        period_start=_DAY,
        period_end=_DAY,
        value=_NUMBER,
        exposure=_NUMBER,
    ),
    "usage_days": _schema(
        employee_id=_TEXT,
        tool_id=_TEXT,
        usage_date=_DAY,
        surface=_TEXT,
        interactions=_COUNT,
        is_active=_FLAG,
    ),
    "usage_weeks": _schema(
        employee_id=_TEXT,
        tool_id=_TEXT,
        period_start=_DAY,
        period_end=_DAY,
        first_active_date=_DAY,
        last_active_date=_DAY,
        active_days=_COUNT,
        interactions=_COUNT,
    ),
    "seats": _schema(
        employee_id=_TEXT,
        tool_id=_TEXT,
        valid_from=_DAY,
        valid_to=_DAY,
        status=_TEXT,
        monthly_cost=_NUMBER,
    ),
    "web_use": _schema(
        source_system=_TEXT,
        employee_id=_TEXT,
        alias_type=_TEXT,
        alias_value=_TEXT,
        domain=_TEXT,
        usage_date=_DAY,
        n_requests=_COUNT,
    ),
    "deliveries": _schema(
        source_system=_TEXT,
        feed=_TEXT,
        tool_id=_TEXT,
        date_from=_DAY,
        date_to=_DAY,
        max_complete_date=_DAY,
        population_scope=_TEXT,
        is_concealed=_FLAG,
        is_failed=_FLAG,
    ),
    "newest_files": _schema(
        source_system=_TEXT,
        category=_TEXT,
        feed=_TEXT,
        tool_id=_TEXT,
        first_date=_DAY,
        last_date=_DAY,
        newest_file_date=_DAY,
    ),
}

# Seeds the truth reads; the others do not change any figure.
SEEDS = [
    "tools", "course_tool_map", "programs", "program_courses", "role_groups", "benchmarks",
    "program_waves", "program_wave_members", "program_gates", "success_stories",
    "platform_contracts", "tool_releases", "tool_domains",
]  # fmt: skip


@dataclass
class Settings:
    """The dbt vars that change a figure; the defaults are those of the definitions."""

    as_of_date: date | None = None
    checkpoint_days: list[int] = field(default_factory=lambda: [30, 60, 90])
    completion_window_days: int = 90
    default_timezone: str = "UTC"
    default_adoption_target: float = 0.40
    min_cell: int = 10
    block_days: int = 7
    daily_use_days: int = 4
    habitual_blocks: int = 3
    leave_days: int = 5
    baseline_days: int = 28
    manager_chain_steps: int = 10
    curve_weeks_before: int = 4
    curve_weeks_after: int = 26
    curve_managers: bool = True
    lapse_days: int = 28
    segment_habit_weeks: int = 9
    segment_power_actions: int = 15
    segment_novice_actions: int = 1
    effect_months: int = 12
    effect_leads: int = 6
    effect_controls: str = "not_yet_treated"
    effect_min_clusters: int = 20
    effect_relevant_points: int = 10
    effect_planning_points: list[int] = field(default_factory=lambda: [2, 5, 10, 15, 20])
    readiness_tool_share: float = 0.90
    readiness_manager_share: float = 0.80
    manager_lead_days: int = 28
    role_specific_share: float = 0.50
    follow_up_share: float = 0.50
    follow_up_days: int = 90
    change_budget_share: float = 0.30
    diagnostic_warn_share: float = 0.50
    idle_days: int = 30
    portfolio_overlap_rate: float = 0.5
    portfolio_small_share: float = 0.1
    integrity_short_share: float = 0.25
    integrity_burst_people: int = 5
    integrity_burst_minutes: int = 60
    integrity_same_answers: int = 3
    integrity_answer_characters: int = 40
    integrity_answer_days: int = 14
    integrity_deadline_days: int = 2
    integrity_deadline_factor: int = 3
    integrity_deadline_people: int = 5
    survey_days: int = 30
    survey_pre_days: int = 120
    example_failing_share: float = 0.40
    content_cadence_days: int = 92
    content_stale_releases: int = 2
    web_log_gap_days: int = 4
    outcome_directions: dict[str, str] = field(
        default_factory=lambda: {
            "production_contributions": "up",
            "first_submission_error_rate": "down",
            "external_advisory_spend": "down",
        }
    )
    # Never written to disk; None = CERTGAP_PSEUDONYM_KEY.
    pseudonym_key: str | None = None

    def key(self) -> str:
        """The secret of the pseudonyms."""
        key = self.pseudonym_key or os.environ.get("CERTGAP_PSEUDONYM_KEY")
        if not key:
            raise ValueError("no pseudonym key: set CERTGAP_PSEUDONYM_KEY to the one of the build")
        return key

    def to_json(self) -> str:
        """The settings without the secret."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "pseudonym_key"}
        return json.dumps(values, default=str, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The settings of a saved world; unknown entries are an error."""
        values = json.loads(text)
        if values.get("as_of_date"):
            values["as_of_date"] = date.fromisoformat(values["as_of_date"])
        return cls(**values)


Rows = pa.Table | list[dict[str, Any]]


def _empty() -> list[dict[str, Any]]:
    return []


@dataclass
class World:
    """All tables of one company; lists of dicts (missing columns are None) become Arrow tables."""

    employees: Rows = field(default_factory=_empty)
    employment_history: Rows = field(default_factory=_empty)
    leave_periods: Rows = field(default_factory=_empty)
    events: Rows = field(default_factory=_empty)
    courses: Rows = field(default_factory=_empty)
    surveys: Rows = field(default_factory=_empty)
    outcomes: Rows = field(default_factory=_empty)
    usage_days: Rows = field(default_factory=_empty)
    usage_weeks: Rows = field(default_factory=_empty)
    seats: Rows = field(default_factory=_empty)
    web_use: Rows = field(default_factory=_empty)
    deliveries: Rows = field(default_factory=_empty)
    newest_files: Rows = field(default_factory=_empty)
    reference: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        """Give every table its schema, and every seed its types."""
        for name, schema in SCHEMAS.items():
            setattr(self, name, as_table(name, getattr(self, name), schema))
        self.reference = {
            seed: [typed_seed_row(row) for row in self.reference.get(seed, [])] for seed in SEEDS
        }

    def table(self, name: str) -> pa.Table:
        """One table."""
        return getattr(self, name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """One table as dicts; for tables that are not large."""
        return self.table(name).to_pylist()

    def columns(self, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Tuples of the named columns, chunk by chunk; for the large tables."""
        for batch in self.table(name).select(list(columns)).to_batches(max_chunksize=200_000):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def save(self, folder: Path | str) -> None:
        """Write `<table>.parquet`, `reference.json` and `settings.json`; never the key."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in SCHEMAS:
            pq.write_table(self.table(name), folder / f"{name}.parquet")
        reference = json.dumps(self.reference, default=str, indent=1, sort_keys=True)
        (folder / "reference.json").write_text(reference + "\n", encoding="utf-8")
        (folder / "settings.json").write_text(self.settings.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | str) -> World:
        """A saved world."""
        folder = Path(folder)
        tables = {name: pq.read_table(folder / f"{name}.parquet") for name in SCHEMAS}
        reference = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
        settings = Settings.from_json((folder / "settings.json").read_text(encoding="utf-8"))
        return cls(**tables, reference=reference, settings=settings)


def as_table(name: str, rows: Rows, schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table with exactly the columns of `schema`; missing columns are null."""
    if isinstance(rows, list):
        unknown = {column for row in rows for column in row} - set(schema.names)
        if unknown:
            raise ValueError(f"world table {name} has no column {', '.join(sorted(unknown))}")
        return pa.Table.from_pylist(rows, schema=schema)
    columns = []
    for column in schema:
        if column.name in rows.column_names:
            columns.append(rows.column(column.name).cast(column.type))
        else:
            columns.append(pa.nulls(rows.num_rows, column.type))
    return pa.table(columns, schema=schema)


_SEED_DAYS = {
    "valid_from", "valid_to", "starts_on", "ends_on", "met_on", "published_on", "contract_start",
    "contract_end", "released_on"
}  # fmt: skip
_SEED_COUNTS = {
    "restatement_lag_days", "completion_window_days", "seats", "refresh_cadence_months"
}  # fmt: skip
_SEED_NUMBERS = {
    "adoption_target", "low", "high", "training_budget", "change_budget", "annual_cost"
}  # fmt: skip
_SEED_FLAGS = {
    "is_required", "is_approved", "has_outcome_data_clause", "integrates_xapi", "integrates_scorm",
    "is_consumer_tool",
}  # fmt: skip


def typed_seed_row(row: dict[str, Any]) -> dict[str, Any]:
    """A seed row with its dates, numbers and flags typed; empty text is None."""
    return {column: _typed(column, value) for column, value in row.items()}


def _typed(column: str, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    if column in _SEED_DAYS:
        return date.fromisoformat(value)
    if column in _SEED_COUNTS:
        return int(value)
    if column in _SEED_NUMBERS:
        return float(value)
    if column in _SEED_FLAGS:
        return value.lower() in {"true", "t", "1", "yes"}
    return value


def read_seeds(folder: Path | str) -> dict[str, list[dict[str, Any]]]:
    """The seeds the truth reads, from a folder of CSV files."""
    reference = {}
    for seed in SEEDS:
        path = Path(folder) / f"{seed}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            reference[seed] = list(csv.DictReader(file))
    return reference
