"""The Workday, Microsoft 365 Copilot and GitHub Copilot adapters read the vendors' own samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; counted here from the files, not by
SQL.

Reason: an adapter that loses a row, or reads one twice, looks right in every rate it feeds.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "fixtures" / "samples"

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


def csv_rows(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return sum(1 for _ in csv.DictReader(handle))


def json_lines(path: Path) -> list[dict]:
    return [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def seats(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["seats"]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """The staging of the three vendors, built from the samples by dbt in a process of its own."""
    folder = tmp_path_factory.mktemp("hris_usage")
    for sample, delivered_as in [*WORKDAY, *M365, *GITHUB_USERS, *GITHUB_SEATS]:
        target = folder / "raw" / delivered_as
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sample, target)
    shutil.copyfile(PROJECT / "profiles.yml.example", folder / "profiles.yml")
    environment = {
        **os.environ,
        "CERTGAP_RAW": str(folder / "raw"),
        "CERTGAP_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "CERTGAP_PSEUDONYM_KEY": "test",
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(PROJECT / "python"), os.environ.get("PYTHONPATH")])
        ),
    }
    dbt = Path(sys.executable).parent / "dbt"
    command = [
        str(dbt),
        "build",
        "--profiles-dir",
        str(folder),
        "--target-path",
        str(folder / "target"),
    ]
    command += ["--log-path", str(folder / "logs"), "--exclude-resource-type", "unit_test"]
    command += [
        "--vars",
        json.dumps({"enabled_sources": ["workday", "m365_copilot", "github_copilot"]}),
    ]
    command += ["--select", "path:models/staging/hris/workday"]
    command += [
        "path:models/staging/usage/m365_copilot",
        "path:models/staging/usage/github_copilot",
    ]
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    connection = duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)
    yield connection
    connection.close()


def statuses(warehouse, model: str) -> dict[str, int]:
    return dict(
        warehouse.execute(
            f"select row_status, count(*) from staging.{model} group by row_status"
        ).fetchall()
    )


def column(warehouse, sql: str) -> list:
    return [row[0] for row in warehouse.execute(sql).fetchall()]


@pytest.mark.parametrize("sample", [sample for sample, _ in WORKDAY], ids=lambda path: path.stem)
def test_every_workday_row_is_kept_quarantined_or_superseded(warehouse, sample):
    assert sum(statuses(warehouse, f"base_workday__{sample.stem}").values()) == csv_rows(sample)


def test_every_m365_row_is_kept_quarantined_or_superseded(warehouse):
    found = statuses(warehouse, "base_m365_copilot__usage_user_detail")
    assert sum(found.values()) == sum(csv_rows(sample) for sample, _ in M365)
    # v1 is delivered again as v2 (same refresh): superseded; 2 + 1 concealed rows: quarantined.
    assert found == {"kept": 3, "superseded": 3, "quarantined": 3}


def test_every_github_line_and_seat_is_kept_quarantined_or_superseded(warehouse):
    lines = [line for sample, _ in GITHUB_USERS for line in json_lines(sample)]
    found = statuses(warehouse, "base_github_copilot__users_1_day")
    assert sum(found.values()) == len(lines)
    assert found["kept"] == len(
        {(line["day"], line["user_login"].lower(), line["organization_id"]) for line in lines}
    )
    listed = [seat for sample, _ in GITHUB_SEATS for seat in seats(sample)]
    assert sum(statuses(warehouse, "base_github_copilot__seats").values()) == len(listed)


def test_workday_rows_of_unknown_workers_are_quarantined_with_their_reason(warehouse):
    assert statuses(warehouse, "base_workday__worker_position_history") == {
        "kept": 2,
        "quarantined": 5,
    }
    reasons = column(
        warehouse, "select distinct status_reason from staging.base_workday__worker_leave_status"
    )
    assert reasons == ["unknown_worker"]


def test_workday_employees_are_the_worker_codes_with_one_row_each(warehouse):
    with (SAMPLES / "workday" / "worker_history.csv").open(newline="") as handle:
        codes = sorted({row["worker_code"] for row in csv.DictReader(handle)})
    assert (
        column(warehouse, "select employee_id from staging.stg_workday__employees order by 1")
        == codes
    )


def test_workday_history_follows_effective_dates_not_sync_times(warehouse):
    rows = warehouse.execute(
        "select cast(valid_from as varchar), cast(valid_to as varchar), job_title,"
        " employment_status, valid_basis"
        " from staging.stg_workday__employment_history order by 1"
    ).fetchall()
    assert rows == [
        ("2024-01-01", "2025-04-01", "Software Engineer", "active", "business_effective"),
        ("2025-04-01", None, "Senior Software Engineer", "active", "business_effective"),
    ]


def test_workday_leavers_are_terminated_from_the_day_after_their_last_day(warehouse):
    # The sample itself says so: active_status_date is the day after termination_date.
    with (SAMPLES / "workday" / "worker_history.csv").open(newline="") as handle:
        expected = sorted(
            row["active_status_date"]
            for row in csv.DictReader(handle)
            if row["terminated"] == "true"
        )
    found = column(
        warehouse,
        "select cast(valid_from as varchar) from staging.stg_workday__employment_states"
        " where employment_status = 'terminated' order by 1",
    )
    assert found == expected


def test_workday_work_addresses_are_aliases_of_the_worker_code(warehouse):
    found = column(
        warehouse,
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


def test_m365_days_are_those_the_refreshes_name_and_concealed_users_name_none(warehouse):
    with (SAMPLES / "m365_copilot" / "v2.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    expected = {
        (row["User Principal Name"].lower(), day)
        for row in rows
        for header, day in row.items()
        if header.endswith("Last Activity Date") and day
    }
    found = set(
        warehouse.execute(
            "select alias_value, cast(usage_date as varchar)"
            " from staging.stg_m365_copilot__tool_usage_daily"
        ).fetchall()
    )
    assert found == expected


def test_m365_deliveries_say_which_files_are_concealed(warehouse):
    found = dict(
        warehouse.execute(
            "select split_part(source_file, '/', 5), is_concealed"
            " from staging.stg_m365_copilot__deliveries"
        ).fetchall()
    )
    assert found == {
        "v1.csv": False,
        "v2.csv": False,
        "v1_concealed.csv": True,
        "v2_variant_period_last.csv": True,
    }


def test_m365_headers_with_accents_and_missing_columns_are_read(warehouse):
    upns = column(
        warehouse,
        "select upn from staging.base_m365_copilot__usage_user_detail"
        " where row_status = 'superseded' order by 1",
    )
    assert upns == ["ada.novak@example.com", "bjorn.akesson@example.com", "dara.oneill@example.com"]


def test_github_days_are_active_by_intentional_actions_only(warehouse):
    lines = {
        (line["day"], line["user_login"].lower()): line
        for sample, _ in GITHUB_USERS
        for line in json_lines(sample)
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
        column(warehouse, "select is_active from staging.stg_github_copilot__tool_usage_daily")
    )
    assert found == expected
    assert found[False] > 0


def test_github_seats_are_one_per_person_and_end_when_no_longer_listed(warehouse):
    found = {
        (row[0], row[1]): row[2]
        for row in warehouse.execute(
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
