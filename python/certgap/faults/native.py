"""Faults of the vendors' own formats: Workday, Cornerstone, xAPI, LinkedIn Learning, Microsoft 365
Copilot, GitHub Copilot."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from certgap.faults.fault import CAUGHT, HARMLESS, NATIVE, Subject
from certgap.faults.raw import RawFolder, Row

OWN = Subject("Vendors' own formats", NATIVE)
WORKERS = "hris/workday/worker_history"
POSITIONS = "hris/workday/worker_position_history"
MAILS = "hris/workday/person_contact_email_address"
ORGANIZATIONS = "hris/workday/organization"
TRANSCRIPTS = "lms/cornerstone/transcript_core"
LEARNERS = "lms/cornerstone/users_core"
STATUSES = "lms/cornerstone/transcript_status_local_core"
STATEMENTS = "lms/xapi/statements"
ACTIVITIES = "lms/linkedin_learning/learning_activity_reports"
COPILOT = "usage/m365_copilot/usage_user_detail"
GITHUB = "usage/github_copilot/users_1_day"
SEATS = "usage/github_copilot/seats"
UPN, REFRESHED = "User Principal Name", "Report Refresh Date"


def _nth(text: str, n: int) -> bool:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % n == 0


def _later(text: str, days: int) -> str:
    return (date.fromisoformat(text[:10]) + timedelta(days)).isoformat() + text[10:]


def _activities(raw: RawFolder, name: str, change: Any) -> None:
    document = raw.document(name)
    for element in document["elements"]:
        change(element)
    raw.write_document(name, document)


# ---- Microsoft 365 Copilot


@OWN.fault(COPILOT, CAUGHT, "is concealed")
def copilot_names_concealed(raw: RawFolder) -> None:
    """Names concealed in a report."""
    raw.edit(
        raw.newest(COPILOT, 30),
        lambda row: {
            **row, UPN: hashlib.md5(row[UPN].encode(), usedforsecurity=False).hexdigest()
        },
    )  # fmt: skip


@OWN.fault(COPILOT, CAUGHT, "a day after the delivery")
def copilot_refresh_date_late(raw: RawFolder) -> None:
    """The refresh date is a day late."""
    raw.edit(raw.newest(COPILOT, 30), lambda row: {**row, REFRESHED: _later(row[REFRESHED], 1)})


@OWN.fault(COPILOT, CAUGHT, "is the same file as")
def copilot_yesterdays_report(raw: RawFolder) -> None:
    """Yesterday's report under today's name, for a week."""
    names = raw.files(COPILOT)[-60:-52]
    contents = [raw.read(name) for name in names]
    for name, content in zip(names[1:], contents, strict=False):
        raw.write(name, contents[0] if content else content)


@OWN.fault(COPILOT, CAUGHT, "cannot be read as its type")
def copilot_american_dates(raw: RawFolder) -> None:
    """Dates as MM/DD/YYYY."""

    def american(row: Row) -> Row:
        return {
            name: date.fromisoformat(value).strftime("%m/%d/%Y")
            if "Date" in name and value
            else value
            for name, value in row.items()
        }

    raw.edit(raw.newest(COPILOT, 30), american)


@OWN.fault(COPILOT, CAUGHT)
def copilot_without_activity(raw: RawFolder) -> None:
    """Nobody has a date of last activity."""
    raw.edit(
        raw.files(COPILOT)[-60:-50],
        lambda row: {n: "" if n.endswith("Activity Date") else v for n, v in row.items()},
    )


@OWN.fault(COPILOT, CAUGHT, f"of '{UPN}' is empty")
def copilot_names_missing(raw: RawFolder) -> None:
    """A tenth of the users have no name."""
    raw.edit(raw.newest(COPILOT, 30), lambda row: {**row, UPN: ""}, lambda row: _nth(row[UPN], 10))


@OWN.fault(COPILOT, CAUGHT, "times the usual number")
def copilot_half_of_the_users(raw: RawFolder) -> None:
    """Half of the users are missing."""
    raw.edit(raw.newest(COPILOT, 30), lambda _: None, lambda row: _nth(row[UPN], 2))


# ---- GitHub Copilot


@OWN.fault(GITHUB, CAUGHT, "distribution of 'prompts' moved")
def github_prompts_a_thousandfold(raw: RawFolder) -> None:
    """Prompts of a day a thousandfold."""
    raw.edit_lines(
        raw.largest(GITHUB),
        lambda r: {
            **r,
            "user_initiated_interaction_count": 1000 * r["user_initiated_interaction_count"],
        },
    )


@OWN.fault(GITHUB, CAUGHT)
def github_logins_renamed(raw: RawFolder) -> None:
    """Logins renamed (a suffix of the enterprise) for two months."""
    raw.edit_lines(
        raw.files(GITHUB)[-60:], lambda r: {**r, "user_login": r["user_login"] + "_acme"}
    )


@OWN.fault(GITHUB, CAUGHT)
def github_days_late(raw: RawFolder) -> None:
    """The days of a report are one too late."""
    raw.edit_lines(
        raw.files(GITHUB)[-60:-40],
        lambda r: {
            **r,
            **{n: _later(r[n], 2) for n in ("day", "report_start_day", "report_end_day")},
        },
    )


@OWN.fault(GITHUB, CAUGHT, "github_copilot")
def github_line_cut(raw: RawFolder) -> None:
    """The last line of a report is cut."""
    name = raw.largest(GITHUB)
    raw.write(name, raw.read(name)[:-40])


@OWN.fault(GITHUB, CAUGHT, "'user_login' has")
def github_lines_twice(raw: RawFolder) -> None:
    """Every line is there twice."""
    name = raw.largest(GITHUB)
    raw.write(name, raw.read(name) * 2)


@OWN.fault(SEATS, CAUGHT)
def seats_missing(raw: RawFolder) -> None:
    """Half of the seats are missing from a listing."""
    name = raw.newest(SEATS)
    document = raw.document(name)
    raw.write_document(name, {**document, "seats": document["seats"][::2]})


@OWN.fault(SEATS, CAUGHT, "has no list of records")
def seats_error_message(raw: RawFolder) -> None:
    """An error message in place of the seats."""
    raw.write_document(raw.newest(SEATS), {"message": "Bad credentials", "status": "401"})


# ---- xAPI


@OWN.fault(STATEMENTS, CAUGHT, "cannot be read as its type")
def statements_in_milliseconds(raw: RawFolder) -> None:
    """Timestamps as milliseconds since 1970."""

    def changed(record: Any) -> Any:
        moment = datetime.fromisoformat(record["timestamp"].replace("Z", "+00:00"))
        return {**record, "timestamp": str(int(moment.timestamp() * 1000))}

    raw.edit_lines(raw.largest(STATEMENTS), changed)


@OWN.fault(STATEMENTS, CAUGHT, "a day after the delivery")
def statements_a_year_too_late(raw: RawFolder) -> None:
    """A year too late."""
    raw.edit_lines(
        raw.largest(STATEMENTS), lambda r: {**r, "timestamp": _later(r["timestamp"], 365)}
    )


@OWN.fault(STATEMENTS, HARMLESS)
def statements_with_another_offset(raw: RawFolder) -> None:
    """The same moments with another offset."""

    def changed(record: Any) -> Any:
        moment = datetime.fromisoformat(record["timestamp"].replace("Z", "+00:00"))
        there = (moment + timedelta(hours=9)).replace(tzinfo=None)
        return {**record, "timestamp": there.isoformat(timespec="milliseconds") + "+09:00"}

    raw.edit_lines(raw.largest(STATEMENTS), changed)


@OWN.fault(STATEMENTS, CAUGHT, "verb")
def statements_with_other_verbs(raw: RawFolder) -> None:
    """Verbs of another profile."""
    raw.edit_lines(
        raw.largest(STATEMENTS), lambda r: {**r, "verb": {"id": r["verb"]["id"] + "-v2"}}
    )


@OWN.fault(STATEMENTS, CAUGHT, "'id' has")
def statements_twice(raw: RawFolder) -> None:
    """Every statement is there twice."""
    name = raw.largest(STATEMENTS)
    raw.write(name, raw.read(name) * 2)


@OWN.fault(STATEMENTS, CAUGHT, "records are no JSON object")
def statements_that_are_no_json(raw: RawFolder) -> None:
    """A third of the lines are no JSON."""
    name = raw.largest(STATEMENTS)
    lines = raw.read(name).splitlines(keepends=True)
    raw.write(name, b"".join(x if n % 3 else x[: len(x) // 2] + b"\n" for n, x in enumerate(lines)))


@OWN.fault(STATEMENTS, CAUGHT, "mbox")
def statements_of_nobody(raw: RawFolder) -> None:
    """Actors without an address."""
    raw.edit_lines(raw.largest(STATEMENTS), lambda r: {**r, "actor": {"name": "Learner"}})


# ---- LinkedIn Learning


@OWN.fault(ACTIVITIES, CAUGHT, "long before it")
def activities_in_seconds(raw: RawFolder) -> None:
    """Seconds for milliseconds."""

    def changed(element: Any) -> None:
        for activity in element["activities"]:
            for name in ("lastEngagedAt", "firstEngagedAt"):
                if activity.get(name):
                    activity[name] //= 1000

    _activities(raw, raw.largest(ACTIVITIES), changed)


@OWN.fault(ACTIVITIES, CAUGHT, "is concealed")
def activities_concealed(raw: RawFolder) -> None:
    """Addresses concealed."""

    def changed(element: Any) -> None:
        learner = element["learnerDetails"]
        learner["email"] = hashlib.sha256(learner["email"].encode()).hexdigest()

    _activities(raw, raw.largest(ACTIVITIES), changed)


@OWN.fault(ACTIVITIES, CAUGHT)
def activities_empty(raw: RawFolder) -> None:
    """An empty page in place of a full one."""
    raw.write_document(raw.largest(ACTIVITIES), {"elements": [], "paging": {"total": 0}})


# ---- Cornerstone


@OWN.fault(TRANSCRIPTS, CAUGHT, "cannot be read as its type")
def transcripts_with_american_dates(raw: RawFolder) -> None:
    """Dates as MM/DD/YYYY."""

    def american(row: Row) -> Row:
        when = row["user_lo_comp_dt"]
        text = f"{when[5:7]}/{when[8:10]}/{when[:4]}" if when else ""
        return {**row, "user_lo_comp_dt": text}

    raw.edit(raw.largest(TRANSCRIPTS), american)


@OWN.fault(TRANSCRIPTS, CAUGHT, "completions_follow_their_enrolments")
def transcripts_with_swapped_dates(raw: RawFolder) -> None:
    """Completion and registration swapped."""
    raw.edit(
        raw.largest(TRANSCRIPTS),
        lambda r: {
            **r,
            "user_lo_comp_dt": r["user_lo_reg_dt"],
            "user_lo_reg_dt": r["user_lo_comp_dt"],
        },
    )


@OWN.fault(TRANSCRIPTS, CAUGHT)
def transcripts_with_other_statuses(raw: RawFolder) -> None:
    """Statuses nobody lists."""
    raw.edit(
        raw.largest(TRANSCRIPTS),
        lambda row: {**row, "user_lo_status_id": "9" + row["user_lo_status_id"]},
    )


@OWN.fault(TRANSCRIPTS, HARMLESS)
def transcripts_twice(raw: RawFolder) -> None:
    """Every row is there twice."""
    raw.edit(raw.largest(TRANSCRIPTS), lambda row: [row, row])


@OWN.fault(STATUSES, HARMLESS)
def statuses_swapped(raw: RawFolder) -> None:
    """The words of two statuses swapped: ids say what they mean."""
    name = raw.newest(STATUSES)
    _, rows = raw.table(name)
    words = {row["status_id"]: row["status"] for row in rows}
    one, other = list(words)[:2]
    swap = {one: words[other], other: words[one]}
    raw.edit(name, lambda row: {**row, "status": swap.get(row["status_id"], row["status"])})


@OWN.fault(LEARNERS, CAUGHT)
def users_rekeyed(raw: RawFolder) -> None:
    """Users have new ids, their transcripts have not."""
    raw.edit(raw.newest(LEARNERS), lambda row: {**row, "user_id": "9" + row["user_id"]})


# ---- Workday


@OWN.fault(WORKERS, CAUGHT, "times the usual number")
def workers_missing(raw: RawFolder) -> None:
    """Half of the workers are missing."""
    raw.edit(raw.newest(WORKERS), lambda _: None, lambda row: _nth(row["id"], 2))


@OWN.fault(WORKERS, CAUGHT)
def workers_deleted(raw: RawFolder) -> None:
    """Every row is marked deleted."""
    raw.edit(raw.newest(WORKERS), lambda row: {**row, "_fivetran_deleted": "true"})


@OWN.fault(WORKERS, CAUGHT, "distribution of 'terminated' moved")
def workers_terminated(raw: RawFolder) -> None:
    """A third of the workers are terminated, without a date."""
    raw.edit(
        raw.newest(WORKERS),
        lambda row: {**row, "terminated": "true"},
        lambda row: _nth(row["id"], 3),
    )


@OWN.fault(WORKERS, CAUGHT)
def workers_rekeyed(raw: RawFolder) -> None:
    """A quarter of the workers have new ids, their positions have not."""
    raw.edit(
        raw.newest(WORKERS),
        lambda row: {**row, "id": "f" + row["id"][1:-1] + "f"},
        lambda row: _nth(row["id"], 4),
    )


@OWN.fault(POSITIONS, CAUGHT)
def positions_with_swapped_dates(raw: RawFolder) -> None:
    """Start and end of positions swapped."""
    raw.edit(
        raw.newest(POSITIONS),
        lambda row: {**row, "effective_date": row["end_date"], "end_date": row["effective_date"]},
    )


@OWN.fault(ORGANIZATIONS, HARMLESS)
def organizations_in_a_circle(raw: RawFolder) -> None:
    """Organizations above each other in a circle."""
    name = raw.newest(ORGANIZATIONS)
    _, rows = raw.table(name)
    lines = [r for r in rows if r["type"] == "SUPERVISORY" and r["superior_organization_id"]]
    above = {row["superior_organization_id"]: row["id"] for row in lines}
    raw.edit(
        name,
        lambda row: {**row, "superior_organization_id": above[row["id"]]},
        lambda row: row["id"] in above,
    )


@OWN.fault(MAILS, HARMLESS)
def mails_of_others(raw: RawFolder) -> None:
    """Addresses of a quarter of the people are those of others, from the newest listing on."""
    name = raw.newest(MAILS)
    _, rows = raw.table(name)
    mails = [row["email_address"] for row in rows]
    position = iter(range(len(mails)))
    taken = {row["id"]: mails[n - 1] for n, row in enumerate(rows) if _nth(row["id"], 4)}
    next(position)
    raw.edit(
        name, lambda row: {**row, "email_address": taken[row["id"]]}, lambda row: row["id"] in taken
    )
