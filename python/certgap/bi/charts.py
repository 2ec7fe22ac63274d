"""The charts of the dashboard, each as one declaration: which rows, which figures, how drawn.

A figure of a published table is shown, never summed or averaged: rows of different groups count the
same people, and a rate has no sum. So a chart's ``where`` and ``by`` must leave one row per mark;
the metric behind a figure is NULL where they do not (``one_row``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

# How a figure is written, in d3's format language; points are fractions of 100.
PERCENT, COUNT, NUMBER = ".1%", ",d", ",.1f"


def one_row(column: str) -> str:
    """The SQL of a figure that is shown only where exactly one row is meant."""
    return f"CASE WHEN COUNT(*) = 1 THEN MAX({column}) END"


def metric_name(column: str) -> str:
    """What the figure is called in a dataset of Superset; a column may not have its name."""
    return f"one_{column}"


@dataclass(frozen=True)
class Dataset:
    """What charts read: a published table, or a query over one."""

    name: str
    sql: str | None = None
    table: str | None = None  # whose columns it has; none: that of its name
    more: dict[str, str] = field(default_factory=dict)  # columns the model does not have
    # The filters of the dashboard that apply to it.
    has_program: bool = True
    has_checkpoint: bool = True


@dataclass(frozen=True)
class Chart:
    """One chart: marks of ``figures`` for each value of ``by``, of the rows of ``where``.

    ``kind`` is number, bar, line, heatmap, table (rows as they are) or counts (rows by ``by``).
    """

    key: str
    title: str
    note: str
    dataset: str
    kind: str
    figures: tuple[str, ...] = ()
    where: dict[str, object] = field(default_factory=dict)
    without: dict[str, object] = field(default_factory=dict)
    known: str | None = None  # a column that must not be NULL
    by: tuple[str, ...] = ()
    order: tuple[str, bool] | None = None  # column, ascending; of a table
    written: str = PERCENT
    width: int = 6  # of twelve
    height: int = 50
    may_be_empty: bool = False


@dataclass(frozen=True)
class Section:
    """A heading of the dashboard with the charts below it, in rows of at most twelve columns."""

    title: str
    says: str
    charts: tuple[Chart, ...]


STAGES = ("assigned", "completed", "licensed", "tried", "weekly_active", "habitual")
FUNNEL_SQL = "\nunion all\n".join(
    f"select *, '{number} {stage.replace('_', ' ')}' as stage, n_{stage} as n_units "
    "from adoption_funnels"
    for number, stage in enumerate(STAGES, start=1)
)

DATASETS = (
    Dataset("adoption_rates"),
    Dataset("certification_gaps"),
    Dataset("gap_priorities"),
    Dataset("manager_cohorts"),
    Dataset("manager_activation_effects"),
    Dataset("licence_value", has_program=False, has_checkpoint=False),
    Dataset(
        "adoption_funnel_stages", sql=FUNNEL_SQL, table="adoption_funnels",
        more={"stage": "string", "n_units": "bigint"}, has_checkpoint=False,
    ),
    Dataset("adoption_curves", has_checkpoint=False),
    Dataset("training_effects", has_checkpoint=False),
    Dataset("board_summary", has_program=False, has_checkpoint=False),
    Dataset("data_quality", has_program=False, has_checkpoint=False),
    Dataset("publication_log", has_program=False, has_checkpoint=False),
)  # fmt: skip

ALL = {"tool_id": "all", "dimension": "all"}

SECTIONS = (
    Section(
        "The two numbers side by side",
        "Who finished the training, and who of them is at work with the tool on the days before "
        "the checkpoint. An empty figure is hidden (fewer people than may be shown) or not "
        "measured, never zero.",
        (
            Chart(
                "completion", "Completed, of those assigned", "Assignments that are due.",
                "adoption_rates", "number", ("completion_rate",), ALL, width=3, height=25,
            ),
            Chart(
                "adoption", "Weekly active at the checkpoint",
                "Eligible completers, active in the days before it.",
                "adoption_rates", "number", ("adoption_rate",), ALL, width=3, height=25,
            ),
            Chart(
                "gap", "Certification gap", "Completion rate less adoption rate, in points.",
                "certification_gaps", "number", ("certification_gap",), ALL, width=3, height=25,
            ),
            Chart(
                "missing", "Missing adopters", "How many more would have to use it for the target.",
                "certification_gaps", "number", ("missing_adopters",), ALL,
                written=NUMBER, width=3, height=25,
            ),
            Chart(
                "board", "Programs, for a board",
                "All quarters of each program; verdicts and what is not known in words.",
                "board_summary", "table",
                (
                    "program_id", "completion_rate", "adoption_rate_30", "adoption_rate_60",
                    "adoption_rate_90", "certification_gap", "target_rate", "effect_verdicts",
                    "not_known",
                ),
                {"completion_quarter": "all"}, order=("program_id", True), width=12, height=70,
            ),
            Chart(
                "tools", "Completion and adoption by tool",
                "Two bars per tool. Filters: program, checkpoint.",
                "adoption_rates", "bar", ("completion_rate", "adoption_rate"),
                {"tool_id": "all", "dimension": "tool"}, by=("dimension_value",),
            ),
            Chart(
                "funnel", "From assigned to habit",
                "At the last checkpoint; each stage: who passed all before it.",
                "adoption_funnel_stages", "bar", ("n_units",), ALL, by=("stage",), written=COUNT,
            ),
            Chart(
                "curve", "Active per week after completion",
                "Share of completers who were active in the week; week 0 starts the day after.",
                "adoption_curves", "line", ("active_rate",), {"dimension": "all"},
                by=("week_number", "tool_id"), width=12,
            ),
        ),
    ),
    Section(
        "Where the gap sits",
        "Roles, tools and groups as they were on the day of completion.",
        (
            Chart(
                "heat", "Adoption by role group and tool", "Empty: hidden or not measured.",
                "adoption_rates", "heatmap", ("adoption_rate",), {"dimension": "role_group"},
                {"tool_id": "all"}, by=("tool_id", "dimension_value"), width=12, height=60,
            ),
            Chart(
                "priorities", "Where most adopters are missing",
                "Each group's net distance to the target, largest first, with how sure it is.",
                "gap_priorities", "table",
                (
                    "dimension", "dimension_value", "net_missing_adopters", "evidence",
                    "n_eligible", "adoption_rate",
                ),
                {"tool_id": "all", "dimension": ["role_group", "department", "tool"]},
                order=("net_missing_adopters", False), width=12, height=60,
            ),
        ),
    ),
    Section(
        "Managers",
        "Teams by the manager on the day of completion, under pseudonyms; only teams with enough "
        "people are shown and ranked.",
        (
            Chart(
                "activation", "Adoption by when the manager was trained",
                "Days between the manager's own training and the report's; observational.",
                "manager_activation_effects", "bar", ("adoption_rate",),
                {"tool_id": "all", "dimension": "activation_lead_bin"},
                by=("dimension_value",), width=12,
            ),
            Chart(
                "teams", "Teams", "Completion and adoption of each team that may be shown.",
                "manager_cohorts", "table",
                (
                    "adoption_rank", "manager_key", "n_eligible", "completion_rate",
                    "adoption_rate", "activation_status",
                ),
                {"tool_id": "all", "dimension": "manager"}, known="adoption_rate",
                order=("adoption_rank", True), width=12,
            ),
        ),
    ),
    Section(
        "Did it work, and what does it cost",
        "Estimates are observational; a comparison that cannot tell says so.",
        (
            Chart(
                "effects", "Effect of training, in points", "One row per tool and comparison.",
                "training_effects", "table",
                (
                    "tool_id", "estimator", "verdict", "effect_points", "effect_points_low",
                    "effect_points_high", "n_treated", "n_controls",
                ),
                {"aggregation": "overall"}, order=("estimator", True), written=NUMBER, width=12,
            ),
            Chart(
                "licences", "Seats and idle seats", "On the last day that the seats are known of.",
                "licence_value", "bar", ("n_seats", "n_idle_seats"),
                {"program_id": "all", "tool_id": "all", "dimension": "tool"},
                by=("dimension_value",), written=COUNT, width=12,
            ),
        ),
    ),
    Section(
        "Can this be trusted",
        "What was delivered and checked, and what is published.",
        (
            Chart(
                "checks", "Checks of the deliveries, by result", "Rows of data_quality.",
                "data_quality", "counts", by=("check_name", "status"), written=COUNT, width=12,
            ),
            Chart(
                "warnings", "What the checks found", "Every check that is not ok.",
                "data_quality", "table",
                ("check_name", "status", "source_system", "feed", "reason", "n_affected"),
                without={"status": "ok"}, order=("check_name", True), may_be_empty=True, width=12,
            ),
            Chart(
                "publications", "What is published", "The last publications, newest first.",
                "publication_log", "table",
                (
                    "publication_id", "published_at", "as_of_date", "rules_hash", "code_version",
                    "n_figures", "is_current",
                ),
                order=("publication_id", False), width=12, height=30,
            ),
        ),
    ),
)  # fmt: skip

# The dashboard's filters. It opens with all programs and the last checkpoint of the published file.
FILTERS = ("program_id", "checkpoint_day")


def charts() -> list[Chart]:
    """All charts, in the order of the dashboard."""
    return [chart for section in SECTIONS for chart in section.charts]


def dataset(name: str) -> Dataset:
    """The dataset of that name."""
    return next(found for found in DATASETS if found.name == name)


def filters_of(chart: Chart) -> list[str]:
    """The dashboard's filters that apply to a chart."""
    read = dataset(chart.dataset)
    applies = {"program_id": read.has_program, "checkpoint_day": read.has_checkpoint}
    return [column for column in FILTERS if applies[column]]
