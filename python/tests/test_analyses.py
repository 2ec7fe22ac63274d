"""The questions in analyses/ say what they must: refusals, verdicts and `insufficient evidence`.

Each file is rendered with the project's macros of statistics and run over a handful of rows.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from jinja2 import Environment

from certgap.truth.statistics import newcombe

PROJECT = Path(__file__).resolve().parents[2]
MACROS = {
    "statistics": ("safe_rate", "newcombe_low", "newcombe_high"),
    "sentences": (
        "told_percent",
        "told_size",
        "told_points",
        "told_interval",
        "told_count",
        "told_scope",
        "told_reason",
    ),
}
FLOOR = 10
QUESTIONS = sorted(path.stem for path in (PROJECT / "analyses").glob("*.sql"))
Rows = list[dict[str, Any]]


def render(question: str, variables: dict[str, Any]) -> str:
    """The SQL of an analysis; relations are read under their own names."""
    environment = Environment()
    macros = {}
    for file, names in MACROS.items():
        module = environment.from_string(
            (PROJECT / "macros" / "metrics" / f"{file}.sql").read_text("utf-8"),
            globals={"display_floor": lambda: FLOOR},
        ).module
        macros |= {name: getattr(module, name) for name in names}
    text = (PROJECT / "analyses" / f"{question}.sql").read_text("utf-8")
    return environment.from_string(text).render(
        ref=lambda name: name,
        var=lambda name, default=None: variables.get(name, default),
        config=lambda **_: "",
        display_floor=lambda: FLOOR,
        **macros,
    )


def answers(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ask(question: str, tables: dict[str, Rows], **variables: Any) -> Rows:
    """The answer of one analysis over the given rows of the tables it reads."""
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, pa.Table.from_pylist(rows))
        return answers(connection, render(question, variables))


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_ends_in_a_sentence_on_the_sample(question):
    """Every row of every answer, also those that must say that nothing can be said."""
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    variables = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]
    warehouse = PROJECT / os.environ["CERTGAP_WAREHOUSE"]
    with duckdb.connect() as connection:
        # Together they are what dbt has attached: a model may be a view over the publications.
        for path in (warehouse.with_name("publications.duckdb"), warehouse):
            connection.execute(f"attach '{path}' (read_only)")
        connection.execute(f"use {warehouse.stem}")
        connection.execute(f"set search_path = '{warehouse.stem}.main,{warehouse.stem}.published'")
        told = answers(connection, render(question, variables))
    assert told
    for row in told:
        assert list(row)[-1] == "sentence"
        assert row["sentence"], row
        assert row["sentence"].endswith("."), row
        if row.get("verdict") in ("cannot tell", "not measured", "no significant difference"):
            words = row["verdict"].replace("cannot tell", "cannot be told")
            assert words in row["sentence"].lower(), row
        elif row.get("verdict") == "insufficient evidence":
            assert re.search("insufficient evidence|[Tt]oo few", row["sentence"]), row


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
    told = f"t, spring after autumn, day 30: {verdict}"
    assert answer["sentence"].startswith(told)
    if first == (20, 100) and second == (50, 100):
        change = "50% after 20%, +30.0 points (+16.9 to +41.7)"
        caveat = "Other people, other dates: observed, not proven."
        assert answer["sentence"] == f"{told}, {change}. {caveat}"
    if verdict == "insufficient evidence":
        assert answer["sentence"] == f"{told}."


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
    assert refused["sentence"].endswith(": refused: measured under different rules (old and new).")

    tables["published_figures"][1]["rules_hash"] = "new"
    [compared] = ask("compare_two_cycles", tables, first_publication=7)
    assert compared["verdict"] == "the second cycle adopts more"
    assert compared["difference"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("adopted", "eligible", "left", "verdict", "told"),
    [
        (9, 9, 5, "insufficient evidence", None),
        (2, 10, 0, "nobody left", None),
        (8, 10, 10, "on target even if no leaver had adopted", ("80.0%", "40.0%", "90.0%")),
        (1, 20, 5, "below target even if every leaver had adopted", ("5.0%", "4.0%", "24.0%")),
        (3, 10, 4, "whether the target is met depends on the leavers", ("30.0%", "21.4%", "50.0%")),
    ],
)
def test_leavers_bound_the_answer(adopted, eligible, left, verdict, told):
    row = {
        "program_id": "all", "tool_id": "t", "checkpoint_day": 30, "dimension": "all",
        "n_eligible": eligible, "n_left_before_day_n": left, "target_rate": 0.4,
        "adoption_rate_if_leavers_none": adopted / (eligible + left),
        "adoption_rate": adopted / eligible,
        "adoption_rate_if_leavers_all": (adopted + left) / (eligible + left),
    }  # fmt: skip
    [answer] = ask("what_if_leavers_had_stayed", {"adoption_rates": [row]})
    assert answer["verdict"] == verdict
    if told is None:
        when = "before" if left == 0 else "on"
        assert answer["sentence"] == f"t, all programs: {verdict} {when} day 30."
    else:
        assert answer["sentence"] == (
            f"t, all programs: {verdict} (target 40.0%, day 30). Of those judged {told[0]} "
            f"adopted; had none of those who left before adopted, it would be {told[1]}, had all, "
            f"{told[2]}."
        )


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
    used = "All people: in 2026-04 25% used unapproved tools"
    stopped = "Of those who did before their training 75% were not seen doing so after it"
    assert answer["sentence"] == f"{used}. {stopped}; some would have stopped anyway."
    (answer,) = ask(question, {"published__shadow_ai": [month("all", "no_web_log")]})
    assert (answer["usage_month"], answer["log_status_reason"]) == (None, "no_web_log")
    unmeasured = "use of unapproved tools is not measured (no web log)."
    after = "What became of it after the training is not measured (no web log)."
    assert answer["sentence"] == f"All people: {unmeasured} {after}"


@pytest.mark.parametrize(
    ("rates", "sentence"),
    [
        (
            dict(zip(RATES_OF_SHADOW_USE, (0.28, 0.23, 0.4, 0.26, None, None), strict=True)),
            "in 2026-04 28% used unapproved tools (of those trained before 23%, of the others 40%, "
            "which is no effect of the training); at least 26% used an approved one.",
        ),
        (
            {},
            "who used unapproved tools in 2026-04 cannot be told without telling of few people.",
        ),
        (
            {"shadow_use_rate": 0.3, "trained_shadow_use_rate": 0.2},
            "in 2026-04 30% used unapproved tools.",
        ),
    ],
)
def test_what_is_hidden_of_unapproved_tools_is_not_in_the_sentence(rates, sentence):
    question = "where_do_people_turn_to_unapproved_tools"
    rows = [
        month("2026-04", **rates) | {"dimension": "role_group", "dimension_value": "sales"},
        month("all", stopped_rate=0.5, substitution_rate=0.25),
        month("all") | {"dimension": "department", "dimension_value": "d"},
    ]
    asked = ask(question, {"published__shadow_ai": rows})
    told = {row["dimension"]: row["sentence"] for row in asked}
    assert told["role_group"] == f"role group sales: {sentence}"
    instead = ", and 25% use an approved tool instead; some would have stopped anyway."
    assert told["all"].endswith(instead)
    hidden = "What became of it after the training cannot be told without telling of few people."
    assert told["department"].endswith(hidden)


def told_by(question: str, table: str, row: dict[str, Any], **changed: Any) -> str:
    """The sentence of one row, with some of its columns changed; another row gives the types."""
    rows = [row | {"program_id": "~"}, row | changed]
    return ask(question, {table: rows}, checkpoint_days=[90])[0]["sentence"]


RATES = {
    "program_id": "all", "tool_id": "all", "checkpoint_day": 90, "dimension": "all",
    "n_assigned": 500, "completion_rate": 0.838, "n_completed": 360, "n_eligible": 350,
    "adoption_rate": 0.16, "adoption_rate_low": 0.124, "adoption_rate_high": 0.2,
    "conversion_rate": 0.1, "retention_rate": 0.5, "evidence": "sufficient",
}  # fmt: skip
COMPLETED = "84% of those assigned completed."
USED = (
    "Of the completions that can be judged 16% were followed by use in the week that ends on day "
    "90 (between 12% and 20%)."
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, f"{COMPLETED} {USED} Not judged: 10 more completions."),
        ({"n_completed": 359}, f"{COMPLETED} {USED} Not judged: fewer than 10 more completions."),
        ({"n_completed": 350}, f"{COMPLETED} {USED}"),
        (
            {"n_assigned": 9, "n_completed": 350},
            f"too few were assigned, or nobody, to say how many completed. {USED}",
        ),
        (
            {"n_completed": 9, "n_eligible": 9, "evidence": "insufficient evidence"},
            f"{COMPLETED} Too few completions can be judged to say who uses it on day 90.",
        ),
    ],
)
def test_completion_is_told_beside_use_and_what_is_not_judged(changed, told):
    sentence = told_by("do_the_certified_use_the_tool", "adoption_rates", RATES, **changed)
    assert sentence == f"All tools, all programs: {told}"


EFFECT = {
    "program_id": "all", "tool_id": "t", "estimator": "completion", "aggregation": "overall",
    "control_group": "not_yet_treated", "n_treated": 90, "n_controls": 80, "effect_points": 10.06,
    "effect_points_low": 6.24, "effect_points_high": 13.9, "p_value": 0.001,
    "smallest_detectable_points": 12.5, "treated_rate": 0.11, "control_rate": 0.03, "e_value": 6.6,
    "e_value_of_interval": 3.68, "n_cells": 221, "n_dropped_cells": 68, "pretrend_p_value": 0.4,
    "verdict": "effect", "verdict_reason": None,
}  # fmt: skip
CHANGED = "the share of weeks with use changed by +10.1 points (+6.2 to +13.9) against people"
OBSERVED = "Observed, not proven."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, f"after training {CHANGED} not trained yet. {OBSERVED}"),
        (
            {"control_group": "never_treated"},
            f"after training {CHANGED} not trained. {OBSERVED}",
        ),
        (
            {"estimator": "assignment", "verdict": "no significant difference"},
            "no significant difference: after being asked to train, finished or not, "
            f"{CHANGED} not asked yet. {OBSERVED}",
        ),
        (
            {"estimator": "matched", "effect_points": -2.0, "effect_points_low": -4.0},
            "up to three months after training the share who used it in a week was -2.0 points "
            f"(-4.0 to +13.9) against people who were alike before. {OBSERVED}",
        ),
        (
            {"estimator": "team_mates"},
            "once the first of their team was trained, "
            f"{CHANGED.removesuffix(' people')} people of teams without anybody trained yet. "
            f"{OBSERVED}",
        ),
        (
            {"verdict": "cannot tell", "verdict_reason": "small_sample"},
            "it cannot be told (small sample) what training changed; an effect below 12.5 points "
            "could have been missed.",
        ),
        (
            {"verdict": "cannot tell", "verdict_reason": "differing_pretrends"},
            "it cannot be told (differing pretrends) what training changed.",
        ),
        (
            {
                "verdict": "cannot tell", "verdict_reason": "few_people", "effect_points": None,
                "smallest_detectable_points": None,
            },
            "it cannot be told (few people) what training changed.",
        ),
    ],
)  # fmt: skip
def test_each_reading_of_the_effect_has_its_sentence(changed, told):
    sentence = told_by("did_the_training_change_use", "training_effects", EFFECT, **changed)
    assert sentence == f"t, all programs: {told}"


COMPARED = (
    "11% of the trained who can be compared used it in a week up to three months after it, of "
    "people who were alike before and not trained 3%"
)
LEFT_OUT = " (68 of 289 groups of trained people have nobody like them)"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {},
            f"{COMPARED}{LEFT_OUT}. About 27% of the use would have come anyway. Something nobody "
            "measured could explain the rest alone if it made both training and use 6.6 times as "
            "likely, and with chance if it were 3.7 times.",
        ),
        (
            {"n_dropped_cells": 0, "control_rate": 0.0, "e_value": None},
            f"{COMPARED.replace('3%', '0%')}. About 0% of the use would have come anyway.",
        ),
        (
            {"verdict": "no significant difference"},
            f"{COMPARED}{LEFT_OUT}. No significant difference: all of it may have.",
        ),
        (
            {"control_rate": 0.2, "effect_points": -9.0},
            f"{COMPARED.replace('3%', '20%')}{LEFT_OUT}. The trained use it less.",
        ),
        (
            {"verdict": "cannot tell", "verdict_reason": "small_sample"},
            f"{COMPARED}{LEFT_OUT}. How much would have come anyway cannot be told (small sample).",
        ),
        (
            {
                "treated_rate": None, "control_rate": None, "verdict": "cannot tell",
                "verdict_reason": "few_managers",
            },
            "How much would have come anyway cannot be told (few managers).",
        ),
    ],
)  # fmt: skip
def test_use_that_would_have_come_anyway_is_told_of_an_effect_only(changed, told):
    row = EFFECT | {"estimator": "matched"}
    sentence = told_by("how_much_use_would_have_come_anyway", "training_effects", row, **changed)
    assert sentence == f"t, all programs: {told} {OBSERVED}"


ACTIVATED = {
    "program_id": "all", "tool_id": "t", "checkpoint_day": 90, "dimension": "activation_status",
    "dimension_value": "activated", "n_managers": 30, "n_eligible": 100, "adoption_rate": 0.29,
    "n_reference_managers": 40, "n_reference_eligible": 200, "adjusted_difference_points": 17.0,
    "adjusted_difference_points_low": 5.0, "adjusted_difference_points_high": 29.04,
    "benchmark_low_points": 25.0, "benchmark_high_points": 40.0, "verdict": "effect",
    "verdict_reason": None,
}  # fmt: skip
TEAMS = (
    "in teams whose manager completed enablement before them 29% adopted on day 90 (100 people, 30 "
    "managers), in teams of managers who never did 12% (200 people, 40 managers)."
)
AMONG_LIKE = "Among like people +17.0 points (+5.0 to +29.0)"
UNKNOWN = {"verdict": "cannot tell", "verdict_reason": "few_managers"}
NOT_TOLD = "Whether the enablement of managers makes a difference cannot be told (few managers)."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, f"{TEAMS} {AMONG_LIKE}: significant by itself. {OBSERVED}"),
        (
            {"verdict": "no significant difference"},
            f"{TEAMS} {AMONG_LIKE}: no significant difference. {OBSERVED}",
        ),
        (UNKNOWN, f"{TEAMS} {NOT_TOLD}"),
        (UNKNOWN | {"n_eligible": 9}, f"too few can be judged on day 90. {NOT_TOLD}"),
        (UNKNOWN | {"n_reference_eligible": 9}, f"too few can be judged on day 90. {NOT_TOLD}"),
    ],
)
def test_teams_of_activated_managers_are_told_beside_the_others(changed, told):
    reference = ACTIVATED | {"dimension_value": "not_activated", "adoption_rate": 0.12}
    rows = [reference, ACTIVATED | changed]
    question = "do_activated_managers_lead_more_adopters"
    [answer] = ask(question, {"manager_activation_effects": rows})
    assert answer["sentence"] == f"t, all programs: {told}"


GAP = RATES | {
    "dimension": "role_group", "dimension_value": "service", "gap_rank": 1, "missing_adopters": 9.0,
    "share_of_missing_adopters": 0.25, "p_value_adjusted": 0.01, "certification_gap": 0.678,
}  # fmt: skip
MISSING = "role group service: 25% of what groups below the target lack to it on day 90."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {},
            f"{MISSING} 84% of those assigned completed, 16% of those judged adopted, "
            "significantly different from the rest.",
        ),
        (
            {"p_value_adjusted": 0.05, "n_assigned": 9},
            f"{MISSING} 16% of those judged adopted, not significantly different from the rest.",
        ),
        ({"p_value_adjusted": None, "n_assigned": 9}, f"{MISSING} 16% of those judged adopted."),
        (
            {"share_of_missing_adopters": None},
            "role group service: no adopter is missing to the target.",
        ),
    ],
)
def test_a_group_of_the_gap_is_told_with_whether_it_is_chance(changed, told):
    assert told_by("where_is_the_gap", "certification_gaps", GAP, **changed) == told


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
        "n_not_measured": 0, "n_judged": 180 if stale[1] else 0, "n_stale": 90,
        "stale_rate": 0.5, "platform": "lms",
    }  # fmt: skip
    for side, (adopted, eligible) in sides.items():
        row[f"n_adopted_{side}"], row[f"n_eligible_{side}"] = adopted, eligible
        row[f"adoption_rate_{side}"] = adopted / eligible if eligible else None
    tables = {
        "content_freshness": [row, row | {"course_id": "lms:b", "is_taught": False}],
        "dim_courses": [{"course_id": "lms:a", "title": "First steps"}],
    }
    first, second = ask("is_the_training_older_than_the_tool", tables, content_stale_releases=2)
    assert (first["title"], first["verdict"]) == ("First steps", verdict)
    assert (second["course_id"], second["title"]) == ("lms:b", None)
    learned = (
        "of those of whom it can be told 50% learned from content 2 releases old or more (of 20 "
        "more it cannot be told)."
    )
    compared = {
        "not measured": "not measured.",
        "insufficient evidence": f"{learned} Too few on one side or both to compare who adopted.",
    }
    if verdict not in compared:
        (adopted, eligible), (others, of) = stale, rest
        compared[verdict] = (
            f"{learned} Of them {100 * adopted // eligible}% adopted, of the rest "
            f"{100 * others // of}%: {verdict}. Observed, not proven."
        )
    taught = " It is 2 releases old and still taught: rewrite it."
    assert first["sentence"] == f't, "First steps" (lms): {compared[verdict]}{taught}'
    assert second["sentence"] == f"t, lms:b: {compared[verdict]}"


@pytest.mark.parametrize(
    ("changed", "owner", "told"),
    [
        (
            {},
            "Head of Learning",
            "of those assigned 84% completed it, and of the completions that can be judged 16% "
            "were followed by use in the week that ends on day 90.",
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


@pytest.mark.parametrize(("n_stale", "is_told"), [(0, True), (9, False), (10, True), (171, False)])
def test_few_of_stale_content_are_not_told(n_stale, is_told):
    row = {
        "tool_id": "t", "course_id": "all", "is_taught": None, "content_date": None,
        "n_releases_since": 2, "is_within_cadence": False, "content_status": "stale",
        "not_measured_reason": "none", "n_completed": 200, "n_unknown_version": 0,
        "n_not_measured": 0, "n_judged": 180, "n_stale": n_stale, "stale_rate": n_stale / 180,
        "platform": "none", "n_adopted_stale": 0, "n_eligible_stale": 0, "adoption_rate_stale": 0.0,
        "n_adopted_rest": 9, "n_eligible_rest": 99, "adoption_rate_rest": 0.1,
    }  # fmt: skip
    courses = [{"course_id": "x", "title": "X"}]
    tables = {"content_freshness": [row], "dim_courses": courses}
    [answer] = ask("is_the_training_older_than_the_tool", tables, content_stale_releases=2)
    hidden = "t, all courses: of too few can it be told how old the content was. "
    assert answer["sentence"].startswith(hidden) != is_told


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (0.0, "0%"), (0.004, "under 1%"), (0.005, "1%"), (0.838, "84%"), (0.994, "99%"),
        (0.996, "over 99%"), (1.0, "100%"),
    ],
)  # fmt: skip
def test_all_and_none_are_told_of_all_and_none_only(rate, told):
    sentence = told_by("where_is_the_gap", "certification_gaps", GAP, adoption_rate=rate)
    assert f", {told} of those judged adopted" in sentence
