"""The truth: the one status of a unit at a checkpoint, and what was seen of its use.

C = 2026-03-01 throughout; the block of N = 30 is 2026-03-25 to 2026-03-31.
"""

from datetime import date

import pytest

from truth_company import Company, after, day


@pytest.fixture
def company():
    company = Company()
    company.person("ana")
    company.event("ana", "2026-03-01")
    return company


def leave(company, first, last):
    days = {"leave_start": day(first), "leave_end": last and day(last)}
    company.add("leave_periods", employee_id="ana", **days)


def seat(company, first, last, **row):
    company.tools[0]["licence_model"] = "seat"
    days = {"valid_from": first and day(first), "valid_to": last and day(last)}
    company.add("seats", employee_id="ana", tool_id="copilot", **days, **row)


def test_left_and_rehired(company):
    company.tables["employment_history"] = []
    company.row("ana", "2020-01-01", "2026-03-31")
    assert company.fact()["status"] == "left_before_day_n"
    company.row("ana", "2026-03-31", employment_status=" Terminated ")
    assert company.fact()["status"] == "left_before_day_n"
    company.row("ana", "2026-04-20")  # back by day 60
    assert company.fact()["status"] == "left_before_day_n"
    assert company.fact(n=60)["status"] == "eligible"


def test_nobody_without_an_hr_row_is_employed(company):
    company.tables["employment_history"] = []
    fact = company.fact()
    assert fact["status"] == "left_before_day_n"
    assert fact["manager_status_at_completion"] == "unknown"
    row = company.rates(dimension="department")
    assert (row["dimension_value"], row["n_completed"]) == ("unknown", 1)


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [("2026-03-28", "2026-03-31", "eligible"), ("2026-03-27", "2026-03-31", "on_leave"),
     ("2026-03-27", None, "on_leave"), ("2026-03-01", "2026-03-28", "eligible"),
     ("2026-03-01", "2026-03-29", "on_leave")],
)  # fmt: skip
def test_leave_of_four_and_of_five_days(company, first, last, status):
    leave(company, first, last)
    assert company.fact()["status"] == status


def test_overlapping_leaves_count_days_once(company):
    leave(company, "2026-03-25", "2026-03-28")
    leave(company, "2026-03-26", "2026-03-28")
    assert company.fact()["status"] == "eligible"


def test_a_seat_on_one_day_of_the_block_is_a_licence(company):
    company.deliver("2026-01-01", "2026-12-31", feed="tool_licences")
    seat(company, "2026-01-01", "2026-03-26")
    assert company.fact()["status"] == "eligible"
    company.tables["seats"][0]["valid_to"] = day("2026-03-25")
    assert company.fact()["status"] == "no_licence"


def test_an_inactive_seat_is_none_and_a_null_status_is_active(company):
    company.deliver("2026-01-01", "2026-12-31", feed="tool_licences")
    seat(company, None, None, status="suspended")
    assert company.fact()["status"] == "no_licence"
    seat(company, None, None, status=None)
    assert company.fact()["status"] == "eligible"


def test_seat_coverage_must_cover_the_whole_block(company):
    company.deliver("2026-01-01", "2026-03-30", feed="tool_licences")
    seat(company, "2026-01-01", None)
    assert company.fact()["status"] == "licence_unknown"


def test_seat_coverage_is_inferred_up_to_the_newest_file(company):
    seat(company, None, None)
    feed = {"source_system": "generic", "category": "usage", "feed": "tool_licences"}
    company.add("newest_files", **feed, tool_id="copilot", newest_file_date=day("2026-03-31"))
    assert company.fact()["status"] == "eligible"
    assert company.fact(n=60)["status"] == "licence_unknown"


def test_a_feed_gap_of_one_day(company):
    company.use("ana", "2026-03-31")
    company.deliver("2025-06-01", "2026-03-24")
    company.deliver("2026-03-26", "2026-12-31")
    fact = company.fact()
    assert (fact["status"], fact["is_adopted"]) == ("feed_gap", None)
    assert company.fact(n=60)["status"] == "eligible"
    assert company.fact(n=60)["n_uncovered_days"] == 1


