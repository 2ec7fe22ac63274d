"""The questions in analyses/ say what they must: refusals, verdicts and `insufficient evidence`.

Each file is rendered with the project's macros of statistics and run over a handful of rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from jinja2 import Environment

from certgap.truth.statistics import newcombe

PROJECT = Path(__file__).resolve().parents[2]
STATISTICS = PROJECT / "macros" / "metrics" / "statistics.sql"
FLOOR = 10
MACROS = ("safe_rate", "newcombe_low", "newcombe_high")
Rows = list[dict[str, Any]]


def ask(question: str, tables: dict[str, Rows], **variables: Any) -> Rows:
    """The answer of one analysis over the given rows of the tables it reads."""
    environment = Environment()
    statistics = environment.from_string(STATISTICS.read_text("utf-8")).module
    text = (PROJECT / "analyses" / f"{question}.sql").read_text("utf-8")
    sql = environment.from_string(text).render(
        ref=lambda name: name,
        var=lambda name, default=None: variables.get(name, default),
        config=lambda **_: "",
        display_floor=lambda: FLOOR,
        **{name: getattr(statistics, name) for name in MACROS},
    )
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, pa.Table.from_pylist(rows))
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


PROGRAMS = [
    {"program_id": "spring", "starts_on": "2026-03-01"},
    {"program_id": "autumn", "starts_on": "2025-09-01"},
]


def cycle(program: str, adopted: int, eligible: int, rules: str = "same", n: int = 30) -> dict:
    return {
        "program_id": program, "tool_id": "t", "checkpoint_day": n, "dimension": "all",
        "n_adopted": adopted, "n_eligible": eligible, "rules_hash": rules,
    }  # fmt: skip


def published(program: str, adopted: int, eligible: int, rules: str) -> dict:
    row = cycle(program, adopted, eligible, rules)
    row |= {"numerator": row.pop("n_adopted"), "denominator": row.pop("n_eligible")}
    return row | {"publication_id": 7, "metric_name": "adoption_rate"}


# So that the columns are there; of a publication nobody asks for.
NONE_ASKED_FOR = [published("autumn", 1, 2, "x") | {"publication_id": 1}]


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ((20, 100), (50, 100), "the second cycle adopts more"),
        ((50, 100), (20, 100), "the second cycle adopts less"),
        ((20, 100), (25, 100), "no significant difference"),
        ((9, 9), (0, 100), "insufficient evidence"),
        ((0, 0), (10, 100), "insufficient evidence"),
    ],
)
def test_two_cycles_are_compared_at_equal_n(first, second, verdict):
    rates = [cycle("autumn", *first), cycle("spring", *second), cycle("spring", 1, 99, n=60)]
    tables = {
        "adoption_rates": rates,
        "published_figures": NONE_ASKED_FOR,
        "dim_programs": PROGRAMS,
    }
    [answer] = ask("compare_two_cycles", tables)
    assert (answer["first_program_id"], answer["second_program_id"]) == ("autumn", "spring")
    assert answer["verdict"] == verdict
    interval = (answer["difference_low"], answer["difference_high"])
    expected = newcombe(*second, *first)
    assert interval == (expected if None in expected else pytest.approx(expected))


def test_cycles_under_different_rules_are_not_compared():
    rates = [cycle("autumn", 20, 100, "new"), cycle("spring", 50, 100, "new")]
    tables = {
        "adoption_rates": rates,
        "published_figures": [*NONE_ASKED_FOR, published("autumn", 20, 100, "old")],
        "dim_programs": PROGRAMS,
    }
    [refused] = ask("compare_two_cycles", tables, first_publication=7)
    assert refused["verdict"] == "refused: measured under different rules (old and new)"
    assert {refused[f"difference{end}"] for end in ("", "_low", "_high")} == {None}

    tables["published_figures"][1]["rules_hash"] = "new"
    [compared] = ask("compare_two_cycles", tables, first_publication=7)
    assert compared["verdict"] == "the second cycle adopts more"
    assert compared["difference"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("adopted", "eligible", "left", "sentence"),
    [
        (9, 9, 5, "insufficient evidence"),
        (2, 10, 0, "nobody left"),
        (8, 10, 10, "on target even if no leaver had adopted"),
        (1, 20, 5, "below target even if every leaver had adopted"),
        (3, 10, 4, "whether the target is met depends on the leavers"),
    ],
)
def test_leavers_bound_the_answer(adopted, eligible, left, sentence):
    row = {
        "program_id": "all", "tool_id": "t", "checkpoint_day": 30, "dimension": "all",
        "n_eligible": eligible, "n_left_before_day_n": left, "target_rate": 0.4,
        "adoption_rate_if_leavers_none": adopted / (eligible + left),
        "adoption_rate": adopted / eligible,
        "adoption_rate_if_leavers_all": (adopted + left) / (eligible + left),
    }  # fmt: skip
    [answer] = ask("what_if_leavers_had_stayed", {"adoption_rates": [row]})
    assert answer["sentence"] == sentence


RATES_OF_SHADOW_USE = [
    "shadow_use_rate", "trained_shadow_use_rate", "untrained_shadow_use_rate", "approved_use_rate",
    "stopped_rate", "substitution_rate",
]  # fmt: skip


def month(usage_month: str, reason: str | None = None, **rates: float) -> dict[str, Any]:
    return {
        "consumer_tool": "all", "dimension": "all", "dimension_value": "all",
        "usage_month": usage_month, "log_status": "not measured" if reason else "measured",
        "log_status_reason": reason,
    } | dict.fromkeys(RATES_OF_SHADOW_USE) | rates  # fmt: skip


def test_the_last_measured_month_of_unapproved_tools_is_told_with_what_training_changed():
    rows = [
        month("2026-03", shadow_use_rate=0.5), month("2026-04", shadow_use_rate=0.25),
        month("2026-05", "incomplete_month"), month("all", stopped_rate=0.75),
    ]  # fmt: skip
    question = "where_do_people_turn_to_unapproved_tools"
    (answer,) = ask(question, {"published__shadow_ai": rows})
    assert (answer["usage_month"], answer["shadow_use_rate"]) == ("2026-04", 0.25)
    assert (answer["log_status"], answer["stopped_rate"]) == ("measured", 0.75)
    (answer,) = ask(question, {"published__shadow_ai": [month("all", "no_web_log")]})
    assert (answer["usage_month"], answer["log_status_reason"]) == (None, "no_web_log")


@pytest.mark.parametrize(
    ("stale", "rest", "verdict"),
    [
        ((20, 100), (50, 100), "people trained on stale content adopt less"),
        ((50, 100), (20, 100), "people trained on stale content adopt more"),
        ((20, 100), (25, 100), "no significant difference"),
        ((9, 9), (0, 100), "insufficient evidence"),
        ((0, 100), (9, 9), "insufficient evidence"),
        ((None, None), (None, None), "not measured"),
    ],
)
def test_adoption_after_stale_content_is_judged_beside_the_rest(stale, rest, verdict):
    sides = {"stale": stale, "rest": rest}
    row = {
        "tool_id": "t", "course_id": "lms:a", "is_taught": True, "content_date": "2026-01-01",
        "n_releases_since": 2, "is_within_cadence": False, "content_status": "stale",
        "not_measured_reason": None, "n_completed": 200, "n_unknown_version": 0,
        "n_not_measured": 0, "n_judged": 200 if stale[1] else 0, "stale_rate": 0.5,
    }  # fmt: skip
    for side, (adopted, eligible) in sides.items():
        row[f"n_adopted_{side}"], row[f"n_eligible_{side}"] = adopted, eligible
        row[f"adoption_rate_{side}"] = adopted / eligible if eligible else None
    tables = {
        "content_freshness": [row, row | {"course_id": "lms:b", "is_taught": False}],
        "dim_courses": [{"course_id": "lms:a", "title": "First steps"}],
    }
    first, second = ask("is_the_training_older_than_the_tool", tables)
    assert (first["title"], first["verdict"]) == ("First steps", verdict)
    assert (second["course_id"], second["title"]) == ("lms:b", None)


@pytest.mark.parametrize(
    ("changed", "owner", "told"),
    [
        (
            {},
            "Head of Learning",
            "of those assigned 84% completed it, and of the completions that can be judged 16% led "
            "to use in the week that ends on day 90.",
        ),
        (
            {"n_eligible_last": FLOOR - 1},
            None,
            "too few can be judged to say how large it is.",
        ),
        (
            {"n_assigned": FLOOR - 1},
            None,
            "too few were assigned, or nobody, to say how large it is.",
        ),
        (
            {"n_assigned": 0, "completion_rate": None, "certification_gap": None},
            None,
            "too few were assigned, or nobody, to say how large it is.",
        ),
    ],
)
def test_the_owner_of_the_difference_is_named_with_both_numbers(changed, owner, told):
    summary = {
        "program_id": "spring", "completion_quarter": "all", "gap_checkpoint_day": 90,
        "not_known": "seats", "n_assigned": 500, "completion_rate": 0.838,
        "certification_gap": 0.679, "n_eligible_last": 352, **changed,
    }  # fmt: skip
    quarter = {**summary, "completion_quarter": "2026-Q1", "completion_rate": 0.1}
    program = {"program_id": "spring", "program_name": "Spring", "metric_owner": owner}
    programs = [program, program | {"program_id": "autumn", "metric_owner": "another"}]
    asked = ask(
        "who_answers_for_the_difference",
        {"board_summary": [quarter, summary], "dim_programs": programs},
    )
    who = f"{owner} answers" if owner else "Nobody is named to answer"
    whole = f"{who} for the difference in Spring: {told} Not known: seats."
    assert [row["sentence"] for row in asked] == [whole]


JOINED = "99% of its completions of the last 365 days can be joined to HR."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, f"a: the contract grants outcome data (until 2026-12-31); {JOINED}"),
        (
            {"has_outcome_data_clause": False},
            f"a: the contract grants no outcome data (until 2026-12-31); {JOINED}",
        ),
        (
            {"has_outcome_data_clause": None},
            "a: whether the contract grants outcome data is not recorded (until 2026-12-31); "
            + JOINED,
        ),
        (
            {"n_contracts": 2},
            f"a: of its 2 contracts one or more grants outcome data; {JOINED}",
        ),
        (
            {"n_contracts": 2, "has_outcome_data_clause": False},
            f"a: of its 2 contracts none is recorded to grant outcome data; {JOINED}",
        ),
        (
            {"n_contracts": 0, "has_outcome_data_clause": None, "contract_end": None},
            f"a: no contract valid on 2026-07-14 is recorded; {JOINED}",
        ),
        (
            {"n_learners": FLOOR - 1},
            "a: the contract grants outcome data (until 2026-12-31); too few completed anything to "
            "say how many can be joined to HR.",
        ),
        (
            {"learning_status": "not_measured"},
            "a: the contract grants outcome data (until 2026-12-31); its completions are not "
            "measured.",
        ),
    ],
)
def test_what_a_contract_does_not_say_is_not_a_no(changed, sentence):
    platform = {
        "platform": "a", "learning_status": "measured", "n_contracts": 1,
        "has_outcome_data_clause": True, "integrates_xapi": None, "n_learners": 241,
        "n_completions": 253, "hris_join_rate": 0.988, "contract_end": "2026-12-31",
        "as_of_date": "2026-07-14",
    }  # fmt: skip
    other = platform | {"platform": "b"}
    portfolio = [other, {**platform, **changed}]
    asked = ask("do_contracts_give_us_outcome_data", {"platform_portfolio": portfolio})
    assert asked[0]["sentence"] == sentence
