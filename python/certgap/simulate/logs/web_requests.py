"""What people ask the web for: AI tools, hosts that only look like them, and everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER, SECONDS_A_DAY
from certgap.simulate.logs.log import (
    KEPT,
    QUARANTINED,
    SUPERSEDED,
    Chances,
    actors_of_days,
)

OUTSIDERS = "@partner.example.net"


class Login(Enum):
    """What the gateway knows of who asked."""

    MAIL = "mail"
    WINDOWS = "windows"
    NOBODY = "nobody_signed_in"
    HIDDEN = "concealed_login"
    UNREADABLE = "unreadable_login"


class Decision(Enum):
    """What the policy did."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Request:
    """One request; the host is written as a browser may write it, and empty where it is unknown."""

    day: int
    second: int
    number: int  # unique
    person: int
    login: Login
    mail: str
    host: str
    domain: str | None  # of an AI tool
    decision: Decision

    @property
    def alias(self) -> tuple[str, str]:
        """Type and value of the login, where it names somebody."""
        if self.login is Login.WINDOWS:
            return "windows_login", windows_login(self.mail).lower()
        return "upn", self.mail.lower()

    @property
    def is_own_mail(self) -> bool:
        """Whether the login is the person's own mail address, not another kind or an outsider's."""
        return self.login is Login.MAIL and not self.mail.endswith(OUTSIDERS)

    def fate(self) -> tuple[str, str | None]:
        """What becomes of the row, if it comes for the first time."""
        if not self.host:
            return QUARANTINED, "missing_host"
        if self.domain is None:
            return SUPERSEDED, "not_an_ai_domain"
        if self.decision is Decision.UNCLEAR:
            return QUARANTINED, "unknown_action"
        if self.decision is Decision.BLOCKED:
            return SUPERSEDED, "blocked_request"
        if self.login is Login.NOBODY:
            return SUPERSEDED, "nobody_signed_in"
        if self.login in (Login.HIDDEN, Login.UNREADABLE):
            return QUARANTINED, self.login.value
        return KEPT, None


def windows_login(mail: str) -> str:
    """The login of the same person in the Windows domain."""
    return "EXAMPLE\\" + mail.split("@")[0].replace(".", "")


def domain_of(host: str, domains: list[str]) -> str | None:
    """The longest of the domains that a host is, or is below of: whole labels count."""
    name = host.lower().split(":")[0].rstrip(".")
    found = [domain for domain in domains if name == domain or name.endswith("." + domain)]
    return max(found, key=len, default=None)


def _spelled(domain: str, draw: int) -> str:
    """A host of the domain, as browsers, proxies and apps write it."""
    forms = (domain, "www." + domain, "ab.cdn." + domain, domain.upper(), domain + ".")
    return forms[draw % len(forms)] + (":443" if draw % 7 == 0 else "")


def _elsewhere(domain: str, draw: int) -> str:
    """A host of no AI tool; most only look like one."""
    forms = (
        "not" + domain,
        domain + ".example.net",
        domain.replace(".", "-") + ".example.net",
        # What a domain is below of is another site.
        domain.split(".", 1)[1] if domain.count(".") > 1 else "intranet.example.com",
        "intranet.example.com",
    )
    return forms[draw % len(forms)]


def _chances(company: Company) -> Chances:
    """How likely each person opens an AI tool on a day: only some do, the trained less often."""
    shares = company.settings["web_access"]
    people = min(company.workforce.count, shares["people"])
    rng = company.randomness.stream("who opens AI tools")
    asks = rng.random(people) < shares["share_who_ask"]
    trained = np.full(people, NEVER, dtype=np.int64)
    for days in company.training.first_completion.values():
        trained = np.minimum(trained, days[:people])

    def of_day(day: int) -> np.ndarray:
        often = np.where(trained < day, shares["asking_of_trained"], 1.0)
        return asks * often * shares["share_asking"]

    return of_day


def web_requests(company: Company, gateway: str) -> Iterator[tuple[int, list[Request]]]:
    """The requests of each day, in the order of the clock."""
    shares = company.settings["web_access"]
    rng = company.randomness.stream(f"web requests {gateway}")
    domains = [row["domain"] for row in company.reference["tool_domains"]]
    number = 0
    for day, actors in actors_of_days(company, rng, _chances(company), shares["most_requests"]):
        requests = []
        for person, mail, count in actors:
            # People have a favourite tool, and a few have a second one.
            favourite = domains[(person + (day % 5 == 0)) % len(domains)]
            draws = rng.random((count, 4))
            for host, login, decision, when in draws.tolist():
                number += 1
                requests.append(
                    _request(
                        shares, domains, favourite, day, number, person, mail,
                        (host, login, decision, when),
                    )
                )  # fmt: skip
        yield day, sorted(requests, key=lambda request: request.second)


def _request(
    shares: dict[str, float],
    domains: list[str],
    favourite: str,
    day: int,
    number: int,
    person: int,
    mail: str,
    draws: tuple[float, float, float, float],
) -> Request:
    """One request; most are allowed ones of a person to the favourite tool."""
    host_draw, login_draw, decision_draw, when = draws
    if host_draw < shares["share_without_host"]:
        host = ""
    elif host_draw < shares["share_elsewhere"]:
        host = _elsewhere(favourite, number)
    else:
        host = _spelled(favourite, number)
    login = Login.WINDOWS if person % 11 == 0 else Login.MAIL
    for kind, share in (
        (Login.NOBODY, "share_nobody_signed_in"),
        (Login.HIDDEN, "share_hidden_logins"),
        (Login.UNREADABLE, "share_unreadable_logins"),
    ):
        if 0 <= login_draw < shares[share]:
            login = kind
        login_draw -= shares[share]
    if 0 <= login_draw < shares["share_outsiders"]:
        mail, login = f"contractor{person % 40}{OUTSIDERS}", Login.MAIL
    elif person % 9 == 0:
        mail = mail.title()
    decision = Decision.ALLOWED
    if decision_draw < shares["share_blocked"]:
        decision = Decision.BLOCKED
    elif decision_draw < shares["share_blocked"] + shares["share_unclear"]:
        decision = Decision.UNCLEAR
    second = int(when * SECONDS_A_DAY)
    domain = domain_of(host, domains)
    return Request(day, second, number, person, login, mail, host, domain, decision)