@pytest.mark.parametrize(
    "fault",
    [{"is_concealed": True}, {"is_failed": True}, {"population_scope": "part"},
     {"max_complete_date": day("2026-03-24")}],
)  # fmt: skip
def test_a_concealed_failed_partial_or_incomplete_delivery_is_unknown(company, fault):
    company.deliver("2025-06-01", "2026-03-24")
    company.deliver("2026-03-25", "2026-03-25", **fault)
    company.deliver("2026-03-26", "2026-12-31")
    assert company.fact()["status"] == "feed_gap"


def test_another_feed_of_the_tool_fills_the_gap(company):
    company.deliver("2025-06-01", "2026-03-24")
    company.deliver("2026-03-26", "2026-12-31")
    feed = {"source_system": "other", "category": "usage", "feed": "tool_usage_daily"}
    days = {"first_date": day("2026-03-25"), "last_date": day("2026-03-25")}
    company.add("newest_files", **feed, tool_id="copilot", **days)
    assert company.fact()["status"] == "eligible"


def test_a_delivery_without_tool_speaks_for_the_tools_of_its_relation(company):
    company.is_delivered = False
    company.deliver("2025-06-01", "2026-12-31", tool=None)
    assert company.fact()["status"] == "window_open"  # copilot has no row in that relation
    feed = {"source_system": "usage", "category": "usage", "feed": "tool_usage_daily"}
    company.add("newest_files", **feed, tool_id="copilot")
    assert company.fact()["status"] == "eligible"


def test_the_first_reason_wins(company):
    """One trouble after the other is taken away; the next one shows."""
    company.settings.as_of_date = day("2026-03-30")
    company.tables["employment_history"][0]["valid_to"] = day("2026-03-20")
    company.tools[0]["licence_model"] = "seat"
    company.deliver("2025-06-01", "2026-03-24")
    company.deliver("2026-03-26", "2026-12-31")
    leave(company, "2026-03-01", None)
    assert company.fact()["status"] == "window_open"
    company.settings.as_of_date = day("2026-12-31")
    assert company.fact()["status"] == "left_before_day_n"
    company.tables["employment_history"][0]["valid_to"] = None
    assert company.fact()["status"] == "feed_gap"
    company.deliver("2026-03-25", "2026-03-25")
    assert company.fact()["status"] == "licence_unknown"
    company.deliver("2026-01-01", "2026-12-31", feed="tool_licences")
    assert company.fact()["status"] == "no_licence"
    seat(company, "2026-01-01", None)
    assert company.fact()["status"] == "on_leave"
    company.tables["leave_periods"] = []
    assert company.fact()["status"] == "eligible"


def test_daily_and_habitual_use(company):
    company.use("ana", "2026-03-25", "2026-03-26", "2026-03-31")
    assert company.fact()["is_daily"] is False
    company.use("ana", "2026-03-30")
    # Blocks of N = 30: days 3-9, 10-16, 17-23, 24-30.
    company.use("ana", after("2026-03-01", 9))
    fact = company.fact()
    assert (fact["is_daily"], fact["is_habitual"]) == (True, False)
    company.use("ana", after("2026-03-01", 10))
    assert company.fact()["is_habitual"] is True


def test_active_by_flag_else_by_interactions(company):
    company.use("ana", "2026-03-30", is_active=False, interactions=9)
    company.use("ana", "2026-03-29", is_active=None, interactions=0)
    company.use("ana", "2026-03-28", is_active=None, interactions=None)
    assert company.fact()["is_adopted"] is False
    company.use("ana", "2026-03-27", is_active=None, interactions=2)
    company.use("ana", "2026-03-27", is_active=True, interactions=None, surface="editor")
    company.use("ana", "2026-03-27", is_active=True, interactions=3, surface="phone")
    fact = company.fact()
    assert (fact["active_days_last_7"], fact["interactions_last_7"]) == (1, 5)


@pytest.mark.parametrize(
    ("days", "status"), [(-28, "existing"), (-1, "existing"), (-29, "new"), (0, "new")]
)
def test_baseline(company, days, status):
    company.use("ana", after("2026-03-01", days))
    assert company.fact()["baseline_status"] == status


