"""What must hold between the figures of a random company and those of it told otherwise.

A property takes a Trial and returns sentences about what breaks it. No truth is needed here: two
builds of the project's own SQL are compared, so that a mistake which the SQL and the truth share
shows, too. ``python -m certgap.worlds.try_properties 30`` tries them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import duckdb

from certgap.compare import ABSOLUTE_TOLERANCE, KEYS, compare_rows
from certgap.truth.employment import pseudonym
from certgap.truth.expected import TABLES
from certgap.worlds import retelling
from certgap.worlds.drawing import Dice, after
from certgap.worlds.identities import IDENTITIES, Row, Tables, where
from certgap.worlds.learning import SOURCE
from certgap.worlds.random_company import RandomCompany
from certgap.worlds.sql_models import CompiledModels

FACT = "fct_learner_tool_checkpoints"
WEEK = 7
YEARS = 28  # after which every date has its weekday, and every clock change its date, again
# Tables that are made of calendar months or quarters in every row.
OF_MONTHS = {"training_effects", "effect_power", "board_summary", "outcome_changes", "shadow_ai"}
# What content_freshness says of a course itself.
OF_A_COURSE = {
    *("program_id", "tool_id", "course_id", "platform", "checkpoint_day", "is_taught"),
    *("content_date", "n_days_since_update", "is_within_cadence", "latest_release_date"),
    *("n_releases_since", "content_status", "not_measured_reason", "as_of_date"),
}
# Rates that a person who uses nothing cannot raise; completion is not among them.
RATES_OF_USE = {
    "adoption_rates": [
        "adoption_rate", "adoption_rate_if_leavers_none", "conversion_rate", "retention_rate",
    ],
    "manager_cohorts": ["adoption_rate", "reversion_rate_30_60", "reversion_rate_60_90"],
    "manager_activation_effects": [
        "adoption_rate", "reversion_rate_30_60", "reversion_rate_60_90",
    ],
    "certification_gaps": ["adoption_rate"],
    "adoption_curves": ["active_rate", "first_use_rate"],
    "usage_segments": ["active_rate", "daily_rate", "monthly_active_rate", "tried_rate"],
}  # fmt: skip
COUNTS_OF_USE = {
    "adoption_rates": [
        "n_adopted", "n_tried", "n_habitual", "n_daily", "n_new_adopted", "n_existing_adopted",
        "n_existing",
    ],
    "manager_cohorts": ["n_adopted", "n_at_risk_30_60", "n_at_risk_60_90"],
    "manager_activation_effects": ["n_adopted", "n_at_risk_30_60", "n_at_risk_60_90"],
    "adoption_funnels": ["n_tried", "n_weekly_active", "n_habitual"],
    "adoption_curves": ["n_active", "n_reverted", "n_first_use", "n_using"],
    "usage_segments": [
        "n_active", "n_daily", "n_monthly_active", "n_tried", "n_low_12w", "n_novice_12w",
        "n_habitual_12w", "n_power_12w", "n_newly_active", "n_retained", "n_resurrected",
        "n_lapsed",
    ],
}  # fmt: skip


def read_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Every compared table as rows."""
    tables = {}
    for table in TABLES:
        cursor = connection.execute(f"select * from {table}")
        columns = [column[0] for column in cursor.description]
        tables[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return tables


@dataclass
class Trial:
    """One random company, and what works out its figures however it is told."""

    models: CompiledModels
    company: RandomCompany
    dice: Dice = field(init=False)

    def __post_init__(self) -> None:
        """Choices of the properties follow the company's seed."""
        self.dice = Dice(self.company.seed)

    def tables(self, company: RandomCompany, as_of_date: date | None = None) -> Tables:
        """The figures of the company as it is told here."""
        with self.models.run(company, as_of_date) as connection:
            return read_tables(connection)

    @cached_property
    def before(self) -> Tables:
        """The figures of the company as it was drawn."""
        return self.tables(self.company)

    @property
    def as_of_date(self) -> date:
        """The last judged day; without any row, the last day delivered."""
        days = [row["as_of_date"] for rows in self.before.values() for row in rows[:1]]
        delivered = [day for rows in self.company.feeds.rows.values() for day, _ in rows]
        return days[0] if days else max(delivered)


def differences(
    before: Tables, now: Tables, *, ignored: tuple[str, ...] = ("rules_hash",)
) -> list[str]:
    """Every row and cell that is not as it was, table by table."""
    found = []
    for table, rows in before.items():
        kept = [{c: v for c, v in row.items() if c not in ignored} for row in rows]
        columns = [c for c in now[table][0] if c not in ignored] if now[table] else []
        report = compare_rows(table, kept, now[table], columns)
        if not report.agrees and (kept or now[table]):
            found += report.lines()
    return found


def changed(tables: Tables, change: Callable[[str, Any], Any]) -> Tables:
    """Every cell by a function of its column and value."""
    return {
        table: [{column: change(column, value) for column, value in row.items()} for row in rows]
        for table, rows in tables.items()
    }


# ---- the properties ---------------------------------------------------------------------------


def identities_hold(trial: Trial) -> list[str]:
    """Section 5: statuses add up to completions, parts are no more than the whole, and so on;
    stages of a funnel only narrow."""
    return [f"{check.__name__}: {text}" for check in IDENTITIES for text in check(trial.before)]


def the_order_of_files_and_rows_changes_no_figure(trial: Trial) -> list[str]:
    """Files read in another order, rows shuffled within them, reference data shuffled."""
    told = retelling.in_another_order(trial.company, trial.dice)
    return differences(trial.before, trial.tables(told), ignored=())


def the_day_of_delivery_changes_no_figure(trial: Trial) -> list[str]:
    """Rows of increments come with other files, as long as the newest version stays the newest."""
    told = retelling.told_on_other_days(trial.company, trial.dice)
    return differences(trial.before, trial.tables(told), ignored=())


def deliveries_that_come_twice_change_no_figure(trial: Trial) -> list[str]:
    """Rows again in their own file and in later files, snapshots twice."""
    told = retelling.told_twice(trial.company, trial.dice)
    return differences(trial.before, trial.tables(told), ignored=())


def other_names_change_no_figure(trial: Trial) -> list[str]:
    """Ids of people, addresses, tools, courses, programs and rows are but names."""
    told, names = retelling.renamed(trial.company, trial.dice)
    key = trial.models.key
    new = {pseudonym(key, old): pseudonym(key, name) for old, name in names.items()}
    for seed, column in (
        ("tools", "tool_id"), ("programs", "program_id"), ("program_waves", "wave_id"),
    ):  # fmt: skip
        new |= {row[column]: names[row[column]] for row in trial.company.seeds[seed]}
    courses = {row["course_id"] for _, row in trial.company.feeds.rows["lms", "courses"]}
    courses |= {row["source_course_id"] for row in trial.company.seeds["course_tool_map"]}
    new |= {f"{SOURCE}:{course}": f"{SOURCE}:{names[course]}" for course in courses}

    def rename(column: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if column == "effect_verdicts":  # "tool: words; tool: words", in the order of the names
            said = [part.split(": ", 1) for part in value.split("; ")]
            return "; ".join(sorted(f"{new.get(tool, tool)}: {words}" for tool, words in said))
        return "|".join(new.get(part, part) for part in value.split("|"))

    before, now = changed(trial.before, rename), trial.tables(told)
    before, now = with_shared_ranks(before), with_shared_ranks(now)
    return differences(without_ties_of_courses(before), without_ties_of_courses(now))


def with_shared_ranks(tables: Tables) -> Tables:
    """Equal priorities stand in the order of their names: here they share the best rank."""
    tied = ("program_id", "tool_id", "checkpoint_day", "dimension", "is_significant")
    best: dict[tuple, int] = {}
    rows = sorted(tables["gap_priorities"], key=lambda row: row["priority_rank"])
    keys = [(*(row[name] for name in tied), round(row["missing_adopters"], 9)) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        best.setdefault(key, row["priority_rank"])
    shared = [row | {"priority_rank": best[key]} for key, row in zip(keys, rows, strict=True)]
    return tables | {"gap_priorities": shared}


def without_ties_of_courses(tables: Tables) -> Tables:
    """Of courses that are completed at one instant and equally new, the first by name counts: here
    single courses keep what is no count of units."""
    kept = [
        row if row["course_id"] == "all" else {c: v for c, v in row.items() if c in OF_A_COURSE}
        for row in tables["content_freshness"]
    ]
    columns = {column for row in kept for column in row}
    return tables | {"content_freshness": [dict.fromkeys(columns) | row for row in kept]}


def a_calendar_shifted_by_years_changes_no_figure(trial: Trial) -> list[str]:
    """Everything 28 years later, months and summer time included."""
    days = YEARS * 1461 // 4
    tables = trial.tables(retelling.shifted(trial.company, days))

    def back(column: str, value: Any) -> Any:
        if isinstance(value, date):
            return value - timedelta(days=days)
        if column == "completion_quarter" and value[:4].isdigit():
            return f"{int(value[:4]) - YEARS}{value[4:]}"
        is_month = column in ("dimension_value", "aggregation_value", "usage_month")
        if is_month and isinstance(value, str) and value[:4].isdigit():
            year, dash, month = value.partition("-")
            return f"{int(year) - YEARS}-{month}" if dash and len(month) == 2 else value
        return value

    return differences(trial.before, changed(tables, back))


def a_calendar_shifted_by_weeks_changes_no_figure(trial: Trial) -> list[str]:
    """Everything some weeks later, where no clock is ever changed; what is of months apart."""
    days = WEEK * trial.dice.randint(1, 60)
    steady = retelling.in_steady_zones(trial.company, trial.dice)

    def back(_: str, value: Any) -> Any:
        return value - timedelta(days=days) if isinstance(value, date) else value

    def without_months(tables: Tables) -> Tables:
        return {
            table: [row for row in rows if row.get("dimension") != "completion_month"]
            for table, rows in tables.items()
            if table not in OF_MONTHS
        }

    before = without_months(trial.tables(steady))
    now = without_months(changed(trial.tables(retelling.shifted(steady, days)), back))
    if (
        trial.models.variables.get("default_timezone", "UTC") != "UTC"
    ):  # of those whom nobody can name
        before, now = attributed_only(before), attributed_only(now)
    return differences(before, now)


def attributed_only(tables: Tables) -> Tables:
    """Without the rows of completers nobody could be named for; platforms count them among all."""
    return {
        table: [row for row in rows if row.get("dimension") != "unattributed"]
        for table, rows in tables.items()
        if table != "platform_portfolio"
    }


def a_non_user_never_raises_a_rate(trial: Trial) -> list[str]:
    """One more person who learned and never used anything."""
    learned = {row["employee_key"] for row in trial.before[FACT]}
    people = [p for p in steady_owners(trial.company) if pseudonym(trial.models.key, p) in learned]
    if not people:
        return []
    now = trial.tables(retelling.with_twin(trial.company, trial.dice.choice(people)))
    found = []
    for table, row, then in pairs(trial.before, now):
        for rate in RATES_OF_USE.get(table, ()):
            earlier, later = then[rate], row[rate]
            if earlier is not None and (later is None or later > earlier + ABSOLUTE_TOLERANCE):
                found.append(f"{table} {where(row)}: {rate} {earlier} became {later}")
        for count in COUNTS_OF_USE.get(table, ()):
            if then[count] != row[count]:
                found.append(f"{table} {where(row)}: {count} {then[count]} became {row[count]}")
    if len(now[FACT]) <= len(trial.before[FACT]):
        found.append("the person has no unit")
    return found


def steady_owners(company: RandomCompany) -> list[str]:
    """Who alone and always has the address that bears their number, and never had another one.

    What the twin of `retelling.with_twin` learned came by that address: somebody may owe all of
    their units to another one.
    """
    owners: dict[str, set[str]] = {}
    addresses: dict[str, set[str]] = {}
    came_or_went = set()
    for _, row in company.feeds.rows["hris", "identity_aliases"]:
        person, address = row["employee_id"], row["alias_value"]
        owners.setdefault(address, set()).add(person)
        addresses.setdefault(person, set()).add(address)
        if row["valid_from"] or row["valid_to"]:
            came_or_went.add(person)
    numbered = ((person, f"p{int(person[1:])}@example.com") for person in addresses)
    return [
        person
        for person, address in numbered
        if addresses[person] == {address}
        and owners[address] == {person}
        and person not in came_or_went
    ]


def pairs(before: Tables, now: Tables) -> Iterator[tuple[str, Row, Row]]:
    """Table, row now, row before, for each key of before; a KeyError if a row is gone."""
    for table, rows in before.items():
        if table not in RATES_OF_USE and table not in COUNTS_OF_USE:
            continue
        found = {tuple(row[name] for name in KEYS[table]): row for row in now[table]}
        for row in rows:
            yield table, found[tuple(row[name] for name in KEYS[table])], row


def a_window_closed_on_an_earlier_day_says_the_same(trial: Trial) -> list[str]:
    """A unit judged as of an earlier day is judged as of today, with every cell as it was."""
    earlier = after(trial.as_of_date, -trial.dice.randint(7, 90))
    then = trial.tables(trial.company, earlier)[FACT]
    closed = [row for row in then if row["status"] != "window_open"]
    key = KEYS[FACT]
    wanted = {tuple(row[name] for name in key) for row in closed}
    now = [r for r in trial.before[FACT] if tuple(r[name] for name in key) in wanted]
    return differences({FACT: closed}, {FACT: now}, ignored=("as_of_date", "rules_hash"))


def a_closed_window_never_reopens(trial: Trial) -> list[str]:
    """What was judged with the deliveries of a day is not undecided with those of a later day."""
    happened = retelling.as_it_happened(trial.company)
    last = after(trial.as_of_date, -trial.dice.randint(7, 90))
    key = [*KEYS[FACT], "completion_date"]
    then, now = (
        {tuple(row[name] for name in key): row["status"] for row in self_[FACT]}
        for self_ in (
            trial.tables(retelling.received_until(happened, last)),
            trial.tables(happened),
        )
    )
    return [
        f"{key}: {status} with the deliveries up to {last}, window_open later"
        for key, status in then.items()
        if status != "window_open" and now.get(key) == "window_open"
    ]


Property = Callable[[Trial], list[str]]
PROPERTIES: list[Property] = [
    identities_hold,
    the_order_of_files_and_rows_changes_no_figure,
    the_day_of_delivery_changes_no_figure,
    deliveries_that_come_twice_change_no_figure,
    other_names_change_no_figure,
    a_calendar_shifted_by_years_changes_no_figure,
    a_calendar_shifted_by_weeks_changes_no_figure,
    a_non_user_never_raises_a_rate,
    a_window_closed_on_an_earlier_day_says_the_same,
    a_closed_window_never_reopens,
]


def broken_properties(trial: Trial) -> dict[str, list[str]]:
    """What breaks each property; nothing where all of them hold."""
    found = {holds.__name__: holds(trial) for holds in PROPERTIES}
    return {name: texts for name, texts in found.items() if texts}
