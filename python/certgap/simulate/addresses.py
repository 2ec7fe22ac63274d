"""Aliases of people and who owns them on a day: mail, UPN, GitHub login, account numbers.

The mail address may change on the first of a month and may be handed on to a new hire; both show in
the HR system's dated copies, so such days are firsts of months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from certgap.simulate.days import NEVER, as_date, day_number
from certgap.simulate.names import DOMAIN, join, mail_local_part, numbered
from certgap.simulate.randomness import Randomness, chosen
from certgap.simulate.reference_data import as_day
from certgap.simulate.workforce import Workforce, second_division


@dataclass
class Addresses:
    """Per employee: the mail address before and after a change, and the days it is theirs."""

    mail: pa.Array
    new_mail: pa.Array
    rename_day: np.ndarray
    claim_from: np.ndarray  # -1: always
    claim_to: np.ndarray  # first day the address is somebody else's; NEVER
    is_reused: np.ndarray  # hired into somebody's old address
    conflict_from: np.ndarray
    conflict_to: np.ndarray
    rival: np.ndarray  # who else claims it then
    is_unclaimed: np.ndarray  # nobody listed the non-HR aliases of this person
    github_login: pa.Array
    change_days: list[int]  # days on which the list of addresses changes
    overrides: list[dict[str, Any]]

    def mail_on(self, who: np.ndarray, day: np.ndarray | int) -> pa.Array:
        """The address each person uses on `day`."""
        renamed = np.asarray(day) >= self.rename_day[who]
        index = pa.array(who)
        return pc.if_else(pa.array(renamed), self.new_mail.take(index), self.mail.take(index))

    def used_mail(
        self, alias_type: str, who: np.ndarray, day: np.ndarray | int
    ) -> tuple[pa.Array, np.ndarray]:
        """The address under which `who` shows up on `day`, and the number of the override row that
        made it theirs (-1: their own address)."""
        day = np.broadcast_to(np.asarray(day), len(who))
        mail, by_override = self.mail_on(who, day), np.full(len(who), -1)
        for number, row in enumerate(self.overrides):
            if row["alias_type"] != alias_type:
                continue
            rows = (who == row["number"]) & (day >= row["first_day"]) & (day < row["end_day"])
            if rows.any():
                by_override[rows] = number
                mail = pc.if_else(pa.array(rows), row["alias_value"], mail)
        return mail, by_override

    def owns_used(
        self, who: np.ndarray, day: np.ndarray | int, used_on: np.ndarray | int, by: np.ndarray
    ) -> np.ndarray:
        """Whether the address of `used_mail` on `used_on` is the person's on `day`."""
        day = np.broadcast_to(np.asarray(day), len(who))
        owned = self.owns_mail(who, day, used_on)
        for number, row in enumerate(self.overrides):
            rows = by == number
            owned[rows] = (day[rows] >= row["first_day"]) & (day[rows] < row["end_day"])
        return owned

    def owns_mail(
        self, who: np.ndarray, day: np.ndarray | int, used_on: np.ndarray | int
    ) -> np.ndarray:
        """Whether the address used on `used_on` is the person's, and nobody else's, on `day`."""
        day, used_on = np.asarray(day), np.asarray(used_on)
        same_name = (day >= self.rename_day[who]) == (used_on >= self.rename_day[who])
        held = (day >= self.claim_from[who]) & (day < self.claim_to[who])
        disputed = (day >= self.conflict_from[who]) & (day < self.conflict_to[who])
        return same_name & held & ~disputed


def month_starts(first: int, last: int) -> np.ndarray:
    """Days that are the first of a month, from `first` to `last`."""
    day = as_date(first)
    month = date(day.year, day.month, 1)
    found = []
    while day_number(month) <= last:
        if day_number(month) >= first:
            found.append(day_number(month))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return np.array(found, dtype=np.int32)