def test_baseline_is_unknown_with_a_gap_unless_use_was_seen(company):
    company.deliver("2026-02-02", "2026-12-31")  # day -28 is 2026-02-01
    assert company.fact()["baseline_status"] == "unknown"
    company.use("ana", "2026-02-01")
    assert company.fact()["baseline_status"] == "existing"


@pytest.fixture
def weekly():
    """Weeks end on Sundays: for N = 30 the block is 2026-03-23 to 2026-03-29."""
    company = Company()
    company.person("ana")
    company.event("ana", "2026-03-01")
    company.is_delivered = False
    company.deliver("2025-06-02", "2026-12-27", feed="tool_usage_period")
    week(company, "2026-12-27", employee_id=None, active_days=1)
    return company


def week(company, end, length=7, **row):
    row = {"employee_id": "ana", "tool_id": "copilot"} | row
    company.add("usage_weeks", period_start=after(end, 1 - length), period_end=day(end), **row)


def test_weekly_block_is_the_week_that_ends_within_it(weekly):
    week(weekly, "2026-04-05", active_days=7)
    assert weekly.fact()["is_adopted"] is False
    week(weekly, "2026-03-29", active_days=4, interactions=12)
    fact = weekly.fact()
    assert (fact["is_adopted"], fact["is_daily"], fact["active_days_last_7"]) == (True, True, 4)
    assert fact["interactions_since_completion"] == 12


def test_weekly_status_is_judged_on_that_week(weekly):
    leave(weekly, "2026-03-23", "2026-03-27")
    assert weekly.fact()["status"] == "on_leave"
    weekly.tables["deliveries"] = []
    weekly.deliver("2026-03-24", "2026-12-27", feed="tool_usage_period")
    assert weekly.fact()["status"] == "feed_gap"


def test_weekly_tried_needs_an_observed_day_or_a_whole_week(weekly):
    week(weekly, "2026-03-01", first_active_date=day("2026-02-27"), active_days=2)
    fact = weekly.fact()
    assert (fact["is_tried"], fact["baseline_status"]) == (False, "existing")
    week(weekly, "2026-03-20", length=28, last_active_date=day("2026-03-02"))
    fact = weekly.fact()
    assert (fact["is_tried"], fact["is_adopted"]) == (True, False)


def test_weeks_before_training_are_no_habit_after_it(weekly):
    weekly.settings.checkpoint_days = [14]
    for end in ("2026-02-22", "2026-03-01", "2026-03-15"):
        week(weekly, end, active_days=2)
    assert weekly.fact(n=14)["is_habitual"] is False
    for end in ("2026-03-08", "2026-03-22"):
        week(weekly, end, active_days=2)
    assert weekly.fact(n=14)["is_habitual"] is False  # the week that ends on the 22nd is too late
    weekly.settings.checkpoint_days = [21]
    assert weekly.fact(n=21)["is_habitual"] is True


def test_a_week_has_seven_days_whatever_a_block_has(weekly):
    weekly.settings.block_days = 5
    leave(weekly, "2026-03-23", "2026-03-27")
    assert weekly.fact()["status"] == "on_leave"
    weekly.tables["leave_periods"] = []
    for end in ("2026-03-29", "2026-03-22", "2026-03-15"):
        week(weekly, end, active_days=1)
    assert weekly.fact()["is_habitual"] is True


def test_weekly_activity_without_active_days_counts_one_day(weekly):
    week(weekly, "2026-03-29", interactions=3)
    week(weekly, "2026-03-22", last_active_date=date(2026, 3, 18))
    week(weekly, "2026-03-15", active_days=0, interactions=0)
    fact = weekly.fact()
    assert (fact["active_days_last_7"], fact["active_days_since_completion"]) == (1, 2)
    assert fact["is_habitual"] is False
    week(weekly, "2026-03-08", active_days=1)
    assert weekly.fact()["is_habitual"] is True


def test_period_rows_of_a_daily_tool_only_add_observed_days(company):
    week(company, "2026-03-29", first_active_date=day("2026-03-26"), active_days=4, interactions=9)
    fact = company.fact()
    assert (fact["active_days_last_7"], fact["interactions_last_7"]) == (1, 0)
