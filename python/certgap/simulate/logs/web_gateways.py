"""Web gateways: Zscaler's web log (lines without ids), Netskope's web transactions (with ids)."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
import pyarrow as pa

from certgap.simulate.days import SECONDS_A_DAY, as_date, weekday
from certgap.simulate.delivery_calendar import FAILED, REDELIVERED, delivery_states
from certgap.simulate.logs.log import FATES, KEPT, QUARANTINED, SUPERSEDED, Fates, Log
from certgap.simulate.logs.web_requests import (
    Decision,
    Login,
    Request,
    web_requests,
    windows_login,
)
from certgap.simulate.usage_vendors import Setting
from certgap.simulate.writing import DeliveryFolder
from certgap.truth.world import SCHEMAS, as_table

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36, like Gecko"
# In the order of the public samples; a value nobody has is `-`.
NETSKOPE_HEADER = """
bytes c-ip cs-bytes cs-content-type cs-dns cs-host cs-method cs-referer cs-uri cs-uri-port
cs-uri-query cs-uri-scheme cs-user-agent cs-username date rs-status s-ip sc-bytes
sc-content-type sc-status time time-taken x-c-browser x-c-browser-version x-c-country
x-c-device x-c-latitude x-c-local-time x-c-location x-c-longitude x-c-os x-c-region x-c-zipcode
x-category x-category-id x-client-ssl-err x-cs-access-method x-cs-app x-cs-app-activity
x-cs-app-category x-cs-app-cci x-cs-app-ccl x-cs-app-from-user x-cs-app-instance-id
x-cs-app-instance-name x-cs-app-instance-tag x-cs-app-object-id x-cs-app-object-name
x-cs-app-object-type x-cs-app-suite x-cs-app-tags x-cs-app-to-user x-cs-connect-host
x-cs-connect-port x-cs-connect-user-agent x-cs-domain-fronted-sni x-cs-dst-ip x-cs-dst-port
x-cs-http-version x-cs-ip-connect-xff x-cs-ip-xff x-cs-page-id x-cs-session-id x-cs-site
x-cs-sni x-cs-src-ip x-cs-src-ip-egress x-cs-src-port x-cs-ssl-cipher x-cs-ssl-engine-action
x-cs-ssl-engine-action-reason x-cs-ssl-fronting-error x-cs-ssl-handshake-error x-cs-ssl-ja3
x-cs-ssl-version x-cs-timestamp x-cs-traffic-type x-cs-tunnel-id x-cs-uri-path x-cs-url
x-cs-userip x-error x-other-category x-other-category-id x-policy-action x-policy-dst-host
x-policy-dst-host-source x-policy-dst-ip x-policy-justification-reason
x-policy-justification-type x-policy-name x-policy-src-ip x-r-cert-enddate x-r-cert-expired
x-r-cert-incomplete-chain x-r-cert-issuer-cn x-r-cert-mismatch x-r-cert-revocation-check
x-r-cert-revoked x-r-cert-self-signed x-r-cert-startdate x-r-cert-subject-cn
x-r-cert-untrusted-root x-r-cert-valid x-request-id x-rs-file-category x-rs-file-language
x-rs-file-md5 x-rs-file-sha256 x-rs-file-size x-rs-file-type x-s-country
x-s-custom-signing-ca-error x-s-dp-name x-s-latitude x-s-location x-s-longitude x-s-region
x-s-zipcode x-sc-notification-name x-server-ssl-err x-sr-dst-ip x-sr-dst-port x-sr-headers-name
x-sr-headers-value x-sr-src-ip x-sr-src-port x-sr-ssl-cipher x-sr-ssl-client-certificate-error
x-sr-ssl-engine-action x-sr-ssl-engine-action-reason x-sr-ssl-handshake-error x-sr-ssl-ja3s
x-sr-ssl-malformed-ssl x-sr-ssl-version x-ssl-bypass x-ssl-bypass-reason x-ssl-policy-action
x-ssl-policy-categories x-ssl-policy-dst-host x-ssl-policy-dst-host-source x-ssl-policy-dst-ip
x-ssl-policy-name x-ssl-policy-src-ip x-transaction-id x-type
"""


def _clock(second: int) -> str:
    """Second of the day as hh:mm:ss."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


