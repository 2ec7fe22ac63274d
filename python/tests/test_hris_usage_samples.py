"""The Workday, Microsoft 365 Copilot and GitHub Copilot adapters read the vendors' own samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; counted here from the files, not by
SQL.

Reason: an adapter that loses a row, or reads one twice, looks right in every rate it feeds.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from vendor_samples import SAMPLES, column, csv_rows, json_lines, statuses

# (sample, where it is delivered below the raw folder)
WORKDAY = [
    (path, f"hris/workday/{path.stem}/2026-03-04/{path.name}")
    for path in sorted((SAMPLES / "workday").glob("*.csv"))
]
M365 = [
    (SAMPLES / "m365_copilot" / name, f"usage/m365_copilot/usage_user_detail/{day}/{name}")
    for name, day in [
        ("v1.csv", "2026-03-03"),
        ("v2.csv", "2026-03-04"),
        ("v1_concealed.csv", "2026-03-05"),
        ("v2_variant_period_last.csv", "2026-03-06"),
    ]
]
GITHUB_USERS = [
    (SAMPLES / "github_copilot" / name, f"usage/github_copilot/users_1_day/{day}/{name}")
    for name, day in [
        ("users-1-day_from_docs.ndjson", "2026-03-03"),
        ("users-28-day.ndjson", "2026-04-26"),
        ("users-1-day.ndjson", "2026-04-27"),
    ]
]
GITHUB_SEATS = [
    (SAMPLES / "github_copilot" / name, f"usage/github_copilot/seats/{day}/{name}")
    for name, day in [
        ("enterprise_seats_with_duplicates.json", "2021-10-20"),
        ("seats_from_docs.json", "2026-03-03"),
        ("organization_seats_response_sample.json", "2026-04-27"),
        ("enterprise_seats_response_sample.json", "2026-04-28"),
    ]
]
DELIVERED = {
    delivered_as: path.read_bytes()
    for path, delivered_as in [*WORKDAY, *M365, *GITHUB_USERS, *GITHUB_SEATS]
}


def seats(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["seats"]


@pytest.mark.parametrize("sample", [sample for sample, _ in WORKDAY], ids=lambda path: path.stem)
def test_every_workday_row_is_kept_quarantined_or_superseded(sample_warehouse, sample):
    assert sum(statuses(sample_warehouse, f"base_workday__{sample.stem}").values()) == len(
        csv_rows(sample.read_bytes())
    )


def test_every_m365_row_is_kept_quarantined_or_superseded(sample_warehouse):
    found = statuses(sample_warehouse, "base_m365_copilot__usage_user_detail")
    assert sum(found.values()) == sum(len(csv_rows(sample.read_bytes())) for sample, _ in M365)
    # v1 is delivered again as v2 (same refresh): superseded; 2 + 1 concealed rows: quarantined.
    assert found == {"kept": 3, "superseded": 3, "quarantined": 3}


def test_every_github_line_and_seat_is_kept_quarantined_or_superseded(sample_warehouse):
    lines = [line for sample, _ in GITHUB_USERS for line in json_lines(sample.read_bytes())]
    found = statuses(sample_warehouse, "base_github_copilot__users_1_day")
    assert sum(found.values()) == len(lines)
    assert found["kept"] == len(
        {(line["day"], line["user_login"].lower(), line["organization_id"]) for line in lines}
    )
    listed = [seat for sample, _ in GITHUB_SEATS for seat in seats(sample)]
    assert sum(statuses(sample_warehouse, "base_github_copilot__seats").values()) == len(listed)


def test_workday_rows_of_unknown_workers_are_quarantined_with_their_reason(sample_warehouse):
    assert statuses(sample_warehouse, "base_workday__worker_position_history") == {
        "kept": 2,
        "quarantined": 5,
    }
    reasons = column(
        sample_warehouse,
        "select distinct status_reason from staging.base_workday__worker_leave_status",
    )
    assert reasons == ["unknown_worker"]


def test_workday_employees_are_the_worker_codes_with_one_row_each(sample_warehouse):
    with (SAMPLES / "workday" / "worker_history.csv").open(newline="") as handle:
        codes = sorted({row["worker_code"] for row in csv.DictReader(handle)})
    assert (
        column(
            sample_warehouse, "select employee_id from staging.stg_workday__employees order by 1"
        )
        == codes
    )


def test_workday_history_follows_effective_dates_not_sync_times(sample_warehouse):
    rows = sample_warehouse.execute(
        "select cast(valid_from as varchar), cast(valid_to as varchar), job_title,"
        " employment_status, valid_basis"
        " from staging.stg_workday__employment_history order by 1"
    ).fetchall()
    assert rows == [
        ("2024-01-01", "2025-04-01", "Software Engineer", "active", "business_effective"),
        ("2025-04-01", None, "Senior Software Engineer", "active", "business_effective"),
    ]


def test_workday_leavers_are_terminated_from_the_day_after_their_last_day(sample_warehouse):
    # The sample itself says so: active_status_date is the day after termination_date.
    with (SAMPLES / "workday" / "worker_history.csv").open(newline="") as handle:
        expected = sorted(
            row["active_status_date"]
            for row in csv.DictReader(handle)
            if row["terminated"] == "true"
        )
    found = column(
        sample_warehouse,
        "select cast(valid_from as varchar) from staging.stg_workday__employment_states"
        " where employment_status = 'terminated' order by 1",
    )
    assert found == expected


def test_workday_work_addresses_are_aliases_of_the_worker_code(sample_warehouse):
    found = column(
        sample_warehouse,
        "select employee_id || ' ' || alias_value from staging.stg_workday__identity_aliases"
        " where alias_type = 'work_email' order by 1",
    )
    with (SAMPLES / "workday" / "worker_history.csv").open(newline="") as handle:
        codes = {row["id"]: row["worker_code"] for row in csv.DictReader(handle)}
    with (SAMPLES / "workday" / "person_contact_email_address.csv").open(newline="") as handle:
        expected = [
            f"{codes[row['personal_info_system_id']]} {row['email_address']}"
            for row in csv.DictReader(handle)
        ]
    assert found == sorted(expected)


def test_m365_days_are_those_the_refreshes_name_and_concealed_users_name_none(sample_warehouse):
    with (SAMPLES / "m365_copilot" / "v2.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    expected = {
        (row["User Principal Name"].lower(), day)
        for row in rows
        for header, day in row.items()
        if header.endswith("Last Activity Date") and day
    }
    found = set(
        sample_warehouse.execute(
            "select alias_value, cast(usage_date as varchar)"
            " from staging.stg_m365_copilot__tool_usage_daily"
        ).fetchall()
    )
    assert found == expected


def test_m365_deliveries_say_which_files_are_concealed(sample_warehouse):
    found = dict(
        sample_warehouse.execute(
            "select split_part(source_file, '/', 5), is_concealed"
            " from staging.stg_m365_copilot__deliveries"
            " where source_file like '%/usage_user_detail/%'"
        ).fetchall()
    )
    assert found == {
        "v1.csv": False,
        "v2.csv": False,
        "v1_concealed.csv": True,
        "v2_variant_period_last.csv": True,
    }


def test_m365_headers_with_accents_and_missing_columns_are_read(sample_warehouse):
    upns = column(
        sample_warehouse,
        "select upn from staging.base_m365_copilot__usage_user_detail"
        " where row_status = 'superseded' order by 1",
    )
    assert upns == ["ada.novak@example.com", "bjorn.akesson@example.com", "dara.oneill@example.com"]


def test_github_days_are_active_by_intentional_actions_only(sample_warehouse):
    lines = {
        (line["day"], line["user_login"].lower()): line
        for sample, _ in GITHUB_USERS
        for line in json_lines(sample.read_bytes())
    }
    flags = [
        "used_chat",
        "used_agent",
        "used_cli",
        "used_copilot_coding_agent",
        "used_copilot_cloud_agent",
    ]
    flags.append("used_copilot_code_review_active")

    def is_active(line: dict) -> bool:
        actions = line["user_initiated_interaction_count"] + line["code_acceptance_activity_count"]
        return actions > 0 or any(line.get(flag) for flag in flags)

    expected = Counter(is_active(line) for line in lines.values())
    found = Counter(
        column(
            sample_warehouse, "select is_active from staging.stg_github_copilot__tool_usage_daily"
        )
    )
    assert found == expected
    assert found[False] > 0


def test_github_seats_are_one_per_person_and_end_when_no_longer_listed(sample_warehouse):
    found = {
        (row[0], row[1]): row[2]
        for row in sample_warehouse.execute(
            "select alias_value, cast(valid_from as varchar), cast(valid_to as varchar)"
            " from staging.stg_github_copilot__tool_licences"
        ).fetchall()
    }
    people = {
        seat["assignee"]["login"].lower() for sample, _ in GITHUB_SEATS for seat in seats(sample)
    }
    # Two people lose and regain a seat; one is created on the day it is unlisted: no seat.
    assert len(found) == len(people) + 2 - 1
    # 2021-08-03 18:00 at -06:00 is the 4th in UTC; absent 2026-03-03, back 2026-04-27.
    assert found[("octocat", "2021-08-04")] == "2026-03-03"
    assert found[("octocat", "2026-03-03")] is None
    # 2023-08-29 02:50 at +03:00 is the 28th in UTC; cancelled before the next listing.
    assert found[("emeka-obi", "2023-08-28")] == "2026-04-01"
    assert found[("anovak-ex", "2026-01-03")] == "2026-04-27"
    assert not any(login == "newjoiner" for login, _ in found)
