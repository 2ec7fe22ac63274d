"""Web and sign-in logs of the simulator: their traps are in the files, their truth beside them.

That the adapters arrive at the truth is proved by a build: `make prove-adapters`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from certgap.compare import compare_logs
from certgap.prove import mixes
from certgap.simulate import run
from certgap.simulate.logs import LOGS
from certgap.simulate.logs.web_requests import domain_of
from certgap.simulate.sources import VENDORS

FIRST, LAST = "2025-11-03", "2026-07-14"
DOMAINS = ["chatgpt.com", "claude.ai", "microsoft.com", "copilot.microsoft.com"]


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("logs")
    run(150, 11, out, start=FIRST, end=LAST, sources=list(LOGS))
    return out


def truth(raw: Path, table: str) -> list[dict]:
    return pq.read_table(raw / "truth/logs" / f"{table}.parquet").to_pylist()


def tool_domains(raw: Path) -> list[str]:
    with (raw / "reference/tool_domains.csv").open(encoding="utf-8") as file:
        return [row["domain"] for row in csv.DictReader(file)]


def texts(raw: Path, feed: str) -> list[str]:
    return [p.read_text("utf-8") for p in sorted((raw / "usage" / feed).rglob("*")) if p.is_file()]


def fates(raw: Path, source: str, feed: str) -> Counter[str]:
    return Counter(
        {
            row["status_reason"] or row["row_status"]: row["n_rows"]
            for row in truth(raw, "row_fates")
            if (row["source_system"], row["feed"]) == (source, feed)
        }
    )


def test_the_same_seed_gives_the_same_bytes(raw, tmp_path):
    run(150, 11, tmp_path, start=FIRST, end=LAST, sources=list(LOGS))
    first = {p.relative_to(raw): p.read_bytes() for p in (raw / "usage").rglob("*") if p.is_file()}
    again = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert [name for name, content in first.items() if again[name] != content] == []
    for name in ("web_use_daily", "row_fates", "entra_account_names", "okta_sign_ins_daily"):
        assert truth(tmp_path, name) == truth(raw, name)


def test_each_log_and_each_form_of_an_export_is_proved_alone():
    asked = [name for [name] in mixes("", True)[:-1]]
    assert sorted(asked) == sorted(set(VENDORS) - {"generic"})
    assert {*LOGS, "xapi:statement_pages", "m365_copilot:usage_user_detail_pages"} <= set(asked)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("chatgpt.com", "chatgpt.com"),
        ("AB.ChatGPT.com.:443", "chatgpt.com"),
        ("notchatgpt.com", None),
        ("chatgpt.com.example.net", None),
        ("com", None),
        ("www.copilot.microsoft.com", "copilot.microsoft.com"),
        ("www.microsoft.com", "microsoft.com"),
        ("", None),
    ],
)
def test_a_host_belongs_to_the_longest_domain_by_whole_labels(host, domain):
    assert domain_of(host, DOMAINS) == domain


def test_every_line_of_a_gateway_is_told_with_its_fate(raw):
    lines = [line for text in texts(raw, "zscaler/web_log") for line in text.splitlines()]
    assert fates(raw, "zscaler", "web_log").total() == len(lines)
    transactions = [
        row
        for text in texts(raw, "netskope/web_transactions")
        for row in csv.DictReader(io.StringIO(text))
    ]
    told = fates(raw, "netskope", "web_transactions")
    assert told.total() == len(transactions)
    assert {len(row) for row in transactions} == {146}
    ids = Counter(row["x-transaction-id"] for row in transactions)
    assert 0 < told["repeated_transaction"] < len(transactions) - len(ids)


def test_a_gateways_log_has_every_trap(raw):
    reasons = {
        "kept", "not_an_ai_domain", "blocked_request", "nobody_signed_in", "unknown_action",
        "concealed_login", "unreadable_login", "missing_host",
    }  # fmt: skip
    assert set(fates(raw, "zscaler", "web_log")) == reasons | {"wrong_number_of_fields"}
    assert set(fates(raw, "netskope", "web_transactions")) == reasons | {"repeated_transaction"}
    rows = [row for text in texts(raw, "zscaler/web_log") for row in csv.reader(io.StringIO(text))]
    hosts = {row[3].split("/")[0] for row in rows}
    assert {"notchatgpt.com", "CHATGPT.COM", "chatgpt.com.example.net", "chatgpt.com."} <= {
        host.removesuffix(":443") for host in hosts
    }
    logins = {row[1] for row in rows}
    assert any(login.startswith("EXAMPLE\\") for login in logins)
    assert any(login.istitle() for login in logins)
    assert any(login.endswith("partner.example.net") for login in logins)
    known = {row["alias_value"] for row in truth(raw, "web_use_daily")}
    assert not known & {login for login in logins if login.isdigit()}


def counted(raw: Path, source: str) -> dict[tuple[str, str, str], int]:
    """What the truth says of people with a mail address, by login, domain and day."""
    return {
        (row["alias_value"], row["domain"], str(row["usage_date"])): row["n_requests"]
        for row in truth(raw, "web_use_daily")
        if row["source_system"] == source and row["alias_type"] == "upn"
    }


def test_a_transaction_delivered_twice_counts_once(raw):
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for text in texts(raw, "netskope/web_transactions"):
        for row in csv.DictReader(io.StringIO(text)):
            domain = domain_of(row["cs-host"], tool_domains(raw))
            allowed = row["x-policy-action"] in ("allow", "alert", "bypass", "-")
            if domain and allowed and "@" in row["cs-username"]:
                key = (row["cs-username"].lower(), domain, row["date"])
                found[key].add(row["x-transaction-id"])
    assert counted(raw, "netskope") == {key: len(ids) for key, ids in found.items()}


def test_of_a_log_without_ids_the_largest_delivery_of_a_day_counts(raw):
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for path in (raw / "usage/zscaler/web_log").rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            domain = domain_of(row[3].split("/")[0], tool_domains(raw))
            if domain and row[4] == "Allowed" and "@" in row[1] and len(row) == 34:
                day = dt.datetime.strptime(row[0], "%a %b %d %H:%M:%S %Y").date()
                found[row[1].lower(), domain, str(day)][path.parent.name] += 1
    assert any(len(deliveries) > 1 for deliveries in found.values())
    assert counted(raw, "zscaler") == {key: max(days.values()) for key, days in found.items()}


@pytest.mark.parametrize(
    ("source", "usual", "other"),
    [
        ("entra", "sign_in_lines", "sign_in_pages"),
        ("okta", "system_log_pages", "system_log_lines"),
    ],
)
def test_every_event_of_a_sign_in_log_is_told_with_its_fate(raw, source, usual, other):
    for feed in (usual, other):
        n_rows = 0
        for text in texts(raw, f"{source}/{feed}"):
            if feed.endswith("lines"):
                n_rows += len(text.splitlines())
                continue
            page = json.loads(text)
            n_rows += max(len(page["value"] if isinstance(page, dict) else page), 1)
        assert fates(raw, source, feed).total() == n_rows
    # Of a sign-in in both feeds the copy that came later stays.
    told = fates(raw, source, usual), fates(raw, source, other)
    repeated = {"entra": "repeated_sign_in", "okta": "repeated_event"}[source]
    assert told[1]["kept"] > 0 and told[1][repeated] == 0
    assert told[0][repeated] >= told[1]["kept"]
    assert {"failed_sign_in", "unknown_result", "missing_account"} <= set(told[0])


def test_names_of_accounts_change_hands_and_are_written_in_several_ways(raw):
    names = truth(raw, "entra_account_names")
    assert any(row["n_names_of_account"] == 2 for row in names)
    assert any(row["name_value"].endswith("partner.example.net") for row in names)
    assert all(row["name_value"] == row["name_value"].lower() for row in names)
    logins = {
        event["actor"]["alternateId"]
        for text in texts(raw, "okta/system_log_pages")
        for event in json.loads(text)
    }
    assert any(login.istitle() for login in logins) and "unknown" in logins


def database_of(raw: Path) -> duckdb.DuckDBPyConnection:
    """A build's tables, with the rows that the truth says."""
    connection = duckdb.connect()
    lineage = "null as source_record_id, null as extracted_at, null as source_file"
    connection.execute("create schema canonical; create schema staging")
    for table, target in (
        ("web_use_daily", "canonical.web_use_daily"),
        *(
            (f"{vendor}_{name}", f"staging.stg_{vendor}__{name}")
            for vendor in ("entra", "okta")
            for name in ("account_names", "sign_ins_daily")
        ),
    ):
        file = raw / "truth/logs" / f"{table}.parquet"
        connection.execute(f"create table {target} as select *, {lineage} from '{file}'")
    fates_file = raw / "truth/logs/row_fates.parquet"
    rejected = "status_reason = 'wrong_number_of_fields'"
    for vendor, feed in connection.execute(
        f"select distinct source_system, feed from '{fates_file}'"
    ).fetchall():
        connection.execute(
            f"create table staging.base_{vendor}__{feed} as select row_status, status_reason from"
            f" (select *, unnest(range(n_rows)) from '{fates_file}') where"
            f" source_system = '{vendor}' and feed = '{feed}' and not coalesce({rejected}, false)"
        )
    connection.execute(
        "create table staging.stg_intake__rejected_rows as select source_system, feed,"
        " status_reason as reason from"
        f" (select *, unnest(range(n_rows)) from '{fates_file}') where {rejected}"
    )
    return connection


def test_the_comparison_agrees_with_the_truth_and_with_nothing_else(raw):
    with database_of(raw) as connection:
        reports = compare_logs(raw / "truth/logs", connection)
        assert len(reports) == 6 and [r.lines() for r in reports if not r.agrees] == []
        assert sum(report.n_cells for report in reports) > 10_000
        connection.execute(
            "update canonical.web_use_daily set n_requests = n_requests + 1"
            " where source_system = 'zscaler' and usage_date = date '2026-03-02'"
        )
        connection.execute("delete from staging.stg_okta__account_names where name_value like 'b%'")
        connection.execute("insert into staging.base_entra__sign_in_pages values ('kept', null)")
        connection.execute("drop table staging.stg_entra__sign_ins_daily")
        different = {r.table: r for r in compare_logs(raw / "truth/logs", connection)}
    assert not any(different[name].agrees for name in ("web_use_daily", "row_fates"))
    assert different["okta_account_names"].n_missing > 0
    assert "n_requests" in different["web_use_daily"].different
    assert "sign_ins_daily" in (different["entra_sign_ins_daily"].problem or "")
    assert different["entra_account_names"].agrees
