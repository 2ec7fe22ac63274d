"""The web gateways' and the sign-in logs' adapters read the vendors' samples.

Rule: rows in = rows kept + quarantined + superseded, per feed; expected figures are counted from
the files by plain Python. No URL, path or machine's address stays with a row, and no sign-in is
use.

Reason: what counts as opening a tool is decided row by row here, about people by name.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from vendor_samples import column, csv_rows, json_lines, reasons, sample

VENDORS = ["zscaler", "netskope", "entra", "okta"]

ZSCALER = sample("zscaler", "nss_web_no_header.csv")
NETSKOPE = sample("netskope", "webtx.csv")
GRAPH = sample("entra", "signIns.json")
MONITOR = sample("entra", "Azure.Audit.ndjson")
OKTA_PAGE = sample("okta", "system_log.json")
OKTA_LINES = sample("okta", "Okta.SystemLog.ndjson")

# The order of the vendor's sample line, as its documentation names the fields.
NSS_COLUMNS = [
    "time", "ologin", "proto", "eurl", "action", "appname", "app_status", "appclass", "reqsize",
    "respsize", "urlclass", "urlsupercat", "urlcat", "malwarecat", "threatname", "riskscore",
    "threatseverity", "dlpeng", "dlpdict", "location", "dept", "cip", "sip", "reqmethod",
    "respcode", "ua", "ereferer", "ruletype", "rulelabel", "contenttype", "unscannabletype",
    "deviceowner", "devicehostname", "keyprotectiontype",
]  # fmt: skip


def zscaler_lines() -> list[list[str]]:
    return list(csv.reader(io.StringIO(ZSCALER.decode())))


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def zscaler_line(**values: str) -> list[str]:
    """The first sample line with some of its fields changed."""
    return [
        values.get(name, field) for name, field in zip(NSS_COLUMNS, zscaler_lines()[0], strict=True)
    ]


# A line that lost its end, one with commas nobody escaped, and hosts that only look alike.
ODD_LINES = [
    zscaler_line(eurl="notchatgpt.com/a"),
    zscaler_line()[:20],
    [*zscaler_line(), "six", "fields", "more", "than", "the", "others"],
    zscaler_line(eurl="ab.chatgpt.com:443", time="Tue Mar 03 00:00:01 2026"),
    zscaler_line(eurl="chatgpt.com/b", time="Tue Mar 03 00:00:02 2026", ologin="4094304256"),
    zscaler_line(time="Thu Mar 05 10:00:00 2026", ologin="EXAMPLE\\ANovak"),
]
# Another feed output format, with the names in the first line.
NAMED_LINES = [
    ["extra", *reversed(NSS_COLUMNS)],
    ["x", *reversed(zscaler_line(eurl="claude.ai/new", time="Wed Mar 04 10:00:00 2026"))],
]
DELIVERED = {
    # Delivered twice: a log has no ids to tell.
    "usage/zscaler/web_log/2026-03-03/nss.csv": ZSCALER,
    "usage/zscaler/web_log/2026-03-04/nss.csv": ZSCALER,
    "usage/zscaler/web_log/2026-03-05/nss.csv": as_csv(ODD_LINES),
    "usage/zscaler/web_log/2026-03-06/nss_with_names.csv": as_csv(NAMED_LINES),
    "usage/netskope/web_transactions/2026-03-03/webtx.csv": NETSKOPE,
    "usage/netskope/web_transactions/2026-03-04/webtx.csv": NETSKOPE,
    "usage/entra/sign_in_pages/2026-03-03/page.json": GRAPH,
    "usage/entra/sign_in_pages/2026-03-04/page.json": GRAPH,
    "usage/entra/sign_in_lines/2026-03-03/audit.ndjson": MONITOR,
    "usage/entra/sign_in_lines/2026-03-04/audit.ndjson": MONITOR,
    "usage/okta/system_log_pages/2026-03-03/page.json": OKTA_PAGE,
    "usage/okta/system_log_pages/2026-03-04/page.json": OKTA_PAGE,
    "usage/okta/system_log_lines/2026-03-03/log.ndjson": OKTA_LINES,
    "usage/okta/system_log_lines/2026-03-04/log.ndjson": OKTA_LINES,
}


def test_every_zscaler_line_is_kept_quarantined_superseded_or_rejected(sample_warehouse):
    found = reasons(sample_warehouse, "base_zscaler__web_log")
    # Per delivery of the sample: one allowed, one blocked, one without a person.
    assert found == Counter(
        {
            "kept": 2 + 2 + 1,
            "superseded: blocked_request": 2,
            "superseded: nobody_signed_in": 2,
            "superseded: not_an_ai_domain": 1,
            "quarantined: concealed_login": 1,
        }
    )
    rejected = sample_warehouse.execute(
        "select reason, raw_text from raw.rejected_rows where source_system = 'zscaler' order by 2"
    ).fetchall()
    assert [reason for reason, _ in rejected] == ["wrong_number_of_fields"] * 2
    assert rejected[0][1].startswith(zscaler_line()[0])
    assert {len(text.split(",")) > 34 for _, text in rejected} == {True, False}
    n_lines = 2 * len(zscaler_lines()) + len(ODD_LINES) + len(NAMED_LINES) - 1
    assert sum(found.values()) + len(rejected) == n_lines


def test_zscaler_days_are_counted_once_by_person_and_domain(sample_warehouse):
    person = zscaler_lines()[0][NSS_COLUMNS.index("ologin")]
    found = sample_warehouse.execute(
        "select alias_type, alias_value, domain, tool_name, cast(usage_date as varchar), n_requests"
        " from staging.stg_zscaler__web_use_daily order by usage_date"
    ).fetchall()
    assert found == [
        ("upn", person, "chatgpt.com", "ChatGPT", "2026-03-02", 1),
        ("upn", person, "chatgpt.com", "ChatGPT", "2026-03-03", 1),
        ("upn", person, "claude.ai", "Claude", "2026-03-04", 1),
        ("windows_login", "example\\anovak", "chatgpt.com", "ChatGPT", "2026-03-05", 1),
    ]


def test_every_netskope_transaction_is_kept_or_superseded_once(sample_warehouse):
    rows = csv_rows(NETSKOPE)
    assert len(rows[0]) == 146
    expected = Counter()
    for row in rows:
        if row["x-policy-action"] == "block":
            expected["superseded: blocked_request"] += 2
        elif "@" not in row["cs-username"]:
            expected["superseded: nobody_signed_in"] += 2
        else:
            expected["kept"] += 1
            expected["superseded: repeated_transaction"] += 1
    assert reasons(sample_warehouse, "base_netskope__web_transactions") == expected
    found = sample_warehouse.execute(
        "select alias_value, domain, cast(usage_date as varchar), n_requests"
        " from staging.stg_netskope__web_use_daily"
    ).fetchall()
    assert found == [("ada.novak@example.com", "chatgpt.com", rows[0]["date"], 1)]


@pytest.mark.parametrize(
    "model", ["base_zscaler__web_log", "base_netskope__web_transactions"], ids=lambda name: name
)
def test_web_requests_keep_no_path_and_no_address(sample_warehouse, model):
    rows = sample_warehouse.execute(
        f"select columns(*)::varchar from staging.{model} where row_status <> 'quarantined'"
    ).fetchall()
    text = " ".join(value for row in rows for value in row if value)
    for secret in ("backend-api", "search?q", "203.0.113", "10.1.2", "notchatgpt", "/new"):
        assert secret not in text
    unnamed = column(
        sample_warehouse,
        f"select count(*) from staging.{model}"
        " where row_status = 'superseded' and alias_value is not null",
    )
    assert unnamed == [0]


def entra_fate(event: dict) -> str:
    """kept, or the reason why not, of one event of either feed."""
    sign_in = event.get("properties", event)
    category = event.get("category", "")
    if category and not category.endswith("SignInLogs"):
        return "superseded: not_a_sign_in"
    if category.startswith("ServicePrincipal"):
        return "superseded: service_principal"
    code = (sign_in.get("status") or {}).get("errorCode")
    said = {
        {0: "yes", None: ""}.get(code, "no"),
        {"0": "yes", "Success": "yes", None: ""}.get(event.get("resultType"), "no"),
        {"SUCCESS": "yes"}.get(event.get("resultSignature"), ""),
    }
    if "no" in said:
        return "superseded: failed_sign_in"
    if "yes" not in said:
        return "quarantined: unknown_result"
    return "kept" if sign_in.get("userId") else "quarantined: missing_account"


def twice(fates: list[tuple[str, str]], repeated: str) -> Counter[str]:
    """Fates of (fate, id) delivered twice: every id is kept once."""
    counted: Counter[str] = Counter()
    kept = {key for fate, key in fates if fate == "kept"}
    for fate, _ in fates * 2:
        counted[fate if fate != "kept" else repeated] += 1
    counted["kept"] = len(kept)
    counted[repeated] -= len(kept)
    return +counted


def monitor_id(event: dict) -> str:
    return event["properties"].get("id") or json.dumps(event)


def test_every_entra_event_is_kept_quarantined_or_superseded(sample_warehouse):
    events = json_lines(MONITOR)
    assert reasons(sample_warehouse, "base_entra__sign_in_lines") == twice(
        [(entra_fate(event), monitor_id(event)) for event in events], "superseded: repeated_sign_in"
    )
    sign_ins = json.loads(GRAPH)["value"]
    assert reasons(sample_warehouse, "base_entra__sign_in_pages") == twice(
        [(entra_fate(event), event["id"]) for event in sign_ins], "superseded: repeated_sign_in"
    )


def test_entra_names_of_accounts_come_from_successful_sign_ins(sample_warehouse):
    # The same sign-in stands in the sample with two names: the log can show only one of them.
    ids = Counter(monitor_id(event) for event in json_lines(MONITOR) if entra_fate(event) == "kept")
    expected = {
        (sign_in["userId"].lower(), sign_in["userPrincipalName"].lower())
        for event in [*json_lines(MONITOR), *json.loads(GRAPH)["value"]]
        if entra_fate(event) == "kept"
        for sign_in in [event.get("properties", event)]
        if ids[sign_in.get("id", "")] <= 1
    }
    found = set(
        sample_warehouse.execute(
            "select account_value, name_value from staging.stg_entra__account_names"
        ).fetchall()
    )
    assert len(found - expected) == 1
    assert expected <= found


def test_entra_sign_ins_are_counted_by_account_application_and_day(sample_warehouse):
    found = sample_warehouse.execute(
        "select alias_value, app_name, cast(sign_in_date as varchar), n_sign_ins,"
        " n_interactive_sign_ins from staging.stg_entra__sign_ins_daily"
        " where sign_in_date = date '2026-03-02' order by app_name"
    ).fetchall()
    assert found == [
        (sign_in["userId"], sign_in["appDisplayName"], sign_in["createdDateTime"][:10], 1, 1)
        for sign_in in json.loads(GRAPH)["value"]
        if sign_in["status"]["errorCode"] == 0
    ]


def okta_fate(event: dict) -> str:
    event = {key.lower(): value for key, value in event.items()}
    kind = event.get("eventtype")
    actor = event.get("actor") or {}
    result = (event.get("outcome") or {}).get("result")
    if kind is None:
        return "quarantined: missing_event_type"
    if kind not in ("user.authentication.sso", "user.session.start"):
        return "superseded: not_a_sign_in"
    if result == "FAILURE":
        return "superseded: failed_sign_in"
    if result != "SUCCESS":
        return "quarantined: unknown_result"
    if actor.get("id") in (None, "unknown"):
        return "quarantined: missing_account"
    return "kept" if event.get("published") else "quarantined: unreadable_time"


@pytest.mark.parametrize(
    ("feed", "events"),
    [
        ("system_log_lines", json_lines(OKTA_LINES)),
        ("system_log_pages", json.loads(OKTA_PAGE)),
    ],
    ids=["lines", "pages"],
)
def test_every_okta_event_is_kept_quarantined_or_superseded(sample_warehouse, feed, events):
    fates = [(okta_fate(event), event.get("uuid") or json.dumps(event)) for event in events]
    assert reasons(sample_warehouse, f"base_okta__{feed}") == twice(
        fates, "superseded: repeated_event"
    )


def test_okta_logins_and_days_come_from_successful_sign_ins(sample_warehouse):
    events = {
        event["uuid"]: event
        for event in [*json_lines(OKTA_LINES), *json.loads(OKTA_PAGE)]
        if okta_fate(event) == "kept"
    }
    found = set(
        sample_warehouse.execute(
            "select account_value, name_value from staging.stg_okta__account_names"
        ).fetchall()
    )
    assert found == {
        (event["actor"]["id"].lower(), event["actor"]["alternateId"].lower())
        for event in events.values()
    }
    n_sign_ins = column(
        sample_warehouse, "select sum(n_sign_ins) from staging.stg_okta__sign_ins_daily"
    )
    assert n_sign_ins == [len(events)]
    apps = column(
        sample_warehouse,
        "select app_name from staging.stg_okta__sign_ins_daily"
        " where sign_in_date = date '2026-03-02' order by 1",
    )
    assert apps == ["ChatGPT Enterprise", "Claude"]
