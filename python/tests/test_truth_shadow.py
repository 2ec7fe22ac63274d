"""The truth of shadow_ai: who counts in a month, and what is told apart around a training."""

import pytest

from truth_company import Company, after

TRAINED = "2026-03-29"
CHAT = {
    "domain": "chat.example",
    "tool_name": "Chat",
    "is_consumer_tool": "true",
    "approved_alternative_tool_id": "copilot",
}


def company_of(**settings):
    """A company whose web log goes from the end of January to the start of June."""
    company = Company(**{"web_log_gap_days": 400} | settings)
    company.more_reference = {"tool_domains": [CHAT]}
    for day in ("2026-01-31", "2026-06-01"):
        ask(company, None, day, account="stranger")
    return company


def ask(company, person, *days, account=None, domain="chat.example", count=1):
    for day in days:
        company.add(
            "web_use", source_system="netskope", employee_id=person, alias_type="upn",
            alias_value=account or person, domain=domain, usage_date=after(day, 0),
            n_requests=count,
        )  # fmt: skip


def row_of(company, month, dimension="all", tool="Chat"):
    found = company.table("shadow_ai", usage_month=month, dimension=dimension, consumer_tool=tool)
    (row,) = found
    return row


def test_only_months_that_the_log_covers_are_measured():
    company = company_of()
    company.person("E1")
    rows = company.table("shadow_ai", dimension="all", consumer_tool="Chat")
    reasons = {row["usage_month"]: row["log_status_reason"] for row in rows}
    whole = dict.fromkeys(["2026-02", "2026-03", "2026-04", "2026-05"])
    parts = dict.fromkeys(["2026-01", "2026-06"], "incomplete_month")
    assert reasons == whole | parts | {"all": "nobody_judged"}


@pytest.mark.parametrize(("gap", "reason"), [(27, None), (26, "incomplete_month")])
def test_days_between_requests_are_covered_unless_too_many_lie_between(gap, reason):
    company = company_of(web_log_gap_days=gap)
    company.person("E1")
    # From 2026-01-31 to 2026-02-28 lie 27 days.
    ask(company, None, "2026-02-28", account="stranger")
    assert row_of(company, "2026-02")["log_status_reason"] == reason


def test_without_logs_and_without_consumer_tools_it_is_said_so():
    company = Company()
    company.person("E1")
    (row,) = company.table("shadow_ai")
    assert (row["consumer_tool"], row["log_status_reason"]) == ("all", "no_consumer_tool")
    company.more_reference = {"tool_domains": [CHAT]}
    rows = company.table("shadow_ai")
    assert {row["log_status_reason"] for row in rows} == {"no_web_log"}
    assert {row["consumer_tool"] for row in rows} == {"Chat", "all"}


def test_people_of_a_month_are_those_of_its_last_day_and_no_request_vanishes():
    company = company_of()
    for person, department in (("here", "D"), ("trained", "D"), ("gone", "D")):
        company.person(person, department=department)
    company.row("gone", "2026-03-31", employment_status="terminated")
    company.event("trained", "2026-02-28")
    company.use("trained", "2026-03-31")
    ask(company, "here", "2026-03-01", count=2)
    ask(company, "trained", "2026-03-31", "2026-03-31")
    ask(company, "gone", "2026-03-02", count=4)
    ask(company, None, "2026-03-02", account="stranger", count=8)
    ask(company, "here", "2026-03-01", domain="ours.example", count=16)
    row = row_of(company, "2026-03", "department")
    counts = ("n_people", "n_shadow_users", "n_requests", "n_trained", "n_trained_shadow_users")
    assert [row[name] for name in counts] == [2, 2, 4, 1, 1]
    assert (row["n_approved_users"], row["n_trained_shadow_and_approved"]) == (1, 1)
    assert (row["n_approved_days"], row["n_untrained_shadow_users"]) == (31, 1)
    others = row_of(company, "2026-03", "unattributed")
    assert (others["n_requests"], others["n_accounts"], others["n_people"]) == (12, 2, None)


def test_trained_within_the_month_is_not_trained_yet():
    company = company_of()
    company.person("E1")
    company.event("E1", "2026-03-01")
    assert row_of(company, "2026-03")["n_trained"] == 0
    assert row_of(company, "2026-04")["n_trained"] == 1


@pytest.mark.parametrize(
    ("before", "after_it", "approved", "expected"),
    [
        ("2026-03-01", None, "2026-04-01", (1, 1, 0, 1)),
        ("2026-03-28", None, "2026-03-31", (1, 1, 0, 0)),
        ("2026-02-28", "2026-04-28", None, (0, 0, 1, 0)),
        ("2026-03-29", "2026-04-29", None, (0, 0, 0, 0)),
        ("2026-03-28", "2026-04-01", "2026-04-28", (1, 0, 0, 0)),
        (None, "2026-03-31", None, (0, 0, 0, 0)),
    ],
)
def test_use_before_and_after_training_is_told_apart(before, after_it, approved, expected):
    """28 days before 2026-03-29 begin on the 1st; as many up to day 30 on 2026-04-01."""
    company = company_of()
    company.person("E1")
    company.event("E1", TRAINED)
    ask(company, "E1", *(day for day in (before, after_it) if day))
    company.use("E1", *([approved] if approved else []))
    row = row_of(company, "all")
    names = ("n_shadow_before", "n_stopped", "n_started", "n_substituted")
    assert tuple(row[name] for name in names) == expected
    assert row["n_trained_judged"] == 1


def test_whoever_left_by_day_n_or_has_a_window_outside_the_log_is_not_judged():
    company = company_of()
    for person, day in (("left", TRAINED), ("early", "2026-02-27"), ("late", "2026-05-03")):
        company.person(person)
        company.event(person, day)
    company.row("left", "2026-04-28", employment_status="terminated")
    assert row_of(company, "all")["log_status_reason"] == "nobody_judged"
    company.person("just")
    company.event("just", "2026-02-28")
    company.person("last")
    company.event("last", "2026-05-02")
    assert row_of(company, "all")["n_trained_judged"] == 2
