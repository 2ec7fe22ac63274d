"""The truth of content_freshness: what makes content stale, and what is not known of it."""

from datetime import datetime

import pytest

from truth_company import LAST, Company, after

WRITTEN = "2026-01-10"


def taught(*releases, written=WRITTEN, **settings):
    """A course c1 of one day and the releases of its tool; the list begins with that day."""
    company = Company(**settings)
    listed(company, "c1", written)
    released(company, WRITTEN, *releases)
    return company


def listed(company, course, written, **row):
    stamp = written and datetime.fromisoformat(f"{written} 23:59:59")
    company.add("courses", source_system="lms", course_id=course, published_at=stamp, **row)


def released(company, *days, tool="copilot"):
    rows = company.more_reference.setdefault("tool_releases", [])
    for day in days:
        rows.append({"tool_id": tool, "release_name": str(len(rows)), "released_on": day})


def course(company, name="lms:c1", tool="copilot"):
    """The row of one course."""
    (row,) = company.table("content_freshness", course_id=name, tool_id=tool)
    return row


@pytest.mark.parametrize(
    ("releases", "since", "status"),
    [
        ([], 0, "current"),
        (["2026-02-01"], 1, "behind"),
        (["2026-02-01", str(LAST)], 2, "stale"),
        (["2026-02-01", str(after(LAST, 1))], 1, "behind"),
        (["2026-02-01", "2026-02-01"], 2, "stale"),
    ],
)
def test_the_second_release_after_its_day_makes_content_stale(releases, since, status):
    row = course(taught(*releases))
    assert (row["n_releases_since"], row["content_status"]) == (since, status)


@pytest.mark.parametrize(
    ("written", "releases", "missing"),
    [
        (None, ["2026-02-01"], "no_date"),
        (str(after(LAST, 1)), ["2026-02-01"], "dated_after_as_of"),
        ("2026-01-09", [], "releases_begin_later"),
        ("2026-01-09", ["2026-02-01"], None),
        (WRITTEN, [], None),
    ],
)
def test_what_is_not_known_of_content_is_named(written, releases, missing):
    row = course(taught(*releases, written=written))
    assert row["not_measured_reason"] == missing
    assert (row["content_status"] == "not measured") == bool(missing)


def test_a_course_nobody_lists_and_a_tool_without_releases_are_not_measured():
    assert course(Company())["not_measured_reason"] == "course_not_listed"
    company = Company()
    listed(company, "c1", WRITTEN)
    released(company, "")  # planned
    assert course(company)["not_measured_reason"] == "no_releases"


def test_each_listing_has_its_own_content():
    company = taught("2026-02-01", "2026-03-01")
    listed(company, "c2", WRITTEN, equivalent_to="c1", last_updated_at=datetime(2026, 2, 1))
    company.tie("c1", "other", valid_to="2026-05-01")
    assert course(company)["content_status"] == "stale"
    assert course(company, "lms:c2")["n_releases_since"] == 1
    assert (course(company)["is_taught"], course(company, tool="other")["is_taught"]) == (1, 0)


@pytest.mark.parametrize(("days", "within"), [(92, True), (93, False)])
def test_an_update_of_a_quarter_ago_is_within_the_cadence(days, within):
    row = course(taught(written=str(after(LAST, -days))))
    assert (row["n_days_since_update"], row["is_within_cadence"]) == (days, within)


@pytest.mark.parametrize(
    ("completed", "kind"),
    [
        ("2026-01-09", "n_unknown_version"),
        (WRITTEN, "n_rest"),
        ("2026-02-28", "n_rest"),
        ("2026-03-01", "n_stale"),
    ],
)
def test_who_completes_on_the_day_of_the_release_is_trained_on_stale_content(completed, kind):
    company = taught("2026-02-01", "2026-03-01")
    company.person("ana")
    company.event("ana", completed)
    row = course(company)
    kinds = ("n_stale", "n_rest", "n_unknown_version", "n_not_measured")
    assert {name for name in kinds if row[name]} == {kind}
    assert row["n_completed"] == 1


def test_the_adoption_of_those_trained_on_stale_content_stands_beside_the_rest():
    company = taught("2026-02-01", "2026-03-01", checkpoint_days=[30, 60])
    company.tie("c2")
    people = {"ana": "2026-02-10", "bob": "2026-03-10", "cyd": "2026-03-10", "dan": "2026-03-10"}
    for name, completed in people.items():
        company.person(name)
        company.event(name, completed, course="c2" if name == "dan" else "c1")
    company.event("ana", "2026-04-01")  # again, on stale content by then
    company.use("ana", after("2026-02-10", 60))
    company.use("bob", after("2026-03-10", 30))
    row = course(company)
    assert (row["checkpoint_day"], row["n_judged"], row["stale_rate"]) == (60, 3, 2 / 3)
    assert (row["n_eligible_stale"], row["adoption_rate_stale"]) == (2, 0.0)
    assert (row["n_eligible_rest"], row["adoption_rate_rest"]) == (1, 1.0)
    everything = course(company, "all")
    assert (everything["n_completed"], everything["n_not_measured"]) == (4, 1)
    assert (everything["n_eligible"], everything["adoption_rate"]) == (4, 0.25)
    assert everything["content_status"] is None
    unlisted = course(company, "lms:c2")
    assert (unlisted["n_completed"], unlisted["n_stale"]) == (1, None)
