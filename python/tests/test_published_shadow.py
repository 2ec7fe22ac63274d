"""What a reader of `published__shadow_ai` can work out by adding and subtracting.

Random people; each world is a month of its own, so that one query publishes them all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml
from jinja2 import Environment

PROJECT = Path(__file__).resolve().parents[2]
PUBLISHED = PROJECT / "models/published"
FLOOR = 10
N_WORLDS = 400
GROUPS = "abcd"
TOOLS = ("Chat", "Talk", "Zed")
ALL_MONTHS = "usage_month = 'all'"
People = frozenset[int]
Sets = dict[str, People]

# Whom a figure tells of, and among whom: there must be none, or enough, and enough others.
OF_USERS = {
    "n_shadow_users": [("used", "people")],
    "n_trained_shadow_users": [("used trained", "trained")],
    "n_untrained_shadow_users": [("used untrained", "untrained")],
    "n_shadow_and_approved": [
        ("used approved", "used"), ("used approved", "approved"), ("used other", "other"),
    ],
    "n_trained_shadow_and_approved": [
        (f"used {use} {half}", of)
        for half in ("trained", "untrained")
        for use in ("approved", "other")
        for of in (f"{use} {half}", *([f"used {half}"] if use == "approved" else []))
    ],
    "n_shadow_before": [("before", "people")],
    "n_stopped": [("went on", "before"), ("after", "people")],
    "n_started": [("started", "not before")],
    "n_substituted": [("substituted", "stopped")],
}  # fmt: skip
# Numbers of people: none or enough.
OF_PEOPLE = {
    "n_people": ["people"],
    "n_trained_judged": ["people"],
    "n_trained": ["trained"],
    "n_untrained": ["untrained"],
    "n_approved_users": ["approved", "other"],
    "n_trained_approved_users": [
        f"{use} {half}" for half in ("trained", "untrained") for use in ("approved", "other")
    ],
}
# Who is in the set of all tools is not in that of one: none or enough.
OF_TOOLS = {
    "n_shadow_users": ["used"],
    "n_trained_shadow_users": ["used trained"],
    "n_untrained_shadow_users": ["used untrained"],
    "n_shadow_and_approved": ["used approved", "used other"],
    "n_trained_shadow_and_approved": [
        f"used {use} {half}" for half in ("trained", "untrained") for use in ("approved", "other")
    ],
    "n_shadow_before": ["before"],
    "n_stopped": ["went on", "after"],
}


@cache
def _published_sql() -> str:
    """The model's SQL, with `all…` as months of all months too, so that there are many of them."""
    macros = [PROJECT / f"macros/metrics/{name}.sql" for name in ("suppression", "shadow")]
    files = [*macros, PUBLISHED / "published__shadow_ai.sql"]
    environment = Environment(extensions=["jinja2.ext.do"])
    sql = environment.from_string("".join(path.read_text("utf-8") for path in files)).render(
        **{"var": lambda name: FLOOR, "ref": lambda name: name, "return": lambda value: value}
    )
    assert sql.count(ALL_MONTHS) == 1
    return sql.replace(ALL_MONTHS, "starts_with(usage_month, 'all')")


