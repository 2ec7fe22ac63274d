"""The truth: which day it is, which days count, which are judged."""

from datetime import date

import pytest

from truth_company import Company, after, day


def ana(zone="UTC", when="2026-03-01 12:00", **settings):
    company = Company(**settings)
    company.person("ana", zone)
    company.event("ana", when)
    return company


# Sunday 2026-03-01 23:59 local, written in UTC.
@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("America/New_York", "2026-03-02 04:59"),
        ("Asia/Kolkata", "2026-03-01 18:29"),
        ("Pacific/Auckland", "2026-03-01 10:59"),
    ],
)
def test_sunday_2359_local_stays_sunday(zone, utc):
    assert ana(zone, utc).fact()["completion_date"] == date(2026, 3, 1)


def test_an_unknown_zone_is_the_default_zone():
    company = ana("Mars/Olympus", "2026-03-02 04:59", default_timezone="America/New_York")
    assert company.fact()["completion_date"] == date(2026, 3, 1)
    company = ana(None, "2026-03-02 04:59", default_timezone="America/New_York")
    assert company.fact()["completion_date"] == date(2026, 3, 1)


def test_a_date_without_time_is_never_shifted():
    assert ana("America/New_York", "2026-03-02").fact()["completion_date"] == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "tried", "adopted"),
    [(0, False, False), (1, True, False), (23, True, False), (24, True, True), (30, True, True),
     (31, False, False)],
)  # fmt: skip
def test_day_0_never_counts_and_day_n_does(days, tried, adopted):
    company = ana()
    company.use("ana", after("2026-03-01", days))
    fact = company.fact()
    assert (fact["is_tried"], fact["is_adopted"]) == (tried, adopted)
    assert fact["active_days_since_completion"] == int(tried)
    assert fact["active_days_last_7"] == int(adopted)


@pytest.mark.parametrize(
    ("last", "lag", "status"),
    [("2026-03-31", 0, "eligible"), ("2026-03-30", 0, "window_open"),
     ("2026-04-03", 3, "eligible"), ("2026-04-02", 3, "window_open")],
)  # fmt: skip
def test_watermark_exactly_on_day_n(last, lag, status):
    company = ana()
    company.tools[0]["restatement_lag_days"] = lag
    company.deliver("2025-06-01", last)
    assert company.fact()["status"] == status


@pytest.mark.parametrize(("as_of", "status"), [("31", "eligible"), ("30", "window_open")])
def test_as_of_date_exactly_on_day_n(as_of, status):
    company = ana(as_of_date=day(f"2026-03-{as_of}"))
    assert company.fact()["status"] == status


def test_a_completion_after_the_as_of_date_is_none_yet():
    assert ana(as_of_date=day("2026-02-28")).facts() == []


def test_a_tool_without_any_delivery_has_only_open_windows():
    company = ana()
    company.deliver("2025-06-01", "2026-12-31", is_failed=True)
    assert {row["status"] for row in company.facts()} == {"window_open"}


def test_flags_are_null_unless_eligible():
    company = ana(as_of_date=day("2026-03-30"))
    company.use("ana", "2026-03-30")
    fact = company.fact()
    for column in ("is_adopted", "is_tried", "is_habitual", "is_daily", "active_days_last_7"):
        assert fact[column] is None


def worked_example(last_day: str, leave_start: str) -> Company:
    """Ana of metrics.md: seat until 03-26, leave to 03-31, one prompt on 03-25."""
    company = ana("America/New_York", "2026-03-02 04:30")
    company.tools[0] |= {"licence_model": "seat", "restatement_lag_days": 3}
    company.deliver("2026-01-01", last_day)
    company.deliver("2026-01-01", "2026-04-30", feed="tool_licences")
    seat_days = {"valid_from": day("2026-01-01"), "valid_to": day("2026-03-26")}
    company.add("seats", employee_id="ana", tool_id="copilot", **seat_days)
    leave = {"leave_start": day(leave_start), "leave_end": day("2026-03-31")}
    company.add("leave_periods", employee_id="ana", **leave)
    company.use("ana", "2026-03-25")
    return company


def test_the_worked_example():
    early = worked_example("2026-04-02", "2026-03-27").fact()
    assert early["completion_date"] == date(2026, 3, 1)
    assert early["status"] == "window_open"
    assert worked_example("2026-04-03", "2026-03-27").fact()["status"] == "on_leave"
    judged = worked_example("2026-04-03", "2026-03-28").fact()
    assert (judged["status"], judged["is_adopted"]) == ("eligible", True)


def unset_company(**files) -> Company:
    company = ana(as_of_date=None)
    for (source, category, feed), newest in files.pop("files").items():
        company.add(
            "newest_files",
            source_system=source,
            category=category,
            feed=feed,
            newest_file_date=day(newest),
        )
    return company


def test_as_of_date_unset_is_the_last_complete_day_of_all_hris_and_lms_feeds():
    files = {
        ("hr", "hris", "employees"): "2026-04-01",
        ("hr", "hris", "employment_history"): "2026-03-01",
        ("lms", "lms", "learning_events"): "2026-04-05",
        # Surveys never limit it, and never extend it.
        ("lms", "lms", "surveys"): "2026-04-09",
    }
    # hr: the day before its newest file, 03-31; lms: 04-04.
    assert unset_company(files=files).fact()["status"] == "eligible"
    # A platform's own feed names count like the contract's.
    late_platform = {**files, ("lrs", "lms", "statements"): "2026-03-31"}
    assert unset_company(files=late_platform).fact()["status"] == "window_open"
    files["hr", "hris", "employees"] = "2026-03-31"
    assert unset_company(files=files).fact()["status"] == "window_open"
    company = unset_company(files=files)
    for feed, last in (("employees", "2026-03-31"), ("employment_history", "2026-04-07")):
        company.add(
            "deliveries",
            source_system="hr",
            feed=feed,
            date_from=day("2026-01-01"),
            date_to=day(last),
        )
    assert company.fact()["status"] == "eligible"
