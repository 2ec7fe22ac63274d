"""The adapters of ChatGPT, Claude, Gemini, Purview, Agentforce and Now Assist read their samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; counted here from the files, not by
SQL. Each sample is delivered a second time as the vendor would restate it: without somebody, or
overlapping.

Reason: an adapter that takes a view for use, or a missing day for a day without use, looks right
in every rate it feeds.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from vendor_samples import column, csv_rows, reasons, sample

VENDORS = [
    "chatgpt_enterprise",
    "claude_enterprise",
    "claude_code",
    "gemini_workspace",
    "purview",
    "agentforce",
    "servicenow_now_assist",
]
REPORTS = ["agentforce", "servicenow_now_assist"]

WEEKLY_NAME = "Example weekly user report 2026-03-01.csv"
WEEKLY = sample("chatgpt_enterprise", WEEKLY_NAME)
CLAUDE_NAME = "analytics_users_2026-03-02.json"
CLAUDE = json.loads(sample("claude_enterprise", CLAUDE_NAME))
CODE_NAME = "usage_report_claude_code_2026-03-02.json"
CODE = json.loads(sample("claude_code", CODE_NAME))
GEMINI = json.loads(sample("gemini_workspace", "activities.json"))
PURVIEW = sample("purview", "AuditLog_CopilotInteraction.csv")
GRAPH = sample("m365_copilot", "getMicrosoft365CopilotUsageUserDetail.json")
ADMIN_CENTER = sample("m365_copilot", "admin_center_copilot_user_activity.csv")


def packed(document: dict) -> bytes:
    return json.dumps(document).encode()


def without(person: str, content: bytes) -> bytes:
    """The same CSV without the rows of one person."""
    lines = content.decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if person not in line).encode()


WITHDRAWN = "dara.oneill@example.com"
CLAUDE_RESTATED = {**CLAUDE, "data": CLAUDE["data"][:2]}
GEMINI_LAST_PAGE = {key: value for key, value in GEMINI.items() if key != "nextPageToken"}
DELIVERED = {
    f"usage/{path}": content
    for path, content in {
        f"chatgpt_enterprise/weekly_user_report/2026-03-09/{WEEKLY_NAME}": WEEKLY,
        f"chatgpt_enterprise/weekly_user_report/2026-03-11/{WEEKLY_NAME}": without(
            WITHDRAWN, WEEKLY
        ),
        f"claude_enterprise/analytics_users/2026-03-05/{CLAUDE_NAME}": packed(CLAUDE),
        f"claude_enterprise/analytics_users/2026-03-06/{CLAUDE_NAME}": packed(CLAUDE_RESTATED),
        # A first page whose others never came, and a Sunday without anybody.
        f"claude_enterprise/analytics_users/2026-03-07/{CLAUDE_NAME}": packed(
            {**CLAUDE, "next_page": "page_2"}
        ),
        "claude_enterprise/analytics_users/2026-03-11/analytics_users_2026-03-08.json": packed(
            {"data": [], "next_page": None}
        ),
        f"claude_code/usage_report/2026-03-03/{CODE_NAME}": packed(CODE),
        f"claude_code/usage_report/2026-03-04/{CODE_NAME}": packed(CODE),
        "claude_code/usage_report/2026-03-05/usage_report_claude_code_2026-03-04.json": packed(
            {"type": "error", "error": {"type": "rate_limit_error"}}
        ),
        "gemini_workspace/activities/2026-03-03/1.json": packed(GEMINI),
        "gemini_workspace/activities/2026-03-04/1.json": packed(GEMINI_LAST_PAGE),
        "purview/copilot_interactions/2026-03-03/AuditLog.csv": PURVIEW,
        "purview/copilot_interactions/2026-03-04/AuditLog.csv": PURVIEW,
        **{
            f"{vendor}/daily_usage/2026-03-04.csv": sample(vendor, "daily_usage.csv")
            for vendor in REPORTS
        },
        **{
            f"{vendor}/daily_usage/2026-03-05.csv": without(
                "bjorn", sample(vendor, "daily_usage.csv")
            )
            for vendor in REPORTS
        },
        "m365_copilot/usage_user_detail_pages/2026-03-03/users.json": GRAPH,
        "m365_copilot/admin_center_user_activity/2026-03-04/users.csv": ADMIN_CENTER,
    }.items()
}


def delivered(part: str) -> list[bytes]:
    return [content for path, content in DELIVERED.items() if part in path]


def usage(sample_warehouse, vendor: str) -> dict[tuple[str, str, str], tuple]:
    """(person, day, surface) to (interactions, is_active)."""
    return {
        (row[0], row[1], row[2]): (row[3], row[4])
        for row in sample_warehouse.execute(
            "select alias_value, cast(usage_date as varchar), surface, interactions, is_active"
            f" from staging.stg_{vendor}__tool_usage_daily"
        ).fetchall()
    }


def covered(sample_warehouse, vendor: str) -> list[tuple]:
    """What each usable delivery covers."""
    return sample_warehouse.execute(
        "select cast(date_from as varchar), cast(max_complete_date as varchar)"
        f" from staging.stg_{vendor}__deliveries where population_scope = 'all'"
        " and not is_failed and not is_concealed and date_from <= date_to order by all"
    ).fetchall()


def test_every_vendor_speaks_for_its_own_tool(sample_warehouse):
    found = {
        vendor: column(
            sample_warehouse, f"select distinct tool_id from staging.stg_{vendor}__deliveries"
        )
        for vendor in [*VENDORS, "m365_copilot", "github_copilot"]
    }
    assert found == {
        "chatgpt_enterprise": ["chatgpt_enterprise"],
        "claude_enterprise": ["claude_enterprise"],
        "claude_code": ["claude_code"],
        "gemini_workspace": ["gemini_workspace"],
        "purview": ["copilot_m365"],
        "agentforce": ["agentforce"],
        "servicenow_now_assist": ["now_assist"],
        "m365_copilot": ["copilot_m365"],
        "github_copilot": ["github_copilot"],
    }


def test_every_chatgpt_row_is_kept_or_superseded_by_the_newer_export(sample_warehouse):
    first, second = (csv_rows(content) for content in delivered("chatgpt_enterprise"))
    assert len(second) == len(first) - 1
    assert reasons(sample_warehouse, "base_chatgpt_enterprise__weekly_user_report") == Counter(
        {"kept": len(second), "superseded: newer_export_of_period": len(first)}
    )


def test_chatgpt_weeks_say_who_was_active_and_withdraw_who_is_no_longer_listed(sample_warehouse):
    expected = {
        row["email"].lower(): (
            row["first_day_active_in_period"] or None,
            row["last_day_active_in_period"] or None,
            0 if row["is_active"] == "0" else None,
            int(float(row["messages"])) if row["messages"] else None,
        )
        for row in csv_rows(WEEKLY)
        if row["email"] != WITHDRAWN
    }
    found = {
        row[0]: row[1:]
        for row in sample_warehouse.execute(
            "select alias_value, cast(first_active_date as varchar),"
            " cast(last_active_date as varchar), active_days, interactions"
            " from staging.stg_chatgpt_enterprise__tool_usage_period"
        ).fetchall()
    }
    assert found == expected
    assert covered(sample_warehouse, "chatgpt_enterprise") == [("2026-03-01", "2026-03-07")] * 2


def test_every_claude_user_is_kept_or_superseded(sample_warehouse):
    assert reasons(sample_warehouse, "base_claude_enterprise__analytics_users") == Counter(
        {
            "kept": len(CLAUDE_RESTATED["data"]),
            "superseded: newer_delivery_of_day": len(CLAUDE["data"]),
            "superseded: incomplete_delivery_of_day": len(CLAUDE["data"]),
            "superseded: empty_page": 1,
        }
    )


def test_claude_days_are_those_of_the_file_names_and_count_sent_messages(sample_warehouse):
    expected = {}
    for user in CLAUDE_RESTATED["data"]:
        counts = {"chat": user["chat_metrics"], **user["office_metrics"]}
        counts |= {name: user[f"{name}_metrics"] for name in ["cowork", "design"]}
        for surface, metrics in counts.items():
            if surface == "chat" or metrics["message_count"]:
                key = (user["user"]["email_address"].lower(), "2026-03-02", surface)
                expected[key] = (metrics["message_count"], metrics["message_count"] > 0)
    assert usage(sample_warehouse, "claude_enterprise") == expected
    # The day twice complete, and the Sunday; the delivery without its last page covers nothing.
    assert covered(sample_warehouse, "claude_enterprise") == [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-08", "2026-03-08"),
    ]


def test_every_claude_code_record_is_accounted_for_and_api_keys_are_no_people(sample_warehouse):
    people = [entry for entry in CODE["data"] if entry["actor"]["type"] == "user_actor"]
    keys = [entry for entry in CODE["data"] if entry["actor"]["type"] == "api_actor"]
    assert people and keys
    assert reasons(sample_warehouse, "base_claude_code__usage_report") == Counter(
        {
            "kept": len(people),
            "superseded: newer_delivery_of_day": len(people),
            "superseded: not_a_person": 2 * len(keys),
            "quarantined: unreadable_page": 1,
        }
    )


def test_claude_code_days_count_accepted_edits_and_sessions_by_terminal(sample_warehouse):
    expected = {}
    for entry in CODE["data"]:
        if entry["actor"]["type"] == "user_actor":
            surface = f"{entry['customer_type']}:{entry['terminal_type']}".lower()
            accepted = sum(tool["accepted"] for tool in entry["tool_actions"].values())
            key = (entry["actor"]["email_address"], entry["date"][:10], surface)
            expected[key] = (accepted, True)
    assert usage(sample_warehouse, "claude_code") == expected
    # An error in place of a page fails its day.
    assert covered(sample_warehouse, "claude_code") == [("2026-03-02", "2026-03-02")] * 2


def test_every_gemini_activity_is_kept_once(sample_warehouse):
    assert reasons(sample_warehouse, "base_gemini_workspace__activities") == Counter(
        {"kept": len(GEMINI["items"]), "superseded: same_activity": len(GEMINI["items"])}
    )


def test_gemini_days_count_the_events_a_person_started(sample_warehouse):
    expected: dict[tuple[str, str, str], int] = {}
    for item in GEMINI["items"]:
        for event in item["events"]:
            named = {entry["name"]: entry.get("value") for entry in event["parameters"]}
            key = (item["actor"]["email"], item["id"]["time"][:10], named["app_name"].lower())
            is_active = event["name"] == "feature_utilization" and named.get(
                "event_category", "active"
            ).startswith("active")
            expected[key] = expected.get(key, 0) + is_active
    assert usage(sample_warehouse, "gemini_workspace") == {
        key: (count, count > 0) for key, count in expected.items()
    }
    assert 0 in expected.values()


def test_a_gemini_listing_without_its_last_page_does_not_know_its_oldest_day(sample_warehouse):
    days = sorted({item["id"]["time"][:10] for item in GEMINI["items"]})
    assert days == ["2026-03-01", "2026-03-02"]
    assert covered(sample_warehouse, "gemini_workspace") == [
        ("2026-03-01", "2026-03-02"),
        ("2026-03-02", "2026-03-02"),
    ]


def audit_records() -> list[dict]:
    return [json.loads(row["AuditData"]) for row in csv.DictReader(io.StringIO(PURVIEW.decode()))]


def test_every_purview_record_is_kept_once_and_other_ai_apps_are_not_copilot(sample_warehouse):
    records = audit_records()
    ours = [record for record in records if record["Operation"] == "CopilotInteraction"]
    others = len(records) - len(ours)
    assert others == 1
    assert reasons(sample_warehouse, "base_purview__copilot_interactions") == Counter(
        {
            "kept": len(ours),
            "superseded: same_record": len(ours),
            "superseded: no_copilot_interaction": 2 * others,
        }
    )


def test_purview_days_count_prompts_also_where_the_flag_is_a_text(sample_warehouse):
    expected = {}
    for record in audit_records():
        if record["Operation"] == "CopilotInteraction":
            event = record["CopilotEventData"]
            prompts = sum(
                str(message["isPrompt"]).lower() == "true" for message in event["Messages"]
            )
            key = (
                record["UserId"].lower(),
                record["CreationTime"][:10],
                "purview:" + event["AppHost"].lower(),
            )
            expected[key] = (prompts, prompts > 0)
    assert usage(sample_warehouse, "purview") == expected
    assert covered(sample_warehouse, "purview") == [("2026-03-02", "2026-03-02")] * 2


def test_no_day_of_copilot_is_counted_twice_by_its_two_vendors(sample_warehouse):
    """Interactions come from the audit log alone, and the two have no surface in common."""
    assert column(
        sample_warehouse,
        "select count(*) from staging.stg_m365_copilot__tool_usage_daily as reported"
        " inner join staging.stg_purview__tool_usage_daily as audited using (tool_id, surface)",
    ) == [0]
    assert column(
        sample_warehouse,
        "select count(interactions) from staging.stg_m365_copilot__tool_usage_daily",
    ) == [0]


@pytest.mark.parametrize("vendor", REPORTS)
def test_every_row_of_a_tenants_report_is_accounted_for(sample_warehouse, vendor):
    first, second = (csv_rows(content) for content in delivered(f"{vendor}/"))
    nameless = sum(1 for row in first if not row["User Email"])
    undated = sum(1 for row in first if "/" in row["Usage Date"])
    readable = [row for row in second if row["User Email"] and "/" not in row["Usage Date"]]
    assert nameless == undated == 1
    assert reasons(sample_warehouse, f"base_{vendor}__daily_usage") == Counter(
        {
            "kept": len(readable),
            "superseded: newer_delivery_of_day": len(first) - nameless - undated,
            "quarantined: missing_user": 2 * nameless,
            "quarantined: unreadable_usage_date": 2 * undated,
        }
    )
    assert usage(sample_warehouse, vendor) == {
        (
            row["User Email"].lower(),
            row["Usage Date"],
            row["Feature"] or "unspecified",
        ): (int(row["Actions"]), int(row["Actions"]) > 0)
        for row in readable
    }
    assert covered(sample_warehouse, vendor) == [("2026-03-02", "2026-03-03")] * 2


def test_the_other_forms_of_the_m365_report_are_read_like_the_csv(sample_warehouse):
    users = json.loads(GRAPH)["value"]
    rows = csv_rows(ADMIN_CENTER)
    hidden = [row for row in rows if "@" not in row["User name"]]
    assert reasons(sample_warehouse, "base_m365_copilot__usage_user_detail_pages") == Counter(
        kept=len(users)
    )
    assert reasons(sample_warehouse, "base_m365_copilot__admin_center_user_activity") == Counter(
        {"kept": len(rows) - len(hidden), "quarantined: concealed_identity": len(hidden)}
    )
    graph_days = {user["lastActivityDate"] for user in users}
    assert (
        column(
            sample_warehouse,
            "select cast(any_app_on as varchar)"
            " from staging.base_m365_copilot__usage_user_detail_pages",
        )
        == sorted(graph_days)
        == ["2026-03-02"]
    )


def test_m365_counts_are_those_of_the_reports_and_unknown_where_a_report_has_none(
    sample_warehouse,
):
    rows = csv_rows(sample("m365_copilot", "v2.csv"))
    expected = {
        row["User Principal Name"].lower(): (
            int(row["Prompts submitted for all apps"]),
            int(row["Prompts submitted for Copilot Chat (work)"]),
            int(row["Prompts submitted for Copilot Chat (web)"]),
            int(row["Active Usage Days for all apps"]),
        )
        for row in rows
    }
    counts = "prompt_count, chat_work_prompt_count, chat_web_prompt_count, active_day_count"
    base = "staging.base_m365_copilot__usage_user_detail"
    found = sample_warehouse.execute(
        f"select upn, {counts} from {base} where source_file like '%/v2.csv'"
    ).fetchall()
    assert {row[0]: row[1:] for row in found} == expected
    assert 0 in expected["bjorn.akesson@example.com"]
    # "for All Apps" in the other spelling; version 1 has no such column.
    assert column(
        sample_warehouse,
        f"select prompt_count from {base} where source_file like '%period_last.csv'",
    ) == [40]
    assert column(
        sample_warehouse,
        f"select count(prompt_count) from {base} where source_file like '%/v1.csv'",
    ) == [0]
    assert sample_warehouse.execute(
        f"select {counts} from staging.base_m365_copilot__admin_center_user_activity"
        " where row_status = 'kept'"
    ).fetchall() == [(142, 90, 52, 19)]
