"""ChatGPT Enterprise: a report per week from Sunday to Saturday, of everybody with an account."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from certgap.simulate.days import NEVER, as_date, date_array, weekday
from certgap.simulate.delivery_calendar import GOOD, REDELIVERED, delivery_states
from certgap.simulate.generic_hris import texts
from certgap.simulate.usage_vendors import Setting, UsageVendor, activity_of, tell_deliveries
from certgap.simulate.writing import DeliveryFolder, vendor_csv

DAYS_IN_WEEK = 7
SATURDAY = 5
MOST_IDLE = 20


@dataclass(frozen=True)
class Week:
    """Who used the tool in a week that ends on `end`: first and last day, and messages."""

    end: int
    people: np.ndarray
    first: np.ndarray
    last: np.ndarray
    messages: np.ndarray


class ChatgptEnterprise(UsageVendor):
    """Whole weeks only; a lost week never comes, some are exported too early and again later."""

    name = tool_id = "chatgpt_enterprise"
    stands_for = "assistant"
    feed = "weekly_user_report"

    def write(self, setting: Setting) -> None:
        """A file per week, named after its first day, in a folder of its delivery."""
        company = setting.company
        force = company.workforce
        states = delivery_states(
            self.tool_id, force.start, force.end, company.settings, company.randomness
        )
        folder = DeliveryFolder(setting.out, "usage", self.name, self.feed)
        days: list[tuple[int, np.ndarray, np.ndarray]] = []
        spans = []
        for index, (day, active, rng) in enumerate(activity_of(company, self.tool_id)):
            setting.progress(self.name, (index + 1) / len(states))
            days.append((day, active, rng.geometric(0.15, len(active))))
            if weekday(day) != SATURDAY:
                continue
            if len(days) == DAYS_IN_WEEK and states[index] in (GOOD, REDELIVERED):
                week = _week(days)
                name = f"Example weekly user report {as_date(day - 6)}.csv"
                if index % 5 == 0:
                    early = replace(week, messages=(week.messages + 1) // 2)
                    folder.file(day + 1, name, self._csv(setting, early))
                folder.file(day + 3, name, self._csv(setting, week))
                self._tell(setting, week)
                spans.append((day - 6, day, True))
            days = []
        tell_deliveries(setting.truth, self.name, "tool_usage_period", self.tool_id, spans)

    def _csv(self, setting: Setting, week: Week) -> bytes:
        """Who used it, some who did not, and an invitation nobody took."""
        idle = week.people + 1
        idle = idle[(idle < setting.company.workforce.count) & ~np.isin(idle, week.people)]
        idle = idle[:MOST_IDLE]
        used, unused = len(week.people), len(idle)
        people = np.concatenate([week.people, idle])
        mails, _ = setting.company.addresses.used_mail("work_email", people, week.end)
        size = used + unused
        nothing = np.zeros(size, np.int8)
        never, none = np.full(unused, NEVER), np.zeros(unused, np.int64)
        messages = np.concatenate([week.messages, none]).tolist()
        table = pa.table(
            {
                "cadence": texts(["Weekly"], nothing),
                "period_start": date_array(np.full(size, week.end - 6)),
                "period_end": date_array(np.full(size, week.end)),
                "account_id": texts(["8692590815c34cfca1333ff09b53ee58"], nothing),
                "email": mails,
                "is_active": texts(["0", "1"], (np.arange(size) < used).astype(np.int8)),
                "first_day_active_in_period": date_array(np.concatenate([week.first, never])),
                "last_day_active_in_period": date_array(np.concatenate([week.last, never])),
                "messages": pa.array([f"{count}.0" for count in messages]),
                "last_day_active": date_array(np.concatenate([week.last, none + week.end - 40])),
            }
        )
        invited = dict.fromkeys(table.column_names) | {
            "period_start": as_date(week.end - 6),
            "period_end": as_date(week.end),
            "email": "invited@example.com",
        }
        invitation = pa.Table.from_pylist([invited], schema=table.schema)
        return vendor_csv(pa.concat_tables([table, invitation]))

    def _tell(self, setting: Setting, week: Week) -> None:
        """A week of use for the truth: the report does not count active days."""
        _, by = setting.company.addresses.used_mail("work_email", week.people, week.end)
        owned = setting.owns(week.people, week.end, week.end, by)
        people = week.people[owned]
        size = len(people)
        setting.truth.add(
            "usage_weeks",
            pa.table(
                {
                    "employee_id": setting.company.workforce.ids.take(pa.array(people)),
                    "tool_id": texts([self.tool_id], np.zeros(size, np.int8)),
                    "period_start": date_array(np.full(size, week.end - 6)),
                    "period_end": date_array(np.full(size, week.end)),
                    "first_active_date": date_array(week.first[owned]),
                    "last_active_date": date_array(week.last[owned]),
                    "active_days": pa.nulls(size, pa.int64()),
                    "interactions": pa.array(week.messages[owned]),
                }
            ),
        )


def _week(days: list[tuple[int, np.ndarray, np.ndarray]]) -> Week:
    """Days of use put together by person."""
    people = np.concatenate([active for _, active, _ in days])
    day = np.concatenate([np.full(len(active), number) for number, active, _ in days])
    everyone, place = np.unique(people, return_inverse=True)
    first = np.full(len(everyone), NEVER, dtype=np.int64)
    last, messages = np.zeros(len(everyone), np.int64), np.zeros(len(everyone), np.int64)
    np.minimum.at(first, place, day)
    np.maximum.at(last, place, day)
    np.add.at(messages, place, np.concatenate([counts for _, _, counts in days]))
    return Week(days[-1][0], everyone, first, last, messages)
