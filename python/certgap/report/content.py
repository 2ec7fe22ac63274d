"""The executive report as sections: what is said, drawn and listed. Pages only lay it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from certgap.report import charts
from certgap.report.reading import LEAD_BINS, Figures, Row
from certgap.report.summary import NOT_JUDGED
from certgap.report.words import (
    HIDDEN,
    NOBODY,
    count,
    interval,
    listed,
    named,
    percent,
    points,
    spread,
)

# Statuses of a completed unit, with the words for a reader.
STATUSES = {"n_eligible": "judged", **NOT_JUDGED}
STAGES = {
    "n_assigned": "Assigned",
    "n_completed": "Completed",
    "n_licensed": "Had the tool",
    "n_tried": "Tried it",
    "n_weekly_active": "Weekly active",
    "n_habitual": "A habit",
}
TOO_FEW = "too few people to show"
# Teams of which each has a circle of its own.
MOST_TEAMS = 60
GAP_LEGEND = (
    "Circle: adoption, with its 95% interval. Square: completion. Line between them: the gap. "
    "Tick: target."
)


@dataclass(frozen=True)
class Table:
    """Figures behind a drawing, as text."""

    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Section:
    """One question and its answer."""

    name: str
    title: str
    says: list[str]
    drawing: str | None = None
    describes: str = ""  # what a drawing shows, for who does not see it
    legend: str = ""
    table: Table | None = None
    empty: str | None = None  # why there is nothing to draw
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tile:
    """One number of the headline."""

    label: str
    value: str
    detail: str
    kind: str


@dataclass(frozen=True)
class Report:
    """Everything that is laid out."""

    title: str
    subtitle: str
    sentence: str
    tiles: list[Tile]
    sections: list[Section]
    stamp: list[str]


def compose(figures: Figures) -> Report:
    """The report of a published database."""
    parts: list[Callable[[Figures], Section]] = [
        _programs,
        _where,
        _heat,
        _funnel,
        _curve,
        _managers,
        _teams,
        _effect,
        _modes,
        _cost,
        _not_known,
        _health,
        _definitions,
    ]
    publication = figures.publication or {}
    stamp = [
        f"Judged up to {figures.as_of_date}" if figures.as_of_date else "Nothing is judged yet",
    ]
    if figures.rules_hash:
        stamp.append(f"rules {figures.rules_hash}")
    if publication.get("publication_id") is not None:
        stamp.append(
            f"publication {publication['publication_id']} of {publication['published_at']:%Y-%m-%d}"
        )
    return Report(
        title="From certified to working with it",
        subtitle="Completion and adoption of AI training, side by side",
        sentence=_sentence(figures),
        tiles=_tiles(figures),
        sections=[part(figures) for part in parts],
        stamp=stamp,
    )


def _headline(figures: Figures) -> Row | None:
    return figures.headline[-1] if figures.headline else None


def _last_day(figures: Figures) -> str:
    return NOBODY if figures.last_day is None else str(figures.last_day)


def _sentence(figures: Figures) -> str:
    row = _headline(figures)
    if row is None:
        return "No adoption rate has been published yet."
    if row["adoption_rate"] is None or row["completion_rate"] is None:
        return (
            f"Nothing can be said at {row['checkpoint_day']} days yet: "
            "too few people, or their day has not been reached."
        )
    return (
        f"Of those assigned whose time is over, {percent(row['completion_rate'])} completed the "
        f"training. Of the {count(row['n_eligible'])} certified who can be judged "
        f"{row['checkpoint_day']} days later ({count(row['n_completed'])} were certified), "
        f"{percent(row['adoption_rate'])} use the tool weekly; the target is "
        f"{percent(row['target_rate'])}."
    )


def _tiles(figures: Figures) -> list[Tile]:
    tiles = []
    last = _headline(figures)
    if last is not None:
        tiles.append(
            Tile(
                "Completion",
                percent(last["completion_rate"], hidden=last["n_assigned"] is None),
                TOO_FEW
                if last["n_assigned"] is None
                else f"{count(last['n_assigned_completed'])} of {count(last['n_assigned'])} "
                "assigned",
                "completion",
            )
        )
    for row in figures.headline:
        tiles.append(
            Tile(
                f"Adoption, day {row['checkpoint_day']}",
                percent(row["adoption_rate"], hidden=row["n_eligible"] is None),
                TOO_FEW
                if row["n_eligible"] is None
                else f"{count(row['n_adopted'])} of {count(row['n_eligible'])} judged; "
                f"{interval(row['adoption_rate_low'], row['adoption_rate_high'])}",
                "adoption",
            )
        )
    if last and last["completion_rate"] is not None and last["adoption_rate"] is not None:
        gap = 100 * (last["completion_rate"] - last["adoption_rate"])
        tiles.append(
            Tile("Gap", f"{gap:.1f} points", "completion less adoption, last day", "target")
        )
    return tiles


def _gap_rows(rows: list[Row], name_of: Callable[[Row], str]) -> list[Row]:
    return [{"name": name_of(row), **row} for row in rows]


def _gap_table(rows: list[Row], first: str) -> Table:
    return Table(
        [first, "Completion", "Adoption", "95% interval", "Adopted", "Judged", "Target"],
        [
            [
                row["name"],
                percent(row["completion_rate"], hidden=row["n_assigned"] is None),
                percent(row["adoption_rate"], hidden=row["n_eligible"] is None),
                interval(row["adoption_rate_low"], row["adoption_rate_high"]),
                count(row["n_adopted"], hidden=True),
                count(row["n_eligible"], hidden=True),
                percent(row["target_rate"]),
            ]
            for row in rows
        ],
    )


def _spoken(rows: list[Row]) -> str:
    return "; ".join(
        f"{row['name']}: completion {percent(row['completion_rate'])}, "
        f"adoption {percent(row['adoption_rate'])}"
        for row in rows
        if row["adoption_rate"] is not None
    )


def _programs(figures: Figures) -> Section:
    def name_of(row: Row) -> str:
        if row["program_id"] == "all":
            return "All training"
        program = figures.programs.get(row["program_id"], {})
        return program.get("program_name") or row["program_id"]

    rows = _gap_rows(figures.by_program, name_of)
    rows.sort(key=lambda row: (row["program_id"] != "all", row["name"]))
    taken = {row["name"] for row in rows}
    rows += _gap_rows(
        figures.by_tool,
        lambda row: _tool(figures, row) + (" (tool)" if _tool(figures, row) in taken else ""),
    )
    return Section(
        "programs",
        "What did each program and tool come to?",
        [
            f"Completion, and adoption at day {_last_day(figures)}. Where a tool stands "
            "by itself, everybody trained for it counts, in whatever program."
        ],
        charts.gaps(rows),
        _spoken(rows),
        GAP_LEGEND,
        _gap_table(rows, "Program or tool"),
        None if rows else "No program has a published rate yet.",
    )


def _where(figures: Figures) -> Section:
    rows = _gap_rows(figures.by_role, lambda row: named(row["dimension_value"]))
    rows.sort(key=lambda row: (row["adoption_rate"] is None, row["adoption_rate"], row["name"]))
    first = [row for row in figures.priorities if row["missing_adopters"]]
    says = [_priority(row) for row in first[:3]]
    if first and not any(row["is_significant"] for row in first):
        says.append("None of these differs from the others by more than chance.")
    n_hidden = sum(row["adoption_rate"] is None for row in rows)
    return Section(
        "where",
        "Where does the gap sit?",
        says or ["No group is far enough below the target, or none may be shown."],
        charts.gaps(rows),
        _spoken(rows),
        GAP_LEGEND,
        _gap_table(rows, "Role group"),
        None if rows else "No role groups have been published.",
        [_hidden_groups(n_hidden)] if n_hidden else [],
    )


def _priority(row: Row) -> str:
    share = row["contribution_rate"]
    return (
        f"{named(row['dimension_value'])}: {count(row['missing_adopters'])} adopters short of the "
        f"target among {count(row['n_eligible'])}"
        + (f", {percent(share)} of the whole shortfall." if share is not None else ".")
    )


def _hidden_groups(n_hidden: int) -> str:
    groups = "1 group is" if n_hidden == 1 else f"{n_hidden} groups are"
    return f"{groups} hidden or without anybody to judge: few people could be recognised."


def _heat(figures: Figures) -> Section:
    rows = [
        {
            "group": named(row["dimension_value"]),
            "tool": _tool(figures, row),
            "adoption_rate": row["adoption_rate"],
            "label": percent(row["adoption_rate"], hidden=row["n_eligible"] is None),
            **{name: row[name] for name in ("n_eligible", "n_adopted")},
        }
        for row in figures.role_tool
    ]
    drawing = charts.heat(rows)
    return Section(
        "roles-and-tools",
        "Which role takes to which tool?",
        [f"Adoption at day {_last_day(figures)}, by role group and tool."],
        drawing,
        "; ".join(f"{r['group']}, {r['tool']}: {r['label']}" for r in rows),
        "Darker: more adoption. Hidden: too few people to show. –: nobody to judge.",
        Table(
            ["Role group", "Tool", "Adoption", "Adopted", "Judged"],
            [
                [
                    row["group"],
                    row["tool"],
                    row["label"],
                    count(row["n_adopted"], hidden=True),
                    count(row["n_eligible"], hidden=True),
                ]
                for row in rows
            ],
        ),
        None if drawing else "Every cell has too few people to show.",
    )


def _funnel(figures: Figures) -> Section:
    row = figures.funnel or {}
    stages = [
        {"name": name, "n": row.get(column), "label": _stage_label(row, column)}
        for column, name in STAGES.items()
    ]
    drawing = charts.funnel(stages)
    return Section(
        "funnel",
        "At which step are people lost?",
        ["Of those assigned, how many pass each step. A step counts who passed every step before."],
        drawing,
        "; ".join(f"{stage['name']}: {stage['label']}" for stage in stages),
        "From the third step on, only those who can be judged are counted.",
        Table(["Step", "People × tools"], [[s["name"], s["label"]] for s in stages]),
        None if drawing else "No funnel has been published, or all of it is hidden.",
    )


def _stage_label(row: Row, column: str) -> str:
    if row.get(column) is None:
        return count(None, hidden=bool(row.get("is_suppressed")))
    rate = row.get(f"{column.removeprefix('n_')}_rate")
    whole = "those of whom it is known" if column == "n_licensed" else "the step before"
    return count(row[column]) + (f" ({percent(rate)} of {whole})" if rate is not None else "")


def _curve(figures: Figures) -> Section:
    drawing = charts.curve(figures.curve)
    shown = [row for row in figures.curve if row["active_rate"] is not None]
    before = [row for row in shown if row["week_number"] < 0]
    after = [row for row in shown if row["week_number"] > 0]
    says = []
    if before and after:
        peak = max(after, key=lambda row: row["active_rate"])
        says = [
            f"In the weeks before, up to {percent(max(r['active_rate'] for r in before))} used the "
            f"tool already. Use peaks in week {peak['week_number']} "
            f"({percent(peak['active_rate'])}) and is at {percent(after[-1]['active_rate'])} in "
            f"week {after[-1]['week_number']}, the last with enough people to show."
        ]
    return Section(
        "curve",
        "Does use last?",
        says or ["There are too few weeks with enough people to draw."],
        drawing,
        "; ".join(f"week {row['week_number']}: {percent(row['active_rate'])}" for row in shown),
        "Line: share of people with use in the week. Band: 95% interval. Dashed: the training.",
        Table(
            ["Week", "Active", "95% interval", "People × tools"],
            [
                [
                    str(row["week_number"]),
                    percent(row["active_rate"], hidden=True),
                    interval(row["active_rate_low"], row["active_rate_high"]),
                    count(row["n_at_risk"], hidden=True),
                ]
                for row in figures.curve
            ],
        ),
        None if drawing else "No curve can be drawn.",
    )


def _managers(figures: Figures) -> Section:
    by_value = {row["dimension_value"]: row for row in figures.lead_bins}
    rows = [
        {
            "name": named(value),
            "rate": by_value[value]["adoption_rate"],
            "low": by_value[value]["adoption_rate_low"],
            "high": by_value[value]["adoption_rate_high"],
            **{name: by_value[value][name] for name in ("n_managers", "n_eligible", "n_adopted")},
        }
        for value in LEAD_BINS
        if value in by_value
    ]
    drawing = charts.rates(rows)
    return Section(
        "managers",
        "Do trained managers help?",
        [_activation(figures)],
        drawing,
        "; ".join(f"{row['name']}: {percent(row['rate'])}" for row in rows),
        "Adoption of people by when their manager was trained, with 95% intervals.",
        Table(
            ["Manager trained", "Adoption", "95% interval", "Adopted", "Judged", "Managers"],
            [
                [
                    row["name"],
                    percent(row["rate"], hidden=True),
                    interval(row["low"], row["high"]),
                    count(row["n_adopted"], hidden=True),
                    count(row["n_eligible"], hidden=True),
                    count(row["n_managers"], hidden=True),
                ]
                for row in rows
            ],
        ),
        None if drawing else "No group of managers has enough people to show.",
        ["Observational: managers who were trained first may differ in other ways, too."],
    )


def _activation(figures: Figures) -> str:
    row = figures.activation
    if "manager_activation_effects" not in figures.present:
        return "Not published: nothing can be said."
    if row is None:
        return "No completed training of a manager is known, so nothing can be said."
    benchmark = (
        f" The brief's benchmark is {count(row['benchmark_low_points'])} to "
        f"{count(row['benchmark_high_points'])} points."
        if row["benchmark_low_points"] is not None
        else ""
    )
    if row["difference_points"] is None:
        return f"Cannot tell: {named(row['verdict_reason'])}.{benchmark}"
    low, high = points(row["difference_points_low"]), points(row["difference_points_high"])
    return (
        f"{_verdict(row)}: adoption of people whose managers were trained first, less that of the "
        f"others, is {points(row['difference_points'])} points ({low} to {high}); among like "
        f"people {points(row['adjusted_difference_points'])}.{benchmark}"
    )


def _verdict(row: Row) -> str:
    reason = f" ({named(row['verdict_reason'])})" if row["verdict_reason"] else ""
    words = row["verdict"] or "cannot tell"
    return words[:1].upper() + words[1:] + reason


def _teams(figures: Figures) -> Section:
    teams = figures.teams
    says = "No team can be shown."
    if teams:
        rates = [percent(team["adoption_rate"]) for team in teams]
        says = (
            f"{count(len(teams))} teams can be shown, from {rates[-1]} to {rates[0]}; half of them "
            f"have at least {rates[(len(teams) - 1) // 2]}."
        )
    notes = []
    if figures.n_hidden_teams:
        notes = [
            f"{count(figures.n_hidden_teams)} teams are too small to be shown, or nobody of them "
            "can be judged yet."
        ]
    drawn = _bands(teams) if len(teams) > MOST_TEAMS else _circles(teams)
    return Section("teams", "How far apart are teams?", [says], notes=notes, **drawn)


def _circles(teams: list[Row]) -> dict[str, Any]:
    """One circle per team."""
    rows = [
        {
            "rank": number,
            "rate": row["adoption_rate"],
            "low": row["adoption_rate_low"],
            "high": row["adoption_rate_high"],
            "n_eligible": row["n_eligible"],
            "status": named(row["activation_status"]),
        }
        for number, row in enumerate(teams, start=1)
    ]
    drawing = charts.teams(rows)
    return {
        "drawing": drawing,
        "describes": "; ".join(f"team {row['rank']}: {percent(row['rate'])}" for row in rows),
        "legend": "One circle per team, with its 95% interval: where they overlap, the order "
        "means little.",
        "table": Table(
            ["Team", "Adoption", "95% interval", "Judged", "Manager"],
            [
                [
                    str(row["rank"]),
                    percent(row["rate"]),
                    interval(row["low"], row["high"]),
                    count(row["n_eligible"]),
                    row["status"],
                ]
                for row in rows
            ],
        ),
        "empty": None if drawing else "Fewer than three teams are large enough to draw.",
    }


def _bands(teams: list[Row]) -> dict[str, Any]:
    """Bands of ten points: a circle for each of thousands of teams would show nothing."""
    sizes = Counter(min(int(10 * row["adoption_rate"]), 9) for row in teams)
    bands = [
        {
            "name": f"{10 * band} to {10 * band + 10}%",
            "n": sizes[band],
            "label": count(sizes[band]),
        }
        for band in range(9, -1, -1)
    ]
    return {
        "drawing": charts.statuses(bands),
        "describes": "; ".join(f"{band['name']}: {band['label']} teams" for band in bands),
        "legend": "Teams by their adoption. Those of small teams scatter by chance.",
        "table": Table(["Adoption", "Teams"], [[band["name"], band["label"]] for band in bands]),
    }


def _tool(figures: Figures, row: Row) -> str:
    return figures.tools.get(row["tool_id"], row["tool_id"])


def _effect(figures: Figures) -> Section:
    rows = [
        {
            "name": f"{_tool(figures, row)}, {named(row['estimator'])}",
            "points": row["effect_points"],
            "low": row["effect_points_low"],
            "high": row["effect_points_high"],
            "verdict": _verdict(row),
            "row": row,
        }
        for row in figures.effects
    ]
    drawing = charts.effects([{k: v for k, v in row.items() if k != "row"} for row in rows])
    says = [_effect_sentence(row["name"], row["row"]) for row in rows if row["points"] is not None]
    if not says:
        says = ["Cannot tell for any tool: too few people or managers to compare."]
    return Section(
        "effect",
        "Did the training change anything?",
        says,
        drawing,
        "; ".join(f"{row['name']}: {points(row['points'])} points" for row in rows),
        "More use than without training, in points of 100, with 95% intervals. Dashed: none.",
        Table(
            ["Tool and comparison", "Points", "95% interval", "Trained", "Compared", "Verdict"],
            [
                [
                    row["name"],
                    points(row["points"]),
                    NOBODY
                    if row["low"] is None
                    else f"{points(row['low'])} to {points(row['high'])}",
                    count(row["row"]["n_treated"], hidden=True),
                    count(row["row"]["n_controls"], hidden=True),
                    row["verdict"],
                ]
                for row in rows
            ],
        ),
        None if drawing else "No comparison has enough people and managers for a number.",
        [f"Observational: nobody was trained by lot. Compared with people {_compared(rows)}."],
    )


def _compared(rows: list[Row]) -> str:
    never = any(row["row"]["control_group"] == "never_treated" for row in rows)
    return "who were not trained at all" if never else "not trained yet"


def _effect_sentence(name: str, row: Row) -> str:
    words = f"{name}: {_verdict(row).lower()}, {points(row['effect_points'])} points"
    if row.get("treated_rate") is not None and row.get("control_rate") is not None:
        words += (
            f" ({percent(row['treated_rate'])} of the trained use it, "
            f"{percent(row['control_rate'])} of people like them who were not trained)"
        )
    return f"{words}."


def _modes(figures: Figures) -> Section:
    def name_of(row: Row) -> str:
        return figures.programs.get(row["program_id"], {}).get("program_name") or row["program_id"]

    failing: dict[str, list[str]] = {}
    for row in figures.modes:
        if row["status"] == "fail":
            failing.setdefault(name_of(row), []).append(named(row["failure_mode"]))
    says = [f"{name}: {listed(modes)}." for name, modes in failing.items()]
    n_open = sum(row["status"] in (None, "not measured") for row in figures.modes)
    return Section(
        "failure-modes",
        "Which ways to fail do programs show?",
        says or [_no_failure(figures.modes)],
        table=Table(
            ["Program", "Way to fail", "Verdict", "Evidence"],
            [
                [
                    name_of(row),
                    named(row["failure_mode"]),
                    row["status"] or HIDDEN,
                    row["evidence"] or named(row["not_measured"] or HIDDEN),
                ]
                for row in figures.modes
            ],
        )
        if figures.modes
        else None,
        notes=[f"{n_open} of {len(figures.modes)} could not be measured, or are hidden."]
        if n_open
        else [],
    )


def _no_failure(modes: list[Row]) -> str:
    if not modes:
        return "Not published: nothing can be said."
    if all(row["status"] in (None, "not measured") for row in modes):
        return "Nothing could be measured, or nothing may be shown."
    return "No program fails on what could be measured."


def _monthly(low: float | None, high: float | None) -> str:
    return "at a cost that is not reported" if low is None else f"{spread(low, high)} a month"


def _cost(figures: Figures) -> Section:
    rows = figures.licences
    says = [
        f"{_tool(figures, row)}: {count(row['n_idle_seats'])} of {count(row['n_seats'])} seats "
        f"without use ({percent(row['idle_rate'])} of those that can be judged), "
        f"{_monthly(row['idle_monthly_cost_low'], row['idle_monthly_cost_high'])}; "
        f"{count(row['n_untrained_seats'])} held by people without the training."
        for row in rows
        if row["n_idle_seats"] is not None
    ]
    return Section(
        "cost",
        "What does the gap cost?",
        says or ["Seats are not reported, or too few people hold one."],
        table=Table(
            [
                "Tool",
                "Seats",
                "Without use",
                "Cost a month",
                "Certified, no use",
                "Their seats a month",
                "Their hours of training",
            ],
            [
                [
                    _tool(figures, row),
                    count(row["n_seats"], hidden=True)
                    if row["seat_status_reason"] is None
                    else named(row["seat_status_reason"]),
                    count(row["n_idle_seats"], hidden=row["seat_status_reason"] is None),
                    spread(row["idle_monthly_cost_low"], row["idle_monthly_cost_high"]),
                    count(row["n_completers_not_using"], hidden=True),
                    spread(row["gap_monthly_cost_low"], row["gap_monthly_cost_high"]),
                    spread(row["gap_training_hours_low"], row["gap_training_hours_high"]),
                ]
                for row in rows
            ],
        )
        if rows
        else None,
        notes=[
            "From what seats and courses report themselves, in the contracts' own currency; ranges "
            "where use or cost is not known. Nothing is estimated."
        ],
    )


def _not_known(figures: Figures) -> Section:
    row = _headline(figures) or {}
    total = row.get("n_completed")
    rows = [
        {
            "name": name[:1].upper() + name[1:],
            "n": row.get(column),
            "label": count(row.get(column), hidden=bool(row.get("is_suppressed")))
            + (
                f" ({percent(row[column] / total)})"
                if total and row.get(column) is not None
                else ""
            ),
        }
        for column, name in STATUSES.items()
    ]
    says = [
        f"Of {count(total)} completions (people × tools), {count(row.get('n_eligible'))} could be "
        f"judged at day {_last_day(figures)}. The others are in no rate, and none of them is taken "
        "for a person without use."
    ]
    if figures.unattributed:
        says.append(
            f"{count(figures.unattributed)} more completions belong to nobody whom HR knows. "
            "They are in no rate."
        )
    drawing = charts.statuses(rows)
    return Section(
        "not-known",
        "What is not known?",
        says if total is not None else ["Nothing has been published yet."],
        drawing,
        "; ".join(f"{r['name']}: {r['label']}" for r in rows),
        "All completions, by whether and why not they could be judged.",
        Table(["Status", "People × tools"], [[r["name"], r["label"]] for r in rows]),
        None if drawing else "No counts may be shown.",
    )


def _health(figures: Figures) -> Section:
    rows = [
        [
            row["source_system"],
            named(row["feed"]),
            named(row["check_name"]),
            "" if row["reason"] in (None, "all") else named(row["reason"]),
            f"{count(row['n_affected'])} of {count(row['n_checked'])}",
            named(row["status"]),
        ]
        for row in figures.quality
    ]
    return Section(
        "health",
        "Can the data be trusted?",
        [
            "Not published: nothing can be said."
            if "data_quality" not in figures.present
            else f"{len(rows)} checks ask for a look; all others passed."
            if rows
            else "Every check of the deliveries passed."
        ],
        table=Table(["Source", "Feed", "Check", "Reason", "Rows", "Status"], rows)
        if rows
        else None,
    )


def _definitions(figures: Figures) -> Section:
    days = listed([str(row["checkpoint_day"]) for row in figures.headline])
    values = {
        row["rule_name"].removeprefix("var "): row["rule_value"]
        for row in figures.rules
        if row["rule_kind"] == "var"
    }
    return Section(
        "definitions",
        "What do the words mean?",
        [
            f"Adoption at day N ({days}): used the tool on at least one of the "
            f"{values.get('block_days', '7')} days that end N days after completing. A sign-in is "
            "no use. Day 0 never counts.",
            "Completion: of those assigned whose time is over, who completed in it.",
            "Judged: day N is over, the use of these days is known, the person was employed, had a "
            f"seat and was not on leave for {values.get('leave_days', '5')} or more of them.",
            "Counts are people × tools: who was trained for two tools counts twice.",
            "Intervals are 95%. Groups of few people are hidden, so that nobody is pointed at.",
            "Figures under other rules (rules_hash) cannot be compared with these.",
        ],
        table=Table(
            ["Rule", "Value"], [[named(name), value or ""] for name, value in values.items()]
        )
        if values
        else None,
    )


def texts(report: Report) -> Iterator[Any]:
    """Every text of the report, for checks of what it says."""
    yield from (report.title, report.subtitle, report.sentence, *report.stamp)
    for tile in report.tiles:
        yield from (tile.label, tile.value, tile.detail)
    for section in report.sections:
        yield from (section.title, *section.says, section.describes, section.legend)
        yield from section.notes
        if section.table:
            yield from section.table.columns
            for row in section.table.rows:
                yield from row
