"""What a usage vendor of the simulator is: the reports of one tool, and the truth of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from certgap.simulate.adoption import daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import date_array
from certgap.simulate.delivery_calendar import GOOD, REDELIVERED, delivery_states
from certgap.simulate.generic_exports import Progress
from certgap.simulate.generic_hris import texts
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.writing import DeliveryFolder

SHARE_RESTATED_DAYS = 0.06
SHARE_WITHOUT_USE = 0.05


@dataclass(frozen=True)
class Setting:
    """What a usage vendor is told about the run."""

    out: Path
    company: Company
    truth: TruthTables
    with_truth: bool
    mail_is_listed: bool  # by the HR system, also of people nobody else listed
    progress: Progress


class UsageVendor:
    """The reports of one tool."""

    name = ""
    tool_id = ""  # as the adapter calls it
    stands_for = ""  # the tool of the seeds whose place it takes
    has_seats = False  # False: the generic seat list has them

    def claims(self, company: Company) -> list[pa.Table]:
        """Aliases that only the identity list of the company ties to employees."""
        del company
        return []

    def write(self, setting: Setting) -> None:
        """Write the files, and tell the truth what really arrived."""
        raise NotImplementedError


@dataclass(frozen=True)
class Use:
    """One person's day: the address shown, and the actions (0: only shown in the report)."""

    employee: int
    mail: str
    actions: int
    sessions: int


class DailyReports(UsageVendor):
    """A report per day of data, a day later; lost ones never come, some come again, longer."""

    feed = ""

    def report(self, day: int, uses: list[Use], name: str) -> list[tuple[str, bytes]]:
        """File names and contents of the report of `day`; `name` tells deliveries of it apart."""
        raise NotImplementedError

    def write(self, setting: Setting) -> None:
        """All reports, and what they prove."""
        company = setting.company
        force, settings, addresses = company.workforce, company.settings, company.addresses
        states = delivery_states(self.tool_id, force.start, force.end, settings, company.randomness)
        activity = daily_activity(
            self.tool_id,
            force,
            company.behaviour[self.tool_id],
            company.seats[self.tool_id],
            addresses,
            settings,
            company.randomness,
        )
        folder = DeliveryFolder(setting.out, "usage", self.name, self.feed)
        found: list[tuple[np.ndarray, int, np.ndarray]] = []
        reported: list[int] = []
        for index, (day, active, rng) in enumerate(activity):
            setting.progress(self.name, (index + 1) / len(states))
            actions = rng.geometric(0.15, len(active))
            actions = np.where(rng.random(len(active)) < SHARE_WITHOUT_USE, 0, actions)
            restated = rng.random() < SHARE_RESTATED_DAYS and day + 3 <= force.end + 1
            late = (rng.random(len(active)) < 0.2) & restated
            if states[index] not in (GOOD, REDELIVERED):
                continue
            mails, by = addresses.used_mail("work_email", active, day)
            uses = [
                Use(person, mail, count, 1 + count // 6)
                for person, mail, count in zip(
                    active.tolist(), mails.to_pylist(), actions.tolist(), strict=True
                )
            ]
            first = [use for use, is_late in zip(uses, late.tolist(), strict=True) if not is_late]
            arrives = day + (2 if states[index] == REDELIVERED else 1)
            for name, content in self.report(day, first, ""):
                folder.file(arrives, name, content)
            if restated:
                for name, content in self.report(day, uses, "-again"):
                    folder.file(day + 3, name, content)
            reported.append(day)
            owned = addresses.owns_used(active, day, day, by)
            owned &= setting.mail_is_listed | ~addresses.is_unclaimed[active] | (by >= 0)
            found.append((active[owned], day, actions[owned]))
        self._tell(setting, found, reported)

    def _tell(
        self, setting: Setting, found: list[tuple[np.ndarray, int, np.ndarray]], days: list[int]
    ) -> None:
        """Days of use and deliveries, for the truth."""
        people = np.concatenate([who for who, _, _ in found])
        counts = np.concatenate([actions for _, _, actions in found])
        dates = np.concatenate([np.full(len(who), day) for who, day, _ in found])
        size = len(people)
        setting.truth.add(
            "usage_days",
            pa.table(
                {
                    "employee_id": setting.company.workforce.ids.take(pa.array(people)),
                    "tool_id": texts([self.tool_id], np.zeros(size, np.int8)),
                    "usage_date": date_array(dates),
                    "surface": texts(["all"], np.zeros(size, np.int8)),
                    "interactions": pa.array(counts),
                    "is_active": pa.array(counts > 0),
                }
            ),
        )
        tell_deliveries(setting.truth, self.name, "tool_usage_daily", self.tool_id, days, days)


def tell_deliveries(
    truth: TruthTables, source: str, feed: str, tool: str, first: list[int], last: list[int]
) -> None:
    """Good deliveries for the truth: first and last day of each."""
    size = len(first)
    nothing = np.zeros(size, np.int8)
    until = date_array(np.array(last))
    truth.add(
        "deliveries",
        pa.table(
            {
                "source_system": texts([source], nothing),
                "feed": texts([feed], nothing),
                "tool_id": texts([tool], nothing),
                "date_from": date_array(np.array(first)),
                "date_to": until,
                "max_complete_date": until,
                "population_scope": texts(["all"], nothing),
                "is_concealed": pa.array(np.zeros(size, dtype=bool)),
                "is_failed": pa.array(np.zeros(size, dtype=bool)),
            }
        ),
    )
