"""The Cornerstone, xAPI and LinkedIn Learning adapters read the vendors' own samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; counted here from the files, not by
SQL; and every kept row says the events it should.

Reason: an adapter that loses a completion, or takes a watched video for one, looks right in every
rate it feeds.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "fixtures" / "samples"
VENDORS = ["cornerstone", "xapi", "linkedin_learning"]
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def sample(vendor: str, name: str) -> bytes:
    content = (SAMPLES / vendor / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def json_lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.decode().splitlines() if line.strip()]


def page(statements: list[dict]) -> bytes:
    return json.dumps({"statements": statements, "more": ""}).encode()


CORNERSTONE = ["transcript_core", "transcript_status_local_core", "users_core"]
FUNMOOC = sample("xapi", "funmooc_statements.ndjson.gz")
CMI5 = sample("xapi", "cmi5_statements.ndjson")
LINKEDIN = sample("linkedin_learning", "learningActivityReports.json")
# A page without statements and one that ends in the middle come with the others.
PAGES = [page(json_lines(CMI5)[:6]), page(json_lines(CMI5)[6:]), page([]), CMI5[:400]]
LINES = {
    "2026-02-05/funmooc.ndjson": FUNMOOC,
    "2026-02-05/adl.ndjson": sample("xapi", "adl_statements.ndjson"),
    "2026-02-05/adl_objects.ndjson": sample("xapi", "adl_objects.ndjson"),
    "2026-02-06/cmi5_again.ndjson": CMI5,
}
DELIVERED = {
    **{
        f"cornerstone/{feed}/2026-03-03/{feed}.csv": sample("cornerstone", f"{feed}.csv")
        for feed in CORNERSTONE
    },
    **{f"xapi/statements/{name}": content for name, content in LINES.items()},
    **{
        f"xapi/statement_pages/2026-02-05/{number}.json": content
        for number, content in enumerate(PAGES)
    },
    # Windows overlap: the same report comes with the next delivery.
    "linkedin_learning/learning_activity_reports/2026-02-09/page.json": LINKEDIN,
    "linkedin_learning/learning_activity_reports/2026-02-16/page.json": LINKEDIN,
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """The staging of the three vendors, built from the samples by dbt in a process of its own."""
    folder = tmp_path_factory.mktemp("lms")
    for name, content in DELIVERED.items():
        target = folder / "raw" / "lms" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / "profiles.yml").write_bytes((PROJECT / "profiles.yml.example").read_bytes())
    environment = {
        **os.environ,
        "CERTGAP_RAW": str(folder / "raw"),
        "CERTGAP_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "CERTGAP_PSEUDONYM_KEY": "test",
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(PROJECT / "python"), os.environ.get("PYTHONPATH")])
        ),
    }
    command = [str(Path(sys.executable).parent / "dbt"), "build"]
    command += ["--profiles-dir", str(folder), "--target-path", str(folder / "target")]
    command += ["--log-path", str(folder / "logs"), "--exclude-resource-type", "unit_test"]
    # Only tests of these models: those that also look further down belong to a whole build.
    command += ["--indirect-selection", "cautious"]
    command += ["--vars", json.dumps({"enabled_sources": VENDORS})]
    command += ["--select", *(f"path:models/staging/lms/{vendor}" for vendor in VENDORS)]
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    connection = duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)
    yield connection
    connection.close()


def reasons(warehouse, model: str) -> Counter:
    """Rows by status and reason: `kept`, or such as `quarantined: missing_id`."""
    return Counter(
        dict(
            warehouse.execute(
                "select row_status || coalesce(': ' || status_reason, ''), count(*)"
                f" from staging.{model} group by 1"
            ).fetchall()
        )
    )


def event_types(warehouse, vendor: str, where: str = "true") -> Counter:
    return Counter(
        dict(
            warehouse.execute(
                f"select event_type, count(*) from staging.stg_{vendor}__learning_events"
                f" where {where} group by 1"
            ).fetchall()
        )
    )


@pytest.mark.parametrize("feed", CORNERSTONE)
def test_every_cornerstone_row_is_kept_quarantined_or_superseded(warehouse, feed):
    rows = list(csv.DictReader(sample("cornerstone", f"{feed}.csv").decode().splitlines()))
    unnamed = sum(1 for row in rows if row.get("user_ref") == "")
    expected = Counter({"kept": len(rows) - unnamed})
    if unnamed:
        expected["quarantined: missing_user_ref"] = unnamed
    assert reasons(warehouse, f"base_cornerstone__{feed}") == expected


def test_cornerstone_registrations_end_as_their_status_and_flags_say(warehouse):
    found = dict(
        warehouse.execute(
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


def test_cornerstone_assignments_at_midnight_are_dates(warehouse):
    rows = list(csv.DictReader(sample("cornerstone", "transcript_core.csv").decode().splitlines()))
    assigned = [row for row in rows if row["is_assigned"] == "True"]
    assert all(row["user_lo_assigned_dt"].endswith("00:00:00.000") for row in assigned)
    assert event_types(warehouse, "cornerstone", "time_precision = 'date'") == Counter(
        assigned=len(assigned)
    )


def test_cornerstone_users_with_an_employee_number_are_aliases(warehouse):
    rows = csv.DictReader(sample("cornerstone", "users_core.csv").decode().splitlines())
    expected = {(row["user_id"], row["user_ref"]) for row in rows if row["user_ref"]}
    found = warehouse.execute(
        "select alias_value, employee_id from staging.stg_cornerstone__identity_aliases"
    ).fetchall()
    assert set(found) == expected
    assert len(found) == len(expected)


def test_cornerstone_equivalents_tie_the_two_objects(warehouse):
    found = warehouse.execute(
        "select right(course_id, 1), right(equivalent_to, 1) from staging.stg_cornerstone__courses"
    ).fetchall()
    assert sorted(found) == [("1", None), ("2", "1")]


def test_every_xapi_line_is_kept_quarantined_or_superseded(warehouse):
    lines = [statement for content in LINES.values() for statement in json_lines(content)]
    found = reasons(warehouse, "base_xapi__statements")
    assert found.total() == len(lines)
    without_id = [line for line in lines if "id" not in line]
    assert found == Counter(
        {
            # All of FUN-MOOC, and two of the specification's examples.
            "kept": len(json_lines(FUNMOOC)) + 2,
            "superseded: same_statement": len(json_lines(CMI5)),
            "quarantined: missing_id": len(without_id),
            "quarantined: missing_verb": 1,
            "quarantined: group_actor": 1,
        }
    )


def test_every_xapi_page_statement_is_kept_quarantined_or_superseded(warehouse):
    statements = json_lines(CMI5)
    voiding = sum(1 for statement in statements if statement["verb"]["id"] == VOIDED)
    assert reasons(warehouse, "base_xapi__statement_pages") == Counter(
        {
            "kept": len(statements) - voiding,
            "superseded: voiding_statement": voiding,
            "superseded: empty_page": 1,
            "quarantined: unreadable_json": 1,
        }
    )


def test_funmooc_videos_are_progress_of_their_courses_and_complete_none(warehouse):
    found = Counter(
        {
            tuple(key): count
            for *key, count in warehouse.execute(
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


def test_funmooc_accounts_and_instants_are_those_of_the_statements(warehouse):
    statements = json_lines(FUNMOOC)
    people = {statement["actor"]["account"]["name"] for statement in statements}
    assert all(statement["timestamp"].endswith("+00:00") for statement in statements)
    first = min(statement["timestamp"] for statement in statements)
    last = max(statement["timestamp"] for statement in statements)
    assert warehouse.execute(
        "select count(distinct alias_value), count(distinct alias_type),"
        " strftime(min(occurred_at), '%Y-%m-%dT%H:%M:%S.%f+00:00'),"
        " strftime(max(occurred_at), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
        " from staging.stg_xapi__learning_events where alias_value like 'http://fun-mooc.fr|%'"
    ).fetchone() == (len(people), 1, first, last)


def test_cmi5_statements_are_events_of_the_course_in_their_grouping(warehouse):
    found = warehouse.execute(
        "select right(event_id, 2), event_type, alias_type, is_voided, duration_seconds"
        " from staging.stg_xapi__learning_events"
        " where course_id = 'xapi:https://lms.example.com/courses/genai-101' order by 1"
    ).fetchall()
    assert found == [
        ("01", "started", "xapi_account", False, None),
        ("02", "started", "xapi_account", False, None),
        ("03", "completed", "xapi_account", False, 4790.5),
        ("04", "passed", "xapi_account", False, 4860.37),
        ("05", "progressed", "xapi_account", False, 4860.0),
        ("06", "failed", "work_email", True, 2100.0),
        ("07", "progressed", "work_email", False, 7200.0),
        ("08", "waived", "mbox_sha1sum", False, None),
        ("09", "satisfied", "xapi_account", False, None),
    ]
    # 15:22:10 at +01:00.
    assert warehouse.execute(
        "select cast(occurred_at as varchar) from staging.stg_xapi__learning_events"
        " where event_type = 'passed'"
    ).fetchall() == [("2026-02-03 14:22:10",)]


def test_every_linkedin_element_is_kept_quarantined_or_superseded(warehouse):
    elements = json.loads(LINKEDIN)["elements"]
    assert reasons(warehouse, "base_linkedin_learning__learning_activity_reports") == Counter(
        {"kept": len(elements), "superseded: overlapping_window": len(elements)}
    )


def test_linkedin_engagements_with_a_time_are_events_and_one_completes_a_course(warehouse):
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
    assert event_types(warehouse, "linkedin_learning") == Counter(
        completed=len(done), progressed=len(timed) - len(done)
    )
    assert warehouse.execute(
        "select alias_type, alias_value, epoch_ms(occurred_at)"
        " from staging.stg_linkedin_learning__learning_events where event_type = 'completed'"
    ).fetchall() == [("work_email", "ada.novak@example.com", done[0]["lastEngagedAt"])]


def test_linkedin_learners_without_a_mail_address_keep_their_own_id(warehouse):
    found = warehouse.execute(
        "select distinct alias_type, alias_value"
        " from staging.stg_linkedin_learning__learning_events order by 2"
    ).fetchall()
    assert found == [
        ("lms_user_id", "9c1f0000-ext-2001"),
        ("work_email", "ada.novak@example.com"),
        ("work_email", "bjorn.akesson@example.com"),
        ("work_email", "chen.wei-lopez@example.com"),
    ]
