"""Sign-in logs: Entra (lines of Azure Monitor, pages of Graph), Okta (pages, a collector's lines).

Access and identity only. Most rows are programs that renew a token; some sign-ins fail, some are no
person's, and the same event comes in both forms.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from certgap.simulate.company import Company
from certgap.simulate.days import SECONDS_A_DAY, as_date
from certgap.simulate.delivery_calendar import FAILED, REDELIVERED, delivery_states
from certgap.simulate.logs.log import (
    FATES,
    KEPT,
    QUARANTINED,
    SUPERSEDED,
    Fates,
    Log,
    actors_of_days,
)
from certgap.simulate.usage_vendors import Setting
from certgap.simulate.writing import DeliveryFolder, json_document, json_lines

PAGE_EVENTS = 100
OTHER_APPS = ("Office 365 Exchange Online", "Travel and expenses")
NOBODY = "00000000-0000-0000-0000-000000000000"


class Kind(Enum):
    """What an event is, and what becomes of it."""

    SIGN_IN = (KEPT, None)
    FAILED = (SUPERSEDED, "failed_sign_in")
    OTHER = (SUPERSEDED, "not_a_sign_in")
    PROGRAM = (SUPERSEDED, "no person")  # each vendor has its own word
    UNCLEAR = (QUARANTINED, "unknown_result")
    NO_ACCOUNT = (QUARANTINED, "missing_account")


@dataclass(frozen=True)
class Event:
    """One event; the name may be missing, and stands as somebody typed it."""

    number: int
    day: int
    second: int
    kind: Kind
    person: int
    name: str
    app: str
    is_interactive: bool

    @property
    def id(self) -> str:
        """Depends on nothing but the number."""
        return guid("event", self.number)

    @property
    def instant(self) -> str:
        """UTC, with as many digits as a log likes."""
        clock = f"{self.second // 3600:02d}:{self.second // 60 % 60:02d}:{self.second % 60:02d}"
        return f"{as_date(self.day)}T{clock}.{self.number % 10_000_000:07d}Z"


def guid(kind: str, number: int) -> str:
    """An id of the platform's own."""
    digest = hashlib.md5(f"{kind}-{number}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def events_of(company: Company, log: str) -> Iterator[tuple[int, list[Event]]]:
    """The events of each day, in the order of the clock."""
    shares = company.settings["web_access"]
    rng = company.randomness.stream(f"sign-ins {log}")
    apps = [*(row["tool_name"] for row in company.reference["tools"]), *OTHER_APPS]
    number = 0
    for day, actors in actors_of_days(
        company, rng, lambda _: shares["share_signing_in"], shares["most_sign_ins"]
    ):
        events = []
        for person, mail, count in actors:
            name = mail.title() if person % 9 == 0 else mail
            if person % 40 == 0:
                # Somebody from outside, whom no HR list has: an account of its own.
                person += 10_000_000
                name = f"contractor{person % 1000}@partner.example.net"
            for draw, when, app in rng.random((count, 3)).tolist():
                number += 1
                kind = _kind(draw, shares)
                shown = "" if draw > 1 - shares["share_without_name"] else name
                second = int(when * SECONDS_A_DAY)
                events.append(
                    Event(
                        number, day, second, kind, person, shown,
                        apps[int(app * len(apps))], number % 5 < 2,
                    )
                )  # fmt: skip
        yield day, sorted(events, key=lambda event: event.second)


def _kind(draw: float, shares: dict[str, float]) -> Kind:
    """Most events are sign-ins; the rest by their shares."""
    for kind, share in (
        (Kind.FAILED, "share_failed_sign_ins"),
        (Kind.OTHER, "share_other_events"),
        (Kind.PROGRAM, "share_programs"),
        (Kind.UNCLEAR, "share_unclear"),
        (Kind.NO_ACCOUNT, "share_without_account"),
    ):
        if draw < shares[share]:
            return kind
        draw -= shares[share]
    return Kind.SIGN_IN


class SignInLog(Log):
    """Every event in the usual feed; every seventh day again in the other one, two days later."""

    usual = ""
    other = ""
    program_reason = ""
    repeated_reason = ""
    account_type = ""
    name_type = ""

    def files(self, feed: str, events: list[Event]) -> list[bytes]:
        """Contents of one delivery; a list of pages may end with an empty one."""
        raise NotImplementedError

    def in_other(self, event: Event) -> bool:
        """Whether the other feed has the event, too."""
        del event
        return True

    def account(self, person: int) -> str:
        """The platform's id of an account."""
        raise NotImplementedError

    def write(self, setting: Setting) -> None:
        """All files, and what must come of them."""
        company = setting.company
        force = company.workforce
        states = delivery_states(
            self.name, force.start, force.end, company.settings, company.randomness
        )
        fates, kept = Fates(self.name), []
        for (day, events), state in zip(events_of(company, self.name), states, strict=True):
            if state == FAILED or not events:
                continue
            deliveries = [(self.usual, day + 1, events)]
            if state == REDELIVERED:
                # The export broke off and was made again.
                deliveries = [
                    (self.usual, day + 1, events[: len(events) // 2]),
                    (self.usual, day + 2, events),
                ]
            if day % 7 == 0:
                again = [event for event in events if self.in_other(event)]
                deliveries.append((self.other, day + 3, again))
            for feed, arrives, rows in deliveries:
                self._write_files(setting, feed, day, arrives, rows, fates)
            self._tell(fates, deliveries)
            kept += [event for event in events if event.kind is Kind.SIGN_IN]
        setting.truth.add_log(FATES, fates.rows())
        setting.truth.add_log(f"{self.name}_account_names", self.account_names(kept))
        setting.truth.add_log(f"{self.name}_sign_ins_daily", self.daily(kept))

    def _write_files(
        self, setting: Setting, feed: str, day: int, arrives: int, rows: list[Event], fates: Fates
    ) -> None:
        """One delivery, and its empty pages for the truth."""
        folder = DeliveryFolder(setting.out, "usage", self.name, feed)
        contents = self.files(feed, rows) if rows else []
        for number, content in enumerate(contents):
            ending = "ndjson" if feed.endswith("lines") else "json"
            folder.file(arrives, f"{feed}_{as_date(day)}_{number:03d}.{ending}", content)
        if not feed.endswith("lines"):
            pages = -(-len(rows) // PAGE_EVENTS)
            fates.add(feed, SUPERSEDED, "empty_page", len(contents) - pages)

    def _tell(self, fates: Fates, deliveries: list[tuple[str, int, list[Event]]]) -> None:
        """How the rows of one day end: of one sign-in the copy that came last stays."""
        last = {
            event.number: (arrives, feed)
            for feed, arrives, rows in sorted(deliveries, key=lambda delivery: delivery[1])
            for event in rows
        }
        for feed, arrives, rows in deliveries:
            for event in rows:
                status, reason = event.kind.value
                if event.kind is Kind.PROGRAM:
                    reason = self.program_reason
                if event.kind is Kind.SIGN_IN and last[event.number] != (arrives, feed):
                    status, reason = SUPERSEDED, self.repeated_reason
                fates.add(feed, status, reason)

    def account_names(self, kept: list[Event]) -> list[dict[str, Any]]:
        """Which account and name were seen together, from when to when."""
        pairs: dict[tuple[str, str], list[int]] = {}
        for event in kept:
            if event.name:
                key = (self.account(event.person).lower(), event.name.lower())
                pairs.setdefault(key, []).append(event.day)
        n_names = Counter(account for account, _ in pairs)
        n_accounts = Counter(name for _, name in pairs)
        return [
            {
                "account_type": self.account_type,
                "account_value": account,
                "name_type": self.name_type,
                "name_value": name,
                "first_seen_on": as_date(min(days)),
                "last_seen_on": as_date(max(days)),
                "n_sign_ins": len(days),
                "n_names_of_account": n_names[account],
                "n_accounts_of_name": n_accounts[name],
                "source_system": self.name,
            }
            for (account, name), days in pairs.items()
        ]

    def app_of(self, event: Event) -> str:
        """The application a sign-in counts for."""
        return event.app

    def daily(self, kept: list[Event]) -> list[dict[str, Any]]:
        """Sign-ins by account, application and day."""
        counts: Counter[tuple[str, str, int]] = Counter()
        interactive: Counter[tuple[str, str, int]] = Counter()
        for event in kept:
            key = (self.account(event.person).lower(), self.app_of(event), event.day)
            counts[key] += 1
            interactive[key] += event.is_interactive
        return [
            {
                "alias_type": self.account_type,
                "alias_value": account,
                "app_name": app,
                "sign_in_date": as_date(day),
                "n_sign_ins": count,
                **self.also_counted(interactive[account, app, day]),
                "source_system": self.name,
            }
            for (account, app, day), count in counts.items()
        ]

    def also_counted(self, n_interactive: int) -> dict[str, int]:
        """What only some logs say of the day's sign-ins."""
        del n_interactive
        return {}


def _paged(events: list[Any], with_empty: bool) -> list[list[Any]]:
    """Events in pages; a listing may end with a page that has none."""
    pages = [events[at : at + PAGE_EVENTS] for at in range(0, len(events), PAGE_EVENTS)]
    return [*pages, []] if with_empty else pages


class Entra(SignInLog):
    """Entra: all categories as Azure Monitor's lines; interactive sign-ins of users as pages."""

    name = "entra"
    usual = "sign_in_lines"
    other = "sign_in_pages"
    program_reason = "service_principal"
    repeated_reason = "repeated_sign_in"
    account_type = "entra_oid"
    name_type = "upn"

    def account(self, person: int) -> str:
        """Object ids are GUIDs."""
        return guid("entra", person)

    def in_other(self, event: Event) -> bool:
        """Graph lists what users did themselves."""
        return event.is_interactive and event.kind in (Kind.SIGN_IN, Kind.FAILED)

    def also_counted(self, n_interactive: int) -> dict[str, int]:
        """Sign-ins a person took part in."""
        return {"n_interactive_sign_ins": n_interactive}

    def files(self, feed: str, events: list[Event]) -> list[bytes]:
        """A file of lines, or pages."""
        if feed == self.usual:
            return [json_lines(self._line(event) for event in events)]
        pages = _paged([self._sign_in(event) for event in events], events[0].day % 2 == 0)
        next_page = "https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken="
        return [
            json_document(
                {
                    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#signIns",
                    **({"@odata.nextLink": f"{next_page}{n}"} if n < len(pages) - 1 else {}),
                    "value": page,
                }
            )
            for n, page in enumerate(pages)
        ]

    def _sign_in(self, event: Event) -> dict[str, Any]:
        """What Graph says of a sign-in."""
        sign_in: dict[str, Any] = {
            "id": event.id,
            "createdDateTime": event.instant,
            "userDisplayName": event.name.split("@")[0],
            "userPrincipalName": event.name,
            "userId": NOBODY if event.kind is Kind.NO_ACCOUNT else self.account(event.person),
            "appId": guid("app", len(event.app)),
            "appDisplayName": event.app,
            "clientAppUsed": "Browser",
            "isInteractive": event.is_interactive,
            "resourceDisplayName": "Microsoft Graph",
            "status": {"errorCode": 0, "failureReason": None, "additionalDetails": None},
        }
        if event.kind is Kind.FAILED:
            reason = "Error validating credentials due to invalid username or password."
            sign_in["status"] = {"errorCode": 50126, "failureReason": reason}
        if event.kind is Kind.UNCLEAR:
            del sign_in["status"]
        if event.kind is Kind.PROGRAM:
            sign_in |= {"servicePrincipalId": guid("program", event.person), "userId": ""}
        return sign_in

    def _line(self, event: Event) -> dict[str, Any]:
        """Azure Monitor wraps the sign-in, and other categories come in the same stream."""
        category = "SignInLogs" if event.is_interactive else "NonInteractiveUserSignInLogs"
        category = {
            Kind.OTHER: "AuditLogs",
            Kind.PROGRAM: "ServicePrincipalSignInLogs",
        }.get(event.kind, category)
        line: dict[str, Any] = {
            "time": event.instant,
            "resourceId": f"/tenants/{guid('tenant', 0)}/providers/Microsoft.aadiam",
            "operationName": "Sign-in activity",
            "category": category,
            "resultType": "50126" if event.kind is Kind.FAILED else "0",
            "resultSignature": "None",
            "properties": self._sign_in(event),
        }
        if event.kind is Kind.UNCLEAR:
            del line["resultType"]
        if event.kind is Kind.OTHER:
            line["operationName"] = "Update user"
            line["properties"] = {"id": event.id, "result": "success"}
        return line


class Okta(SignInLog):
    """Okta's System Log: the pages of its API, and the lines of a collector."""

    name = "okta"
    usual = "system_log_pages"
    other = "system_log_lines"
    program_reason = "no_person"
    repeated_reason = "repeated_event"
    account_type = "okta_user_id"
    name_type = "okta_login"

    def account(self, person: int) -> str:
        """Ids of users begin with 00u."""
        return f"00u{person:x}".ljust(20, "0")

    def app_of(self, event: Event) -> str:
        """The start of a session is a sign-in to Okta itself."""
        return "Okta" if self._is_session(event) else event.app

    def files(self, feed: str, events: list[Event]) -> list[bytes]:
        """Pages, or a file of lines."""
        entries = [self._entry(event, feed == self.other) for event in events]
        if feed == self.other:
            return [json_lines(entries)]
        return [json_document(page) for page in _paged(entries, events[0].day % 2 == 0)]

    def _is_session(self, event: Event) -> bool:
        """One sign-in in four is the start of a session."""
        return event.number % 4 == 0

    def _entry(self, event: Event, is_line: bool) -> dict[str, Any]:
        """An event; some collectors write the keys of the top level in lower case."""
        kind = "user.session.start" if self._is_session(event) else "user.authentication.sso"
        actor: dict[str, Any] = {
            "id": "unknown" if event.kind is Kind.NO_ACCOUNT else self.account(event.person),
            "type": "User",
            "alternateId": event.name or "unknown",
            "displayName": event.name.split("@")[0],
        }
        if event.kind is Kind.PROGRAM:
            actor |= {"type": "SystemPrincipal", "alternateId": "system@okta.com"}
        entry: dict[str, Any] = {
            "actor": actor,
            "displayMessage": "User single sign on to app",
            "eventType": "policy.evaluate_sign_on" if event.kind is Kind.OTHER else kind,
            "outcome": {"result": ("SUCCESS", "ALLOW")[event.number % 9 == 0], "reason": None},
            "published": event.instant[:-5] + "Z",
            "severity": "INFO",
            "uuid": event.id,
            "version": "0",
            "target": self._targets(event),
        }
        if event.kind is Kind.FAILED:
            entry["outcome"]["result"] = ("FAILURE", "DENY", "CHALLENGE")[event.number % 3]
        if event.kind is Kind.UNCLEAR:
            del entry["outcome"]
        if is_line and event.number % 3 == 0:
            return {name.lower(): value for name, value in entry.items()}
        return entry

    def _targets(self, event: Event) -> list[dict[str, Any]]:
        """The application, before or after the user of it."""
        app = {"id": "0oa1", "type": "AppInstance", "displayName": event.app}
        user = {"id": "0ua1", "type": "AppUser", "displayName": event.name}
        return [app, user] if event.number % 2 else [user, app]
