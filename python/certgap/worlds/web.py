"""Random web logs: who opens which AI tool, near the turns of months and around completions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.learning import Learning
from certgap.worlds.people import People

GATEWAY, FEED = "netskope", "web_transactions"
OUTSIDER = ("upn", "guest@partner.example")
# Days from a completion on which windows of 10, 14, 21 and 28 days begin and end.
EDGES = [-29, -28, -15, -14, -11, -10, -1, 0, 1, 2, 3, 7, 8, 10, 11, 21, 22, 30, 31]


@dataclass
class WebLog:
    """The seed of the domains, and what is known of the requests."""

    domains: list[Row]
    use: list[Row] = field(default_factory=list)


def draw_web_log(
    dice: Dice, feeds: Feeds, people: People, learning: Learning, tools: list[str],
    start: date, end: date,
) -> WebLog:  # fmt: skip
    """Nothing, or a log of some months."""
    log = WebLog(_domains(dice, tools))
    if dice.happens(0.15):
        return log
    first, last = _edge(dice, after(start, dice.randint(-30, 60))), _edge(dice, after(end, 5))
    counts: Counter[tuple[tuple[str, str], str, date]] = Counter()
    names = [row["domain"] for row in log.domains]
    for day in (first, last):
        counts[OUTSIDER, dice.choice(names), day] += 1
    for employee_id in people.ids:
        alias = people.alias_of[employee_id, "upn"]
        favourites = dice.sample(names, min(2, len(names)))
        for _ in range(dice.choice([0, 0, 2, 10, 25])):
            day = dice.day(first, last)
            day = _edge(dice, day) if dice.happens(0.3) else day
            counts[alias, dice.choice(favourites), day] += dice.randint(1, 3)
    for event in learning.events:
        if event["employee_id"] and event["event_type"] in ("completed", "passed", "satisfied"):
            alias = people.alias_of[event["employee_id"], "upn"]
            for edge in dice.sample(EDGES, dice.choice([0, 1, 3])):
                day = after(event["occurred_at"].date(), edge)
                counts[alias, dice.choice(names), day] += 1
    number = 0
    for (alias, domain, day), count in counts.items():
        if not first <= day <= last:
            continue
        row = {"alias_type": alias[0], "alias_value": alias[1], "domain": domain}
        row |= {"source_system": GATEWAY, "usage_date": day, "n_requests": count}
        log.use.append(row | {"employee_id": people.owner(alias, day)})
        for _ in range(count):
            number += 1
            feeds.deliver("usage", FEED, after(day, 1), _transaction(dice, row, number))
    return log


def _domains(dice: Dice, tools: list[str]) -> list[Row]:
    """Consumer tools with one or two domains, with approved tools in their place or none."""
    rows = []
    for domain, tool_name, is_consumer_tool in (
        ("chat.example", "Chat", True),
        ("old.chat.example", "Chat", True),
        ("talk.example", "Talk", True),
        ("nameless.example", None, True),
        ("ours.example", "Ours", False),
        ("unclear.example", "Unclear", None),
    ):
        rows.append(
            {
                "domain": domain,
                "tool_name": tool_name,
                "is_consumer_tool": is_consumer_tool,
                "approved_alternative_tool_id": dice.choice([*tools, *tools, None, "tool_z"]),
            }
        )
    if dice.happens(0.1):
        return [row for row in rows if row["is_consumer_tool"] is not True]
    return [rows[0], *dice.some(rows[1:], 0.7)]


def _edge(dice: Dice, day: date) -> date:
    """The day, or one near the turn of its month."""
    turn = day.replace(day=1)
    return dice.choice([day, after(turn, -1), turn, after(turn, 1)])


def _transaction(dice: Dice, row: Row, number: int) -> Row:
    """An allowed request as the gateway writes it."""
    return {
        "date": row["usage_date"],
        "cs-host": dice.choice(["", "www."]) + row["domain"],
        "cs-username": row["alias_value"],
        "x-policy-action": dice.choice(["allow", "alert", "bypass", "-"]),
        "x-transaction-id": f"T{number}",
    }
