"""What a usage vendor of the simulator is: the reports of one tool, and the truth of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from certgap.simulate.adoption import daily_activity
from certgap.simulate.company import Company
from certgap.simulate.days import date_array
from certgap.simulate.delivery_calendar import CONCEALED, GOOD, PART, REDELIVERED, delivery_states
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

    def owns(
        self, who: np.ndarray, day: np.ndarray | int, shown_on: np.ndarray | int, by: np.ndarray
    ) -> np.ndarray:
        """Whether the address shown (see Addresses.used_mail) is each person's on `day`."""
        addresses = self.company.addresses
        listed = self.mail_is_listed | ~addresses.is_unclaimed[who] | (by >= 0)
        return addresses.owns_used(who, day, shown_on, by) & listed


class UsageVendor:
    """The reports of one tool."""

    name = ""
    tool_id = ""  # as the adapter calls it
    stands_for = ""  # the tool of the seeds whose place it takes
    has_seats = False  # False: the generic seat list has them
    other_feed = ""  # where the vendor has several forms of a report: the one that is not usual

    @property
    def choice(self) -> str:
        """The name by which the vendor, in this form, is chosen."""
        return f"{self.name}:{self.other_feed}" if self.other_feed else self.name

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


@dataclass(frozen=True)
class Report:
    """The report of one day of data as one delivery has it."""

    day: int
    uses: list[Use]
    number: int  # 0 the first delivery of the day, 1 the second
    is_part: bool  # the rest never came


class DailyReports(UsageVendor):
    """A report per day of data, a day later; lost ones never come, some come again, longer."""

    feed = ""
    alias_type = "work_email"
    can_be_part = False  # True: readers can tell that a delivery is not all of the day

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """File names and contents of one delivery."""
        raise NotImplementedError

    def write(self, setting: Setting) -> None:
        """All reports, and what they prove."""
        company = setting.company
        force, settings = company.workforce, company.settings
        states = delivery_states(self.tool_id, force.start, force.end, settings, company.randomness)
        folder = DeliveryFolder(setting.out, "usage", self.name, self.feed)
        found: list[tuple[np.ndarray, int, np.ndarray]] = []
        whole: list[tuple[int, bool]] = []
        for index, (day, active, rng) in enumerate(activity_of(company, self.tool_id)):
            setting.progress(self.name, (index + 1) / len(states))
            actions = rng.geometric(0.15, len(active))
            actions = np.where(rng.random(len(active)) < SHARE_WITHOUT_USE, 0, actions)
            restated = rng.random() < SHARE_RESTATED_DAYS and day + 3 <= force.end + 1
            late = (rng.random(len(active)) < 0.2) & restated
            is_part = self.can_be_part and states[index] in (PART, CONCEALED)
            if states[index] not in (GOOD, REDELIVERED) and not is_part:
                continue
            if is_part:
                active, actions, restated = active[::2], actions[::2], False
                late = np.zeros(len(active), dtype=bool)
            mails, by = company.addresses.used_mail(self.alias_type, active, day)
            columns = zip(active.tolist(), mails.to_pylist(), actions.tolist(), strict=True)
            uses = [Use(person, mail, count, 1 + count // 6) for person, mail, count in columns]
            early = [use for use, is_late in zip(uses, late.tolist(), strict=True) if not is_late]
            arrives = day + (2 if states[index] == REDELIVERED else 1)
            for name, content in self.files(Report(day, early, 0, is_part)):
                folder.file(arrives, name, content)
            if restated:
                for name, content in self.files(Report(day, uses, 1, is_part)):
                    folder.file(day + 3, name, content)
            whole.append((day, not is_part))
            owned = setting.owns(active, day, day, by)
            found.append((active[owned], day, actions[owned]))
        self._tell(setting, found)
        tell_deliveries(
            setting.truth,
            self.name,
            "tool_usage_daily",
            self.tool_id,
            [(day, day, is_whole) for day, is_whole in whole],
        )

    def _tell(self, setting: Setting, found: list[tuple[np.ndarray, int, np.ndarray]]) -> None:
        """Days of use, for the truth."""
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


def activity_of(
    company: Company, tool: str
) -> Iterator[tuple[int, np.ndarray, np.random.Generator]]:
    """Who uses a tool on each day of the period."""
    return daily_activity(
        tool,
        company.workforce,
        company.behaviour[tool],
        company.seats[tool],
        company.addresses,
        company.settings,
        company.randomness,
    )


def tell_deliveries(
    truth: TruthTables, source: str, feed: str, tool: str, spans: list[tuple[int, int, bool]]
) -> None:
    """Deliveries for the truth: first day, last day, and whether it was for everybody."""
    nothing = np.zeros(len(spans), np.int8)
    until = date_array(np.array([last for _, last, _ in spans]))
    parts = np.array([0 if is_whole else 1 for _, _, is_whole in spans])
    truth.add(
        "deliveries",
        pa.table(
            {
                "source_system": texts([source], nothing),
                "feed": texts([feed], nothing),
                "tool_id": texts([tool], nothing),
                "date_from": date_array(np.array([first for first, _, _ in spans])),
                "date_to": until,
                "max_complete_date": until,
                "population_scope": texts(["all", "part"], parts),
                "is_concealed": pa.array(nothing == 1),
                "is_failed": pa.array(nothing == 1),
            }
        ),
    )