def _publish(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    file = PUBLISHED / "_published_shadow_ai__models.yml"
    [model] = yaml.safe_load(file.read_text("utf-8"))["models"]
    with duckdb.connect() as connection:
        columns = ", ".join(
            f"{column['name']} {column['data_type'].replace('string', 'varchar')}"
            for column in model["columns"]
        )
        connection.execute(f"create table shadow_ai ({columns})")
        connection.register("given", pa.Table.from_pylist(rows))
        connection.execute("insert into shadow_ai by name select * from given")
        return connection.sql(_published_sql()).to_arrow_table().to_pylist()


def _of_month(people: People, trained: People, approved: People, used: People) -> Sets:
    sets = {"people": people, "used": people & used}
    for name, members in {
        "trained": trained, "untrained": people - trained,
        "approved": approved, "other": people - approved,
    }.items():  # fmt: skip
        sets[name] = people & members
        sets[f"used {name}"] = people & members & used
    for use in ("approved", "other"):
        for half in ("trained", "untrained"):
            sets[f"{use} {half}"] = sets[use] & sets[half]
            sets[f"used {use} {half}"] = sets[use] & sets[half] & used
    return sets


def _of_training(people: People, before: People, after: People, approved: People) -> Sets:
    before, after = people & before, people & after
    return {
        "people": people, "before": before, "not before": people - before, "after": after,
        "went on": before & after, "stopped": before - after, "started": after - before,
        "substituted": (before - after) & approved,
    }  # fmt: skip


def _row_of(sets: Sets) -> dict[str, int]:
    n = {name: len(members) for name, members in sets.items()}
    if "before" in n:
        return {
            "n_trained_judged": n["people"], "n_shadow_before": n["before"],
            "n_stopped": n["stopped"], "n_started": n["started"],
            "n_substituted": n["substituted"],
        }  # fmt: skip
    return {
        "n_people": n["people"], "n_shadow_users": n["used"], "n_trained": n["trained"],
        "n_untrained": n["untrained"], "n_approved_users": n["approved"],
        "n_trained_shadow_users": n["used trained"], "n_requests": 3 * n["used"],
        "n_untrained_shadow_users": n["used untrained"],
        "n_shadow_and_approved": n["used approved"],
        "n_trained_approved_users": n["approved trained"],
        "n_trained_shadow_and_approved": n["used approved trained"],
    }  # fmt: skip


def _some(dice: random.Random, people: People, chance: dict[int, float]) -> People:
    return frozenset(person for person in people if dice.random() < chance[person])


def _world(dice: random.Random, is_training: bool) -> dict[str, dict[str, Sets]]:
    """Consumer tool → group (or `all`) → sets of people."""
    people = frozenset(range(dice.choice([60, 150, 400, 900])))
    sizes = [6, 3, 1, dice.choice([0.1, 1])]
    group = {person: dice.choices(GROUPS, sizes)[0] for person in people}

    def drawn(*rates: float) -> People:
        of_group = {name: dice.choice(rates) for name in GROUPS}
        return _some(dice, people, {person: of_group[group[person]] for person in people})

    members = {"all": people}
    for person in people:
        members[group[person]] = members.get(group[person], frozenset()) | {person}
    # Few use one tool only, and whether they use the approved tool goes with it: few come often.
    trained, used, after = drawn(0, 0.1, 0.5, 0.9), {}, {}
    for tool in TOOLS:
        used[tool] = drawn(*((0, 0.05, 0.2, 0.5, 0.95) if tool == "Chat" else (0, 0.01, 0.03, 0.3)))
        kept = drawn(0.1, 0.5, 0.9)
        after[tool] = (used[tool] & kept) | drawn(*((0, 0.2) if tool == "Chat" else (0, 0.02)))
    approved = drawn(0.1, 0.5, 0.9)
    skew = dice.randrange(3)
    if skew == 1:  # who uses the approved tool uses Chat as well
        approved = (approved & drawn(0, 0.1)) | (used["Chat"] & drawn(0.5, 0.9))
    if skew == 2:  # who does not use it uses Chat
        approved = (approved & drawn(0.5, 0.9)) | ((people - used["Chat"]) & drawn(0.9, 1))
    used["all"] = frozenset().union(*used.values())
    after["all"] = frozenset().union(*after.values())

    def sets(tool: str, of: People) -> Sets:
        if is_training:
            return _of_training(of, used[tool], after[tool], approved)
        return _of_month(of, trained, approved, used[tool])

    return {tool: {name: sets(tool, of) for name, of in members.items()} for tool in used}


def _is_told_wrongly(n: int, n_others: int | None = None) -> bool:
    return n > 0 and (n < FLOOR or (n_others is not None and n_others < FLOOR))


def _units(
    shown: dict[tuple[str, str], dict[str, Any]], tools: list[str], figure: str, groups: set[str]
) -> Iterator[set[str]]:
    """Groups, or groups together, whose figure follows from what is shown of all these tools."""
    told = {
        group for group in groups if all(shown[tool, group][figure] is not None for tool in tools)
    }
    yield from ({group} for group in told - {"all"})
    if "all" in told:
        yield {"all"}
        if rest := groups - told:
            yield rest


def _leaks(world: dict[str, dict[str, Sets]], shown: dict[tuple[str, str], Any]) -> set[str]:
    found = set()

    def together(tool: str, unit: set[str], name: str) -> People:
        return frozenset().union(*(world[tool][group][name] for group in unit))

    for tool, sets in world.items():
        groups = set(sets)
        for figure in shown[tool, "all"]:
            for unit in _units(shown, [tool], figure, groups):
                for name, of in OF_USERS.get(figure, []):
                    users, among = together(tool, unit, name), together(tool, unit, of)
                    if _is_told_wrongly(len(users), len(among - users)):
                        found.add(f"{figure}: {name} among {of}")
                for name in OF_PEOPLE.get(figure, []):
                    if _is_told_wrongly(len(together(tool, unit, name))):
                        found.add(f"{figure}: {name}")
            for unit in _units(shown, [tool, "all"], figure, groups):
                for name in OF_TOOLS.get(figure, []):
                    others = together("all", unit, name) - together(tool, unit, name)
                    if _is_told_wrongly(len(others)):
                        found.add(f"{figure}: {name} of other tools")
        for group in groups:
            found |= _known_users(sets[group], shown[tool, group])
            if tool != "all" and shown[tool, group]["n_requests"] is not None:
                found.add("requests of a tool")
    return found


def _known_users(sets: Sets, row: dict[str, Any]) -> set[str]:
    """Cells of which everybody must be a user, since the figures of a row leave no other place."""
    if row["n_shadow_users"] is None:
        return set()
    n, found = {name: len(members) for name, members in sets.items()}, set()
    for half in ("trained", "untrained"):
        for use in ("approved", "other"):
            cell, least = n.get(f"{use} {half}", 0), []
            if row["n_trained_shadow_users"] is not None:
                least.append(n[f"used {half}"] - (n[half] - cell))
            if row["n_shadow_and_approved"] is not None:
                least.append(n[f"used {use}"] - (n[use] - cell))
            if len(least) == 2:
                least.append(n[f"used {half}"] + n[f"used {use}"] - n["used"])
            if cell and max(least, default=0) >= cell:
                found.add(f"all of {use} {half} are known")
    return found


def _published_worlds(seed: int, is_training: bool) -> tuple[list[set[str]], dict[str, int]]:
    """The leaks of each world, and how often each figure is shown."""
    worlds, rows = {}, []
    for number in range(N_WORLDS):
        month = f"{'all' if is_training else 'month'} {number}"
        worlds[month] = _world(random.Random(seed + number), is_training)
        for tool, groups in worlds[month].items():
            for group, sets in groups.items():
                dimension = "all" if group == "all" else "department"
                rows.append(
                    {
                        "consumer_tool": tool, "usage_month": month, "dimension": dimension,
                        "dimension_value": group, **_row_of(sets),
                    }
                )  # fmt: skip
    shown: dict[str, dict[tuple[str, str], Any]] = {month: {} for month in worlds}
    for row in _publish(rows):
        shown[row["usage_month"]][row["consumer_tool"], row["dimension_value"]] = row
    told = {
        figure: sum(row[figure] is not None for of in shown.values() for row in of.values())
        for figure in (OF_USERS | OF_PEOPLE)
    }
    return [_leaks(worlds[month], shown[month]) for month in worlds], told


def test_of_a_month_nothing_follows_about_few_people() -> None:
    leaks, told = _published_worlds(4000, is_training=False)
    assert set().union(*leaks) == set()
    figures = _row_of(_of_month(*[frozenset()] * 4)).keys() & (OF_USERS | OF_PEOPLE).keys()
    assert all(told[figure] > 40 for figure in figures), told


def test_of_the_days_after_training_nothing_follows_about_few_people() -> None:
    leaks, told = _published_worlds(5000, is_training=True)
    assert set().union(*leaks) == set()
    figures = ["n_trained_judged", "n_shadow_before", "n_stopped", "n_started", "n_substituted"]
    assert all(told[figure] > 40 for figure in figures), told
