"""The Cornerstone, xAPI and LinkedIn Learning adapters read the vendors' own samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; counted here from the files, not by
SQL; and every kept row says the events it should.

Reason: an adapter that loses a completion, or takes a watched video for one, looks right in every
rate it feeds.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from vendor_samples import csv_rows, json_lines, reasons, sample


def page(statements: list[dict]) -> bytes:
    return json.dumps({"statements": statements, "more": ""}).encode()


CORNERSTONE = ["transcript_core", "transcript_status_local_core", "users_core"]
FUNMOOC = sample("xapi", "funmooc_statements.ndjson.gz")
CMI5 = sample("xapi", "cmi5_statements.ndjson")
LINKEDIN = sample("linkedin_learning", "learningActivityReports.json")
ADL = sample("xapi", "adl_statements.ndjson")
# Both forms of an export: some cmi5 statements come first as a page, the others as lines (the last
# voids one of the page), then all of them again in both. A page without statements and one that
# ends in the middle come with the others.
EARLY, LATE = json_lines(CMI5)[:6], json_lines(CMI5)[6:]
LINES = {
    "2026-02-05/funmooc.ndjson": FUNMOOC,
    "2026-02-05/adl.ndjson": ADL,
    "2026-02-05/adl_objects.ndjson": sample("xapi", "adl_objects.ndjson"),
    "2026-02-05/cmi5.ndjson": "\n".join(json.dumps(late) for late in LATE).encode(),
    "2026-02-06/cmi5_again.ndjson": CMI5,
}
PAGES = {
    "2026-02-05/1.json": page(EARLY),
    "2026-02-05/2.json": page([]),
    "2026-02-05/3.json": CMI5[:400],
    "2026-02-07/1.json": page(json_lines(CMI5)),
    "2026-02-07/2.json": page(json_lines(ADL)),
}
DELIVERED = {
    **{
        f"lms/cornerstone/{feed}/2026-03-03/{feed}.csv": sample("cornerstone", f"{feed}.csv")
        for feed in CORNERSTONE
    },
    **{f"lms/xapi/statements/{name}": content for name, content in LINES.items()},
    **{f"lms/xapi/statement_pages/{name}": content for name, content in PAGES.items()},
    # Windows overlap: the same report comes with the next delivery.
    "lms/linkedin_learning/learning_activity_reports/2026-02-09/page.json": LINKEDIN,
    "lms/linkedin_learning/learning_activity_reports/2026-02-16/page.json": LINKEDIN,
}


def event_types(sample_warehouse, vendor: str, where: str = "true") -> Counter:
    return Counter(
        dict(
            sample_warehouse.execute(
                f"select event_type, count(*) from staging.stg_{vendor}__learning_events"
                f" where {where} group by 1"
            ).fetchall()
        )
    )


@pytest.mark.parametrize("feed", CORNERSTONE)
def test_every_cornerstone_row_is_kept_quarantined_or_superseded(sample_warehouse, feed):
    rows = csv_rows(sample("cornerstone", f"{feed}.csv"))
    unnamed = sum(1 for row in rows if row.get("user_ref") == "")
    expected = Counter({"kept": len(rows) - unnamed})
    if unnamed:
        expected["quarantined: missing_user_ref"] = unnamed
    assert reasons(sample_warehouse, f"base_cornerstone__{feed}") == expected


def test_cornerstone_registrations_end_as_their_status_and_flags_say(sample_warehouse):
    found = dict(
        sample_warehouse.execute(
            "select alias_value || ' ' || attempt_id || ' ' || right(course_id, 1),"
            " event_type || ' ' || occurred_at"
            " from staging.stg_cornerstone__learning_events where event_id like '%|ended'"
        ).fetchall()
    )
    assert found == {
        "17 1 1": "completed 2026-02-03 14:22:10.123",
        "18 1 1": "failed 2026-01-30 10:10:10",
        "18 2 1": "completed 2026-02-19 16:45:00",
        "20 1 1": "waived 2026-01-20 11:59:58",
        "21 1 2": "withdrawn 2026-03-02 00:00:00",
        "17 1 2": "satisfied 2026-02-03 14:22:10.123",
    }


def test_cornerstone_assignments_at_midnight_are_dates(sample_warehouse):
    rows = csv_rows(sample("cornerstone", "transcript_core.csv"))
    assigned = [row for row in rows if row["is_assigned"] == "True"]
    assert all(row["user_lo_assigned_dt"].endswith("00:00:00.000") for row in assigned)
    assert event_types(sample_warehouse, "cornerstone", "time_precision = 'date'") == Counter(
        assigned=len(assigned)
    )


def test_cornerstone_users_with_an_employee_number_are_aliases(sample_warehouse):
    rows = csv_rows(sample("cornerstone", "users_core.csv"))
    expected = {(row["user_id"], row["user_ref"]) for row in rows if row["user_ref"]}
    found = sample_warehouse.execute(
        "select alias_value, employee_id from staging.stg_cornerstone__identity_aliases"
    ).fetchall()
    assert set(found) == expected
    assert len(found) == len(expected)


def test_cornerstone_equivalents_tie_the_two_objects(sample_warehouse):
    found = sample_warehouse.execute(
        "select right(course_id, 1), right(equivalent_to, 1) from staging.stg_cornerstone__courses"
    ).fetchall()
    assert sorted(found) == [("1", None), ("2", "1")]


def test_all_18000_funmooc_statements_are_kept(sample_warehouse):
    statements = json_lines(FUNMOOC)
    assert len({statement["id"] for statement in statements}) == len(statements) == 18_000
    assert reasons(
        sample_warehouse, "base_xapi__statements", "source_file like '%/funmooc.ndjson'"
    ) == Counter(kept=18_000)


def test_every_other_xapi_line_is_kept_quarantined_or_superseded(sample_warehouse):
    others = [
        statement
        for name, content in LINES.items()
        if content is not FUNMOOC
        for statement in json_lines(content)
    ]
    found = reasons(
        sample_warehouse, "base_xapi__statements", "source_file not like '%/funmooc.ndjson'"
    )
    assert found.total() == len(others) == 4 + 13 + 4 + 10
    assert found == Counter(
        {
            # Two of the specification's four examples; four cmi5 statements, of which one voids.
            "kept": 2 + len(LATE) - 1,
            "superseded: voiding_statement": 1,
            "superseded: same_statement": len(json_lines(CMI5)),
            # The SubStatement and the objects, but for one that is a whole statement of a verb.
            "quarantined: missing_id": sum(1 for statement in others if "id" not in statement),
            "quarantined: missing_verb": 1,
            "quarantined: group_actor": 1,
        }
    )


def test_every_xapi_page_statement_is_kept_quarantined_or_superseded(sample_warehouse):
    assert reasons(sample_warehouse, "base_xapi__statement_pages") == Counter(
        {
            "kept": len(EARLY),
            # All of cmi5 and the two kept examples came before.
            "superseded: same_statement": len(json_lines(CMI5)) + 2,
            "superseded: empty_page": 1,
            "quarantined: unreadable_json": 1,
            "quarantined: group_actor": 1,
            "quarantined: missing_id": 1,
        }
    )


def test_the_specifications_examples_are_an_attempt_and_progress(sample_warehouse):
    assert sample_warehouse.execute(
        "select course_id, event_type, alias_type, alias_value, cast(occurred_at as varchar),"
        " score_scaled, success, duration_seconds from staging.stg_xapi__learning_events"
        " where source_file like '%/adl.ndjson' order by 1"
    ).fetchall() == [
        (
            "xapi:http://example.adlnet.gov/xapi/example/simpleCBT",
            "started",
            "work_email",
            "example.learner@adlnet.gov",
            "2015-12-18 12:17:00",
            0.95,
            True,
            1234.0,
        ),
        (
            "xapi:http://example.com/xapi/activity/simplestatement",
            "progressed",
            "work_email",
            "user@example.com",
            "2015-11-18 12:17:00",
            None,
            None,
            None,
        ),
    ]


def test_funmooc_videos_are_progress_of_their_courses_and_complete_none(sample_warehouse):
    found = Counter(
        {
            tuple(key): count
            for *key, count in sample_warehouse.execute(
                "select course_id, event_type, raw_status, count(*)"
                " from staging.stg_xapi__learning_events where alias_value like 'http://fun-mooc.fr|%'"
                " group by all"
            ).fetchall()
        }
    )
    expected = Counter(
        (
            "xapi:" + statement["context"]["contextActivities"]["parent"][0]["id"],
            "progressed",
            statement["verb"]["id"],
        )
        for statement in json_lines(FUNMOOC)
    )
    assert found == expected
    completed = {key: count for key, count in found.items() if key[2].endswith("/completed")}
    assert sum(completed.values()) == 521  # videos watched to the end
    assert {event_type for _, event_type, _ in completed} == {"progressed"}


def test_funmooc_accounts_and_instants_are_those_of_the_statements(sample_warehouse):
    statements = json_lines(FUNMOOC)
    people = {statement["actor"]["account"]["name"] for statement in statements}
    assert all(statement["timestamp"].endswith("+00:00") for statement in statements)
    first = min(statement["timestamp"] for statement in statements)
    last = max(statement["timestamp"] for statement in statements)
    assert sample_warehouse.execute(
        "select count(distinct alias_value), count(distinct alias_type),"
        " strftime(min(occurred_at), '%Y-%m-%dT%H:%M:%S.%f+00:00'),"
        " strftime(max(occurred_at), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
        " from staging.stg_xapi__learning_events where alias_value like 'http://fun-mooc.fr|%'"
    ).fetchone() == (len(people), 1, first, last)


def test_cmi5_statements_are_events_of_the_course_in_their_grouping(sample_warehouse):
    found = sample_warehouse.execute(
        "select right(event_id, 2), event_type, alias_type, is_voided, duration_seconds"
        " from staging.stg_xapi__learning_events"
        " where course_id = 'xapi:https://lms.example.com/courses/genai-101' order by 1"
    ).fetchall()
    assert found == [
        ("01", "started", "xapi_account", False, None),
        ("02", "started", "xapi_account", False, None),
        ("03", "progressed", "xapi_account", False, 4790.5),
        ("04", "progressed", "xapi_account", False, 4860.37),
        ("05", "progressed", "xapi_account", False, 4860.0),
        ("06", "failed", "work_email", True, 2100.0),
        ("07", "progressed", "work_email", False, 7200.0),
        ("08", "waived", "mbox_sha1sum", False, None),
        ("09", "satisfied", "xapi_account", False, None),
    ]
    # 15:22:10 at +01:00.
    assert sample_warehouse.execute(
        "select cast(occurred_at as varchar) from staging.stg_xapi__learning_events"
        " where raw_status like '%/passed'"
    ).fetchall() == [("2026-02-03 14:22:10",)]


def test_every_linkedin_element_is_kept_quarantined_or_superseded(sample_warehouse):
    elements = json.loads(LINKEDIN)["elements"]
    assert reasons(
        sample_warehouse, "base_linkedin_learning__learning_activity_reports"
    ) == Counter({"kept": len(elements), "superseded: overlapping_window": len(elements)})


def test_linkedin_engagements_with_a_time_are_events_and_one_completes_a_course(sample_warehouse):
    timed = [
        activity
        for element in json.loads(LINKEDIN)["elements"]
        for activity in element["activities"]
        if "lastEngagedAt" in activity
    ]
    done = [
        activity
        for activity in timed
        if activity["engagementType"] == "COMPLETIONS" and activity["engagementValue"] >= 1
    ]
    assert event_types(sample_warehouse, "linkedin_learning") == Counter(
        completed=len(done), progressed=len(timed) - len(done)
    )
    assert sample_warehouse.execute(
        "select alias_type, alias_value, epoch_ms(occurred_at)"
        " from staging.stg_linkedin_learning__learning_events where event_type = 'completed'"
    ).fetchall() == [("work_email", "ada.novak@example.com", done[0]["lastEngagedAt"])]


def test_linkedin_learners_without_a_mail_address_keep_their_own_id(sample_warehouse):
    found = sample_warehouse.execute(
        "select distinct alias_type, alias_value"
        " from staging.stg_linkedin_learning__learning_events order by 2"
    ).fetchall()
    assert found == [
        ("lms_user_id", "9c1f0000-ext-2001"),
        ("work_email", "ada.novak@example.com"),
        ("work_email", "bjorn.akesson@example.com"),
        ("work_email", "chen.wei-lopez@example.com"),
    ]