def build_addresses(
    company: Workforce,
    settings: dict[str, Any],
    randomness: Randomness,
    override_rows: list[dict[str, Any]],
) -> Addresses:
    """Addresses of everyone; a few are renamed, handed on, claimed twice or not listed at all."""
    overrides = _overrides_of(company, override_rows)
    parameters = settings["addresses"]
    rng = randomness.stream("addresses")
    count = company.count
    people = np.arange(count)
    months = month_starts(company.start + 35, company.end - 30)
    local = mail_local_part(people)
    mail = join(local, "@" + DOMAIN)
    # New names come from the second half of the space of names: no address is made twice.
    new_mail = join(mail_local_part(people + 32_000_000), "@" + DOMAIN)

    reused = np.zeros(count, dtype=bool)
    claim_from = np.full(count, -1, dtype=np.int32)
    claim_to = np.full(count, NEVER, dtype=np.int32)
    newcomers = np.flatnonzero((company.hire > months[0]) & (company.hire <= months[-1]))
    newcomers = newcomers[chosen(rng, len(newcomers), parameters["share_reused"], 1)]
    leavers = np.flatnonzero((company.exit < NEVER) & (company.rehire == NEVER))
    leavers = leavers[np.argsort(company.exit[leavers], kind="stable")]
    newcomers = newcomers[np.argsort(company.hire[newcomers], kind="stable")]
    division = np.zeros(count, dtype=bool)
    if parameters.get("divisions_apart"):
        division = second_division(count, settings["workforce"]["team_size"])
    givers, takers, days, freed = _pair_up(company, leavers, newcomers, months, division)
    reused[takers] = True
    claim_from[takers], claim_to[givers] = days, freed
    source = people.copy()
    source[takers] = givers
    mail = mail.take(pa.array(source))

    renames = chosen(rng, count, parameters["share_renamed"], 2) & ~reused & (claim_to == NEVER)
    renames &= ~np.isin(people, [row["number"] for row in overrides])
    rename_day = np.where(renames, rng.choice(months, count), NEVER).astype(np.int32)

    special = np.isin(people, [row["number"] for row in overrides])
    conflicts = chosen(rng, count, parameters["share_conflicts"], 1) & ~special & ~reused
    conflicts &= (claim_to == NEVER) & (rename_day == NEVER)
    conflict_from = np.where(conflicts, rng.choice(months, count), NEVER).astype(np.int32)
    rival = (people + 1 + rng.integers(0, max(1, count - 1), count)) % count
    rival = np.where(rival == people, (people + 1) % count, rival)
    unclaimed = chosen(rng, count, parameters["share_unclaimed"], 1) & ~special & (people > 8)
    changes = {*days.tolist(), *freed.tolist(), *rename_day[rename_day < NEVER].tolist()}
    return Addresses(
        mail=mail,
        new_mail=new_mail,
        rename_day=rename_day,
        claim_from=claim_from,
        claim_to=claim_to,
        is_reused=reused,
        conflict_from=conflict_from,
        conflict_to=np.where(conflicts, conflict_from + 60, NEVER).astype(np.int32),
        rival=rival.astype(np.int32),
        is_unclaimed=unclaimed,
        github_login=join(pc.replace_substring(local, ".", "-"), numbered("-x", people % 97, 2)),
        change_days=sorted(changes),
        overrides=overrides,
    )


def _overrides_of(company: Workforce, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The override seed's rows about people of this company, with their numbers and days."""
    found = []
    for row in rows:
        number = int(row["employee_id"][1:])
        if number < company.count:
            first = as_day(row["valid_from"], -1)
            last = as_day(row["valid_to"], int(NEVER))
            found.append({**row, "number": number, "first_day": first, "end_day": last})
    return found


def _pair_up(
    company: Workforce,
    leavers: np.ndarray,
    newcomers: np.ndarray,
    months: np.ndarray,
    division: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Old addresses handed to new hires: givers, takers, first day of the new claim, end of old.

    The taker is known under the address from the first of the month on or after being hired; until
    then it is nobody's, because the giver's claim ended on the first of a month up to the hire.
    Only within a division: of an address that two HRIS know neither says when the other's claim
    ended, so nobody can know whose use of it is.
    """
    givers, takers, days, freed = [], [], [], []
    next_leaver = 0
    for taker in newcomers:
        hire = company.hire[taker]
        day = months[np.searchsorted(months, hire)]
        free = months[np.searchsorted(months, hire, side="right") - 1]
        if next_leaver == len(leavers) or division[leavers[next_leaver]] != division[taker]:
            continue
        if company.exit[leavers[next_leaver]] + 10 < free:
            givers.append(leavers[next_leaver])
            takers.append(taker)
            days.append(day)
            freed.append(free)
            next_leaver += 1
    return (
        np.array(givers, dtype=np.int64),
        np.array(takers, dtype=np.int64),
        np.array(days, dtype=np.int32),
        np.array(freed, dtype=np.int32),
    )
