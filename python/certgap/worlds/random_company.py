"""One random company: drawn from a seed, as raw feeds and seeds for the SQL and as a World."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from certgap.truth import Settings, World
from certgap.worlds.contents import draw_contents
from certgap.worlds.drawing import Dice, Feeds, Row, after
from certgap.worlds.evidence import Evidence
from certgap.worlds.learning import draw_learning
from certgap.worlds.people import ROLE_GROUPS, draw_people
from certgap.worlds.rollouts import draw_rollouts
from certgap.worlds.use import SOURCE, draw_tools, draw_use
from certgap.worlds.web import FEED as WEB_LOG
from certgap.worlds.web import draw_web_log

SMALLEST, LARGEST = 40, 150


@dataclass
class RandomCompany:
    """Raw rows, seeds and the World that they describe."""

    seed: int
    feeds: Feeds
    seeds: dict[str, list[Row]]
    world: World


def draw_company(
    seed: int, settings: dict[str, Any], key: str, people: int | None = None
) -> RandomCompany:
    """The company of a seed, under the rules of `settings` (names of the dbt vars).

    The seed also says how many people there are, unless `people` does.
    """
    dice, feeds = Dice(seed), Feeds()
    drawn = dice.randint(SMALLEST, LARGEST)
    count = drawn if people is None else people
    start = dice.day(date(2025, 8, 1), date(2025, 12, 1))
    end = after(start, dice.randint(150, 260))
    tools = draw_tools(dice)
    staff = draw_people(dice, feeds, start, end, count)
    evidence = Evidence(Dice(f"evidence of {seed}"))
    names = [tool.tool_id for tool in tools]
    learning = draw_learning(dice, feeds, staff, names, start, end, evidence)
    use = draw_use(dice, feeds, staff, tools, start, end)
    seeds = {
        "tools": [tool.seed_row() for tool in tools],
        "course_tool_map": learning.course_tool_map,
        "programs": learning.programs,
        "program_courses": learning.program_courses,
        "role_groups": ROLE_GROUPS,
        "platform_contracts": learning.platform_contracts,
        "benchmarks": [
            {"metric_id": "adoption_typical", "low": 0.12, "high": 0.18},
            {"metric_id": "manager_effect_points", "low": 0.25, "high": 0.40},
        ],
    }
    # Dice of their own, so that everything else of a company is as it was without them.
    seeds |= draw_rollouts(Dice(f"{seed} rollouts"), staff, learning, start, end)
    contents = Dice(f"{seed} contents")
    seeds["tool_releases"] = draw_contents(contents, learning, names, start, end)
    web = draw_web_log(Dice(f"{seed} web"), feeds, staff, learning, names, start, end)
    seeds["tool_domains"] = web.domains
    world = World(
        employees=staff.employees,
        employment_history=staff.history,
        leave_periods=staff.leave,
        events=learning.events,
        courses=[{"source_system": SOURCE} | row for row in learning.courses],
        surveys=evidence.surveys,
        outcomes=evidence.outcomes,
        usage_days=use.days,
        usage_weeks=use.weeks,
        seats=use.seats,
        web_use=web.use,
        deliveries=use.deliveries,
        newest_files=_newest_files(feeds, use.spans),
        reference={name: [dict(row) for row in rows] for name, rows in seeds.items()},
        settings=Settings(**settings, pseudonym_key=key),
    )
    return RandomCompany(seed, feeds, seeds, world)


def _newest_files(feeds: Feeds, spans: dict[tuple[str, str], tuple]) -> list[Row]:
    """One row per feed, and per tool of the usage feeds."""
    rows = []
    for category, relation in list(feeds.rows):
        if relation == WEB_LOG:
            continue  # a web log limits nothing, and its days follow from its rows
        newest = feeds.newest(category, relation)
        of_tools = {tool: span for (feed, tool), span in spans.items() if feed == relation}
        for tool, (first, last) in (of_tools or {None: (None, None)}).items():
            row = {"source_system": SOURCE, "category": category, "feed": relation}
            row |= {"tool_id": tool, "first_date": first, "last_date": last}
            rows.append(row | {"newest_file_date": newest})
    return rows
