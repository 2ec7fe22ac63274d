"""The truth: usage segments and weekly changes, hand-counted. Every week begins on a Monday."""

import pytest

from truth_company import Company, after, day

MONDAY = "2026-03-02"  # of the first of twelve weeks; the last one begins on 2026-05-18
LAST = after(MONDAY, 77)


def week(company, start=LAST, **where):
    wanted = {"tool_id": "copilot", "dimension": "all", "week_start_date": day(start)}
    (row,) = company.table("usage_segments", **(wanted | where))
    return row


def segments(row, suffix="12w"):
    ending = f"_{suffix}"
    names = ("non_user", "low", "novice", "habitual", "power", "insufficient_history")
    return [name for name in names for _ in range(row[f"n_{name}{ending}"])]


def one_person(weeks, interactions=1, **person):
    """Somebody who uses the tool on the Monday of the given weeks (1 to 12)."""
    company = Company()
    company.person("ana", **person)
    company.use("ana", *(after(MONDAY, 7 * (w - 1)) for w in weeks), interactions=interactions)
    return company


@pytest.mark.parametrize(
    ("weeks", "interactions", "segment", "of_four"),
    [
        ([], 1, "non_user", "non_user"),
        ([1], 11, "low", "non_user"),
        ([1], 12, "novice", "non_user"),
        (range(1, 9), 100, "novice", "non_user"),
        (range(1, 10), 19, "habitual", "novice"),  # 9 * 19 = 171, 14.25 a week
        (range(1, 10), 20, "power", "novice"),  # 180 actions, 15 a week
        (range(1, 13), 14, "habitual", "habitual"),
        ([9, 10, 11, 12], 15, "novice", "power"),
        ([9, 10, 11], 500, "novice", "novice"),  # three of four weeks are no habit
    ],
)
def test_segments_of_one_person(weeks, interactions, segment, of_four):
    row = week(one_person(weeks, interactions))
    assert segments(row) == [segment]
    assert segments(row, "4w") == [of_four]


def test_a_habit_long_gone_is_none():
    row = week(one_person(range(1, 10), 20), start=after(LAST, 7 * 12))
    assert (segments(row), segments(row, "4w")) == (["non_user"], ["non_user"])
    assert (row["n_tried"], row["n_monthly_active"], row["n_active"]) == (1, 0, 0)
    assert row["n_dormant"] == 1


@pytest.mark.parametrize(
    ("hired", "segment"),
    [(MONDAY, "power"), ("2026-03-03", "insufficient_history"), ("2026-02-25", "power")],
)
def test_history_begins_with_the_first_whole_week_employed(hired, segment):
    row = week(one_person(range(1, 13), 20, hired=hired))
    assert segments(row) == [segment]


def test_a_rehire_begins_anew_and_leaves_the_weeks_before_it_alone():
    company = one_person(range(1, 13), 20, hired="2026-06-01", first_hired="2020-01-01")
    assert segments(week(company)) == ["power"]
    assert segments(week(company, start=after("2026-06-01", 70))) == ["insufficient_history"]
    assert segments(week(company, start=after("2026-06-01", 77))) == ["non_user"]


def test_a_tool_without_the_weeks_gives_no_segment():
    company = one_person(range(1, 13), 20)
    company.deliver("2026-03-03", "2026-12-31")  # a Tuesday
    row = week(company)
    assert segments(row) == ["insufficient_history"]
    assert row["n_uncovered_days_12w"] == 1
    assert row["n_retained"] == 1
    assert segments(week(company, start=after(LAST, 7))) == ["power"]


def test_weeks_are_whole_and_judged():
    company = one_person([1])
    company.deliver("2026-03-05", "2026-03-29")
    company.settings.as_of_date = after("2026-03-29", -1)
    rows = company.table("usage_segments", tool_id="copilot", dimension="all")
    # The week of the first delivered day counts, the one that is not over does not.
    assert [str(row["week_start_date"]) for row in rows] == [
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
    ]
    assert [row["n_uncovered_days"] for row in rows] == [3, 0, 0]


def test_changes_from_week_to_week():
    company = one_person([2, 3, 5])
    names = ("newly_active", "retained", "resurrected", "lapsed", "dormant", "never_active")
    found = []
    for number in range(1, 8):
        row = week(company, start=after(MONDAY, 7 * (number - 1)))
        assert sum(row[f"n_{name}"] for name in names) == row["n_people"] == 1
        found += [name for name in names if row[f"n_{name}"]]
    assert found == [
        "never_active", "newly_active", "retained", "lapsed", "resurrected", "lapsed", "dormant",
    ]  # fmt: skip


def test_a_change_is_not_known_beside_an_uncovered_day():
    company = one_person([2, 3])
    company.deliver("2025-06-01", "2026-03-10")
    company.deliver("2026-03-12", "2026-12-31")
    assert week(company, start=MONDAY)["n_never_active"] == 1
    for start in ("2026-03-09", "2026-03-16"):
        assert week(company, start=after(start, 0))["n_retained"] is None
    assert week(company, start=after("2026-03-23", 0))["n_lapsed"] == 1


def test_everybody_employed_on_the_last_day_counts():
    company = one_person([1])
    company.person("bob")
    company.row("bob", "2026-03-08", employment_status="terminated")
    company.person("cyd")
    company.event("cyd", "2026-03-08")
    row = week(company, start=MONDAY)
    assert (row["n_people"], row["n_active"], row["active_rate"]) == (2, 1, 0.5)
    of_status = {
        row["dimension_value"]: row["n_people"]
        for row in company.table(
            "usage_segments", tool_id="all", dimension="training_status", week_start_date=row[
                "week_start_date"
            ],
        )
    }  # fmt: skip
    assert of_status == {"trained": 1, "not_trained": 1}


def test_a_weekly_tool_has_weeks_of_its_own():
    company = Company()
    company.person("ana")
    company.tools.append({"tool_id": "weekly", "licence_model": "open"})
    company.deliver("2026-03-01", "2026-06-27", feed="tool_usage_period", tool="weekly")
    for number in range(12):  # Sundays to Saturdays
        company.add(
            "usage_weeks", employee_id="ana", tool_id="weekly", active_days=4 if number else None,
            interactions=20, period_start=after("2026-03-01", 7 * number),
            period_end=after("2026-03-07", 7 * number),
        )  # fmt: skip
    first = week(company, start=after("2026-03-01", 0), tool_id="weekly")
    assert (first["n_active"], first["n_daily"], first["n_newly_active"]) == (1, 0, None)
    twelfth = week(company, start=after("2026-03-01", 77), tool_id="weekly")
    assert segments(twelfth) == ["power"]
    assert (twelfth["n_daily"], str(twelfth["week_end_date"])) == (1, "2026-05-23")
    # `all` sums what starts on the same day: on a Sunday only the weekly tool.
    assert week(company, start=after("2026-03-01", 77), tool_id="all")["n_people"] == 1
    assert "tool" not in {
        row["dimension"] for row in company.table("usage_segments", tool_id="weekly")
    }
