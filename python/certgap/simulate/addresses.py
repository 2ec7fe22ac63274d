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
from certgap.simulate.workforce import Workforce


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

    def owns_mail(self, who: np.ndarray, day: np.ndarray | int, used_on: np.ndarray | int) -> np.ndarray:
        """Whether the address used on `used_on` belongs to the person, and to nobody else, on `day`."""
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
    overrides: list[dict[str, Any]],
) -> Addresses:
    """Addresses of everyone; a few are renamed, handed on, claimed twice or not listed at all."""
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
    givers, takers, days = _pair_up(company, leavers, newcomers, months)
    reused[takers] = True
    claim_from[takers], claim_to[givers] = days, days
    source = people.copy()
    source[takers] = givers
    mail = mail.take(pa.array(source))

    renames = chosen(rng, count, parameters["share_renamed"], 2) & ~reused & (claim_to == NEVER)
    rename_day = np.where(renames, rng.choice(months, count), NEVER).astype(np.int32)

    claimed_ids = {row["employee_id"] for row in overrides}
    special = pc.is_in(company.ids, pa.array(sorted(claimed_ids), pa.string())).to_numpy(False)
    conflicts = chosen(rng, count, parameters["share_conflicts"], 1) & ~special & ~reused
    conflicts &= (claim_to == NEVER) & (rename_day == NEVER)
    conflict_from = np.where(conflicts, rng.choice(months, count), NEVER).astype(np.int32)
    rival = (people + 1 + rng.integers(0, max(1, count - 1), count)) % count
    rival = np.where(rival == people, (people + 1) % count, rival)
    unclaimed = chosen(rng, count, parameters["share_unclaimed"], 1) & ~special & (people > 8)
    changes = {*days.tolist(), *rename_day[rename_day < NEVER].tolist()}
    return Addresses(
        mail=mail, new_mail=new_mail, rename_day=rename_day,
        claim_from=claim_from, claim_to=claim_to, is_reused=reused,
        conflict_from=conflict_from,
        conflict_to=np.where(conflicts, conflict_from + 60, NEVER).astype(np.int32),
        rival=rival.astype(np.int32), is_unclaimed=unclaimed,
        github_login=join(pc.replace_substring(local, ".", "-"), numbered("-x", people % 97, 2)),
        change_days=sorted(changes), overrides=overrides,
    )  # fmt: skip


def _pair_up(
    company: Workforce, leavers: np.ndarray, newcomers: np.ndarray, months: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Old addresses handed to new hires: giver gone before the month starts, taker hired by then.

    The taker is known under the address from the first of the month on or after being hired.
    """
    givers, takers, days = [], [], []
    next_leaver = 0
    for taker in newcomers:
        day = months[np.searchsorted(months, company.hire[taker])]
        if next_leaver < len(leavers) and company.exit[leavers[next_leaver]] + 10 < day:
            givers.append(leavers[next_leaver])
            takers.append(taker)
            days.append(day)
            next_leaver += 1
    return (np.array(givers, dtype=np.int64), np.array(takers, dtype=np.int64),
            np.array(days, dtype=np.int32))  # fmt: skip