class WebGateway(Log):
    """A file a day, a day later; some came cut off first, and a few never came."""

    feed = ""
    has_ids = False
    overlap = 0  # requests of the end of a day that the next day's file has again
    quoting = csv.QUOTE_MINIMAL

    def line(self, request: Request) -> list[str]:
        """A request as the gateway writes it."""
        raise NotImplementedError

    def content(self, requests: list[Request], columns: list[str]) -> bytes:
        """A file; only with the ``columns`` asked for, where the gateway's export can be so."""
        del columns
        text = io.StringIO()
        writer = csv.writer(text, quoting=self.quoting, lineterminator="\n")
        writer.writerows([*self.header(), *(self.line(request) for request in requests)])
        return text.getvalue().encode()

    def header(self) -> list[list[str]]:
        """The first line, if there is one."""
        return []

    def broken_lines(self, requests: list[Request]) -> bytes:
        """What else stands in the file of these requests and is no row."""
        del requests
        return b""

    def write(self, setting: Setting) -> None:
        """All files, and what must come of them."""
        company = setting.company
        force = company.workforce
        states = delivery_states(
            self.name, force.start, force.end, company.settings, company.randomness
        )
        folder = DeliveryFolder(setting.out, "usage", self.name, self.feed)
        truth = WebTruth(self)
        columns = company.settings["web_access"]["columns"]
        before: list[Request] = []
        for (day, requests), state in zip(web_requests(company, self.name), states, strict=True):
            if state == FAILED:
                before = []
                continue
            deliveries = [(day + 1, before[len(before) - self.overlap :] + requests)]
            if state == REDELIVERED:
                deliveries = [(day + 1, requests[: len(requests) // 2]), (day + 2, requests)]
            for number, (arrives, rows) in enumerate(deliveries):
                if not rows:
                    continue
                broken = self.broken_lines(rows)
                name = f"{self.feed}_{as_date(day)}_{number}.csv"
                folder.file(arrives, name, self.content(rows, columns) + broken)
                truth.add(arrives, rows)
                n_broken = broken.count(b"\n")
                truth.fates.add(self.feed, QUARANTINED, "wrong_number_of_fields", n_broken)
            before = requests if self.overlap else []
        tools = {row["domain"]: row["tool_name"] for row in company.reference["tool_domains"]}
        rows = truth.rows(tools)
        setting.truth.add_log("web_use_daily", rows)
        setting.truth.add("web_use", truth.with_owners(rows, setting))
        setting.truth.add_log(FATES, truth.fates.rows())


class WebTruth:
    """Requests by person, domain and day, and how the rows end."""

    def __init__(self, gateway: WebGateway) -> None:
        """Nothing was delivered yet."""
        self.gateway = gateway
        self.fates = Fates(gateway.name)
        self.known: set[int] = set()
        self.counts: dict[tuple[str, str, str, int], Counter[int]] = {}
        # Login and day -> whose own login it is, whatever HR says of it.
        self.people: dict[tuple[str, int], set[int]] = {}

    def add(self, arrives: int, requests: list[Request]) -> None:
        """One file."""
        for request in requests:
            status, reason = request.fate()
            if status == KEPT and self.gateway.has_ids and request.number in self.known:
                status, reason = SUPERSEDED, "repeated_transaction"
            self.fates.add(self.gateway.feed, status, reason)
            if status == KEPT:
                self.known.add(request.number)
                key = (*request.alias, request.domain or "", request.day)
                self.counts.setdefault(key, Counter())[arrives] += 1
                if request.is_own_mail:
                    self.people.setdefault((request.alias[1], request.day), set()).add(
                        request.person
                    )

    def rows(self, tools: dict[str, str]) -> list[dict[str, object]]:
        """For the truth. Ids tell a repeated row; without, the largest delivery of a day counts."""
        together = sum if self.gateway.has_ids else max
        return [
            {
                "alias_type": alias_type,
                "alias_value": alias_value,
                "domain": domain,
                "tool_name": tools[domain],
                "usage_date": as_date(day),
                "n_requests": together(counts.values()),
                "source_system": self.gateway.name,
            }
            for (alias_type, alias_value, domain, day), counts in self.counts.items()
        ]

    def with_owners(self, rows: list[dict[str, object]], setting: Setting) -> pa.Table:
        """The rows with the employee who owned the login on the day, for the truth."""
        logins = [(*key, person) for key, people in self.people.items() for person in people]
        who = np.array([person for *_, person in logins], dtype=np.int64)
        days = np.array([day for _, day, _ in logins], dtype=np.int64)
        _, by = setting.company.addresses.used_mail("upn", who, days)
        owned = setting.owns(who, days, days, by)
        ids = setting.company.workforce.ids
        owners = {
            ("upn", login, as_date(day)): ids[person].as_py()
            for (login, day, person), is_owned in zip(logins, owned.tolist(), strict=True)
            if is_owned
        }
        told = []
        for row in rows:
            owner = owners.get((row["alias_type"], row["alias_value"], row["usage_date"]))
            told.append({k: v for k, v in row.items() if k != "tool_name"} | {"employee_id": owner})
        return as_table("web_use", told, SCHEMAS["web_use"])


class Zscaler(WebGateway):
    """The web log as Nanolog streaming writes it: no header, every field in quotes, no ids."""

    name = "zscaler"
    feed = "web_log"
    quoting = csv.QUOTE_ALL

    def line(self, request: Request) -> list[str]:
        """34 fields in the order of the vendor's sample line."""
        location = ("Road Warrior", "HQ-London")[request.person % 2]
        login = {
            Login.MAIL: request.mail,
            Login.WINDOWS: windows_login(request.mail),
            Login.NOBODY: (location, f"{location}->other")[request.number % 2],
            Login.HIDDEN: str(4_094_304_256 + request.person),
            Login.UNREADABLE: request.mail.split("@")[0],
        }[request.login]
        action = {
            Decision.ALLOWED: "Allowed",
            Decision.BLOCKED: "Blocked",
            Decision.UNCLEAR: "Isolated",
        }[request.decision]
        is_sent = request.decision is Decision.ALLOWED
        day = as_date(request.day)
        # Some feeds fill up with a blank, as the C library does.
        width = "02d" if request.day % 4 else "2d"
        time = (
            f"{WEEKDAYS[int(weekday(request.day))]} {MONTHS[day.month - 1]} {day.day:{width}}"
            f" {_clock(request.second)} {day.year}"
        )
        path = f"/c/{request.number}?q=plan%20{request.number}"
        url = request.host + path if request.host else "None"
        return [
            time, login, "HTTPS", url, action, request.domain or "General Browsing",
            "Unsanctioned" if request.domain else "N/A", "AI & ML Applications", "20841",
            "90123" if is_sent else "0", "Business Use", "Internet Communication",
            "AI and ML Applications", "None", "None", "0", "None", "None", "None", location,
            "Default Department", f"10.1.{request.person % 250}.7", "203.0.113.9",
            "POST" if request.number % 2 else "GET", "200" if is_sent else "403", AGENT, "None",
            "None" if is_sent else "UrlCat", "None" if is_sent else "Shadow AI", "text/html",
            "None", "None", f"LT-{request.person:05d}", "N/A",
        ]  # fmt: skip

    def broken_lines(self, requests: list[Request]) -> bytes:
        """Now and then a feed that does not quote sends a comma of the user agent as it is."""
        if not requests or requests[0].day % 10:
            return b""
        return (",".join(self.line(requests[0])) + "\n").encode()


class Netskope(WebGateway):
    """Web transactions; a file begins with the last ones of the day before."""

    name = "netskope"
    feed = "web_transactions"
    has_ids = True
    overlap = 5
    columns = tuple(NETSKOPE_HEADER.split())

    def header(self) -> list[list[str]]:
        """All columns."""
        return [list(self.columns)]

    def line(self, request: Request) -> list[str]:
        """A transaction; the day and the clock are UTC."""
        login = {
            Login.MAIL: request.mail,
            Login.WINDOWS: windows_login(request.mail),
            Login.NOBODY: ("10.1.2.4", "2001:db8::7", "-")[request.number % 3],
            Login.HIDDEN: f"{request.person + 1:040x}",
            Login.UNREADABLE: request.mail.split("@")[0],
        }[request.login]
        action = {
            Decision.ALLOWED: ("allow", "alert", "bypass", "-")[request.number % 4],
            Decision.BLOCKED: ("block", "blockpage")[request.number % 2],
            Decision.UNCLEAR: "useralert",
        }[request.decision]
        host, url = request.host or "-", f"https://{request.host}/c/{request.number}"
        values = {
            "bytes": "10333",
            "cs-bytes": "2084",
            "cs-host": host,
            "cs-method": "POST" if request.number % 2 else "GET",
            "cs-user-agent": AGENT,
            "cs-username": login,
            "date": str(as_date(request.day)),
            "sc-status": "200" if request.decision is Decision.ALLOWED else "-",
            "time": _clock(request.second),
            "x-category": "Generative AI" if request.domain else "General",
            "x-cs-app": request.domain or "-",
            "x-cs-app-tags": "Consumer;Unsanctioned" if request.domain else "-",
            "x-cs-timestamp": str(request.day * SECONDS_A_DAY + request.second),
            "x-cs-traffic-type": "CloudApp",
            "x-cs-url": url if request.host else "-",
            "x-policy-action": action,
            "x-policy-justification-reason": (
                'he said "for the RFP", urgent' if request.number % 50 == 0 else "-"
            ),
            "x-transaction-id": str(5_173_337_355_000_000_000 + request.number),
            "x-type": "http_transaction",
        }
        return [values.get(name, "-") for name in self.columns]

    def content(self, requests: list[Request], columns: list[str]) -> bytes:
        """All columns, or those asked for."""
        if not columns:
            return super().content(requests, columns)
        text = io.StringIO()
        writer = csv.writer(text, quoting=self.quoting, lineterminator="\n")
        places = [self.columns.index(name) for name in columns]
        lines = [[self.line(request)[place] for place in places] for request in requests]
        writer.writerows([columns, *lines])
        return text.getvalue().encode()
