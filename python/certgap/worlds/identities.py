"""What must hold between the figures of one and the same build, whatever the company.

Each function returns sentences about the rows that break it, none when all is well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from certgap.compare import ABSOLUTE_TOLERANCE, same

Row = dict[str, Any]
Tables = dict[str, list[Row]]

STATUSES = [
    "window_open", "left_before_day_n", "feed_gap", "licence_unknown", "no_licence", "on_leave",
    "eligible",
]  # fmt: skip
UNATTRIBUTED = "unattributed"
CELL = ("program_id", "tool_id", "checkpoint_day")
UNITS = ("n_completed", "n_eligible", "n_adopted")
CONTENTS = (
    "n_unknown_version", "n_not_measured", "n_judged", "n_stale", "n_rest", "n_eligible_stale",
    "n_adopted_stale", "n_eligible_rest", "n_adopted_rest",
)  # fmt: skip
STAGES = ["n_assigned", "n_completed", "n_licensed", "n_tried", "n_weekly_active", "n_habitual"]
# Table -> rate -> (numerator, denominator); names of columns, or functions of the row.
Count = str | Callable[[Row], int]
RATES: dict[str, dict[str, tuple[Count, Count]]] = {
    "adoption_rates": {
        "completion_rate": ("n_assigned_completed", "n_assigned"),
        "adoption_rate": ("n_adopted", "n_eligible"),
        "conversion_rate": ("n_new_adopted", "n_new"),
        "retention_rate": ("n_existing_adopted", "n_existing"),
        "adoption_rate_if_leavers_none": (
            "n_adopted", lambda row: row["n_eligible"] + row["n_left_before_day_n"],
        ),
        "adoption_rate_if_leavers_all": (
            lambda row: row["n_adopted"] + row["n_left_before_day_n"],
            lambda row: row["n_eligible"] + row["n_left_before_day_n"],
        ),
    },
    "manager_cohorts": {
        "completion_rate": ("n_reports_completed", "n_reports_assigned"),
        "adoption_rate": ("n_adopted", "n_eligible"),
        "reversion_rate_30_60": ("n_reverted_30_60", "n_at_risk_30_60"),
        "reversion_rate_60_90": ("n_reverted_60_90", "n_at_risk_60_90"),
    },
    "manager_activation_effects": {
        "adoption_rate": ("n_adopted", "n_eligible"),
        "reversion_rate_30_60": ("n_reverted_30_60", "n_at_risk_30_60"),
        "reversion_rate_60_90": ("n_reverted_60_90", "n_at_risk_60_90"),
    },
    "completion_integrity": {
        "suspicious_rate": (
            "n_suspicious", lambda row: row["n_judged"] if row["is_measured"] else None,
        ),
        "adoption_rate_suspicious": ("n_adopted_suspicious", "n_eligible_suspicious"),
        "adoption_rate_rest": ("n_adopted_rest", "n_eligible_rest"),
    },
    "content_freshness": {
        "stale_rate": ("n_stale", lambda row: row["n_judged"] or None),
        "adoption_rate": ("n_adopted", "n_eligible"),
        "adoption_rate_stale": ("n_adopted_stale", "n_eligible_stale"),
        "adoption_rate_rest": ("n_adopted_rest", "n_eligible_rest"),
    },
    "kirkpatrick_levels": {
        "coverage_rate": ("n_answered", "n_could_answer"),
        "adoption_rate": ("n_adopted", "n_eligible"),
    },
    "adoption_curves": {
        "active_rate": ("n_active", "n_at_risk"),
        "reversion_rate": ("n_reverted", "n_reversion_at_risk"),
    },
    "usage_segments": {
        "active_rate": ("n_active", "n_people"),
        "daily_rate": ("n_daily", "n_people"),
        "monthly_active_rate": ("n_monthly_active", "n_people"),
        "tried_rate": ("n_tried", "n_people"),
    },
    "licence_value": {
        "idle_rate": ("n_idle_seats", "n_judged_seats"),
        "untrained_rate": ("n_untrained_seats", "n_seats"),
        "not_using_rate": ("n_completers_not_using", "n_judged_completers"),
    },
    "shadow_ai": {
        "shadow_use_rate": ("n_shadow_users", "n_people"),
        "trained_shadow_use_rate": ("n_trained_shadow_users", "n_trained"),
        "untrained_shadow_use_rate": ("n_untrained_shadow_users", "n_untrained"),
        "stopped_rate": ("n_stopped", "n_shadow_before"),
    },
}  # fmt: skip
# Flags of which the first cannot be without the second.
IMPLIED = [
    ("is_adopted", "is_tried"), ("is_daily", "is_adopted"), ("is_habitual", "is_tried"),
]  # fmt: skip
EXHAUSTIVE = [
    "track", "audience", "role_group", "department", "location", "manager", "platform",
    "completion_month",
]  # fmt: skip
SUMMED = [
    "n_assigned", "n_assigned_completed", "n_completed", "n_self_enrolled", "n_eligible",
    "n_adopted", "n_window_open", "n_left_before_day_n", "n_feed_gap", "n_licence_unknown",
    "n_no_licence", "n_on_leave", "n_new", "n_new_adopted", "n_existing", "n_existing_adopted",
    "n_tried", "n_habitual", "n_daily",
]  # fmt: skip


def where(row: Row) -> str:
    """Which row it is."""
    names = [*CELL, "dimension", "dimension_value", "week_number", "week_start_date"]
    return ", ".join(f"{name}={row[name]}" for name in names if name in row)


def attributed(rows: list[Row]) -> list[Row]:
    """Without the rows of completers nobody could be named for."""
    return [row for row in rows if row.get("dimension") != UNATTRIBUTED]


def one_status(tables: Tables) -> Iterator[str]:
    """Each unit and checkpoint has one of the seven statuses, and flags exactly if eligible."""
    facts = tables["fct_learner_tool_checkpoints"]
    keys = Counter(
        (r["employee_key"], r["tool_id"], r["program_id"], r["checkpoint_day"]) for r in facts
    )
    yield from (f"{key} has {count} rows" for key, count in keys.items() if count > 1)
    for row in facts:
        what = f"{row['employee_key']}, {row['tool_id']}, {row['checkpoint_day']}"
        if row["status"] not in STATUSES:
            yield f"{what}: status {row['status']}"
        if (row["status"] == "eligible") == (row["is_adopted"] is None):
            yield f"{what}: {row['status']} and is_adopted {row['is_adopted']}"
        for flag, implied in IMPLIED:
            if row[flag] and not row[implied]:
                yield f"{what}: {flag} without {implied}"


def denominators_add_up(tables: Tables) -> Iterator[str]:
    """Completed is the sum of the seven statuses, in every row of every aggregate."""
    for row in attributed(tables["adoption_rates"]):
        parts = row["n_eligible"] + sum(row[f"n_{status}"] for status in STATUSES[:-1])
        if row["n_completed"] != parts:
            yield f"{where(row)}: completed {row['n_completed']}, statuses {parts}"
        if row["n_new"] + row["n_existing"] > row["n_eligible"]:
            yield f"{where(row)}: more new and existing users than eligible ones"


def parts_are_no_more_than_the_whole(tables: Tables) -> Iterator[str]:
    """Every numerator is at most its denominator, the rate is their quotient, NULL without any."""
    for table, rates in RATES.items():
        for row in attributed(tables[table]):
            for rate, (of, among) in rates.items():
                part, whole = _count(row, of), _count(row, among)
                if part is None and whole is None:
                    continue  # flags that exist at some checkpoints only
                expected = part / whole if whole else None
                if part > whole or not same(rate, expected, row[rate]):
                    yield f"{table} {where(row)}: {rate} {row[rate]} is not {part} of {whole}"
                if f"{rate}_low" in row and not _is_within(row, rate):
                    low, high = row[f"{rate}_low"], row[f"{rate}_high"]
                    yield f"{table} {where(row)}: {rate} {row[rate]} outside {low} to {high}"


def _is_within(row: Row, rate: str) -> bool:
    """Whether a rate lies within its interval, and the interval within 0 and 1."""
    low, value, high = row[f"{rate}_low"], row[rate], row[f"{rate}_high"]
    if value is None:
        return low is None and high is None
    little = ABSOLUTE_TOLERANCE
    return -little <= low <= value + little and value - little <= high <= 1 + little


def _count(row: Row, count: Count) -> Any:
    return row[count] if isinstance(count, str) else count(row)


def dimensions_add_up(tables: Tables) -> Iterator[str]:
    """The values of a dimension add up to `all`; tools add up to the row of all tools."""
    rows = attributed(tables["adoption_rates"])
    whole = {_cell(row): row for row in rows if row["dimension"] == "all"}
    sums: dict[tuple, Counter] = defaultdict(Counter)
    for row in rows:
        if row["dimension"] in EXHAUSTIVE:
            sums[(*_cell(row), row["dimension"])].update({name: row[name] for name in SUMMED})
        elif row["dimension"] == "all" and row["tool_id"] != "all":
            cell = (row["program_id"], "all", row["checkpoint_day"])
            sums[(*cell, "each tool")].update({name: row[name] for name in SUMMED})
    for key, counts in sums.items():
        for name in SUMMED:
            if counts[name] != whole[key[:3]][name]:
                yield f"{key}: {name} adds up to {counts[name]}, not {whole[key[:3]][name]}"
    missing = {(*cell, dimension) for cell in whole for dimension in EXHAUSTIVE} - sums.keys()
    yield from (f"{key} has no rows" for key in sorted(missing, key=str))


def aggregates_count_the_units(tables: Tables) -> Iterator[str]:
    """The rows of all people count what stands unit by unit in the fact."""
    counts: dict[tuple, Counter] = defaultdict(Counter)
    for fact in tables["fct_learner_tool_checkpoints"]:
        for tool in (fact["tool_id"], "all"):
            cell = counts[fact["program_id"] or "all", tool, fact["checkpoint_day"]]
            cell["n_completed"] += 1
            if fact["status"] != "eligible":
                cell[f"n_{fact['status']}"] += 1
                continue
            cell["n_eligible"] += 1
            cell["n_new"] += fact["baseline_status"] == "new"
            cell["n_existing"] += fact["baseline_status"] == "existing"
            for flag in ("adopted", "tried", "habitual", "daily"):
                cell[f"n_{flag}"] += fact[f"is_{flag}"]
    for row in tables["adoption_rates"]:
        if row["dimension"] == "all":
            found = counts.pop(_cell(row), Counter())
            for name in SUMMED:
                if name in found and found[name] != row[name]:
                    yield f"{where(row)}: {name} {row[name]}, but {found[name]} units"
            if row["n_completed"] != found["n_completed"]:
                yield f"{where(row)}: completed {row['n_completed']}, {found['n_completed']} units"
    yield from (f"{cell} has units and no row" for cell in counts)


def gaps_follow_from_rates(tables: Tables) -> Iterator[str]:
    """The gap is completion minus adoption; missing adopters are never negative; shares and
    contributions sum."""
    shares: dict[tuple, list[float]] = defaultdict(list)
    contributions: dict[tuple, list[float]] = defaultdict(list)
    for row in tables["certification_gaps"]:
        completion, adoption = row["completion_rate"], row["adoption_rate"]
        gap = None if None in (completion, adoption) else completion - adoption
        if not same("certification_gap", gap, row["certification_gap"]):
            yield f"{where(row)}: gap {row['certification_gap']} of {completion} and {adoption}"
        missing = max(0.0, row["target_rate"] * row["n_eligible"] - row["n_adopted"])
        if abs(missing - row["missing_adopters"]) > 1e-8:
            yield f"{where(row)}: {row['missing_adopters']} missing adopters, not {missing}"
        if row["share_of_missing_adopters"] is not None:
            key = (*_cell(row), row["dimension"])
            shares[key].append(row["share_of_missing_adopters"])
        if row["contribution_rate"] is not None:
            key = (*_cell(row), row["dimension"])
            contributions[key].append(row["contribution_rate"])
        if (row["p_value"] is None) != (row["p_value_adjusted"] is None):
            yield f"{where(row)}: p-value {row['p_value']}, adjusted {row['p_value_adjusted']}"
        if row["p_value"] is not None and row["p_value_adjusted"] < row["p_value"] - 1e-12:
            yield f"{where(row)}: the adjusted p-value is smaller"
    for key, parts in shares.items():
        if abs(sum(parts) - 1) > 1e-9:
            yield f"{key}: shares of missing adopters add up to {sum(parts)}"
    for key, parts in contributions.items():
        if abs(sum(parts) - 1) > 1e-9:
            yield f"{key}: contributions to the gap add up to {sum(parts)}"


def funnels_only_narrow(tables: Tables) -> Iterator[str]:
    """Each stage of a funnel counts at most the stage before."""
    for row in tables["adoption_funnels"]:
        for earlier, later in pairwise(STAGES):
            if row[later] > row[earlier]:
                yield f"{where(row)}: {later} {row[later]} > {earlier} {row[earlier]}"
        rest = row["n_licensed"] + row["n_no_licence"] + row["n_not_judged"]
        if row["n_completed"] != rest:
            yield f"{where(row)}: {row['n_completed']} completed, {rest} after it"


def segments_add_up(tables: Tables) -> Iterator[str]:
    """Each person of a week is in one segment, and in one transition."""
    kinds = ["non_user", "low", "novice", "habitual", "power", "insufficient_history"]
    for row in tables["usage_segments"]:
        for weeks in ("12w", "4w"):
            total = sum(row[f"n_{kind}_{weeks}"] for kind in kinds)
            if total != row["n_people"]:
                yield f"{where(row)}: {total} in segments of {weeks}, {row['n_people']} people"


def courses_add_up(tables: Tables) -> Iterator[str]:
    """The courses of a tool add up to its row `all`, which counts the units of adoption_rates."""
    units = {_cell(r): r for r in tables["adoption_rates"] if r["dimension"] == "all"}
    sums: dict[tuple, Counter] = defaultdict(Counter)
    for row in tables["content_freshness"]:
        parts = [row[name] or 0 for name in ("n_stale", "n_rest")]
        if sum(parts) + row["n_unknown_version"] + row["n_not_measured"] != row["n_completed"]:
            yield f"{where(row)}, {row['course_id']}: units are of several kinds, or of none"
        if row["course_id"] != "all":
            counts = {name: row[name] or 0 for name in (*CONTENTS, *UNITS)}
            sums[_cell(row)].update(counts)
    for row in tables["content_freshness"]:
        if row["course_id"] == "all":
            for name in (*CONTENTS, *UNITS):
                if (row[name] or 0) != sums[_cell(row)][name]:
                    yield f"{where(row)}: {name} {row[name]}, courses {sums[_cell(row)][name]}"
            whole = units.get(_cell(row), {})
            for name in UNITS:
                if row[name] != whole.get(name, 0):
                    yield f"{where(row)}: {name} {row[name]}, not {whole.get(name, 0)}"


IDENTITIES: list[Callable[[Tables], Iterable[str]]] = [
    one_status, denominators_add_up, parts_are_no_more_than_the_whole, dimensions_add_up,
    aggregates_count_the_units, gaps_follow_from_rates, funnels_only_narrow, segments_add_up,
    courses_add_up,
]  # fmt: skip


def _cell(row: Row) -> tuple:
    return tuple(row[name] for name in CELL)
