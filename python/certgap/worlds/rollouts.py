"""Random rollouts: waves of programs, who is in them, policies and stories near their first day."""

from __future__ import annotations

from datetime import date

from certgap.worlds.drawing import Dice, Row, after
from certgap.worlds.learning import Learning
from certgap.worlds.people import DEPARTMENTS, LOCATIONS, People

GROUPS = {
    "department": [*[name for name in DEPARTMENTS if name], "Nowhere"],
    "location": [name for name in LOCATIONS if name],
    "role_group": ["engineers", "sellers", "advisers"],
}


def draw_rollouts(
    dice: Dice, people: People, learning: Learning, start: date, end: date
) -> dict[str, list[Row]]:
    """The seeds of what is rolled out to whom, by name; courses and programs are told more of."""
    _describe(dice, learning)
    seeds: dict[str, list[Row]] = {
        "program_waves": [], "program_wave_members": [], "program_gates": [], "success_stories": [],
    }  # fmt: skip
    # Managers' completions of the enablement course: waves start some leads after one.
    managers = {row["manager_employee_id"] for row in people.history}
    enabled = [
        event
        for event in learning.events
        if event["source_course_id"] == "lead" and event["employee_id"] in managers - {None}
    ]
    for program in learning.programs:
        for number in range(dice.randint(0, 3)):
            wave_id = f"{program['program_id']}{number}"
            first = dice.day(start, after(end, 30))
            event = dice.choice(enabled) if enabled and dice.happens(0.7) else None
            if event:
                lead = dice.choice([0, 13, 14, 15, 27, 28, 29, 60])
                first = after(event["occurred_at"].date(), lead)
            if dice.happens(0.12):  # before the first delivery
                first = after(start, -dice.randint(41, 90))
            name = dice.choice([None, f"Wave {number}"])
            key = {"program_id": program["program_id"], "wave_id": wave_id}
            seeds["program_waves"].append(key | {"wave_name": name, "starts_on": first})
            if event and dice.happens(0.5):  # prepared as it should be
                _prepare(seeds, people, event["employee_id"], key, first)
                continue
            _draw_members(dice, seeds, people, key)
            _draw_records(dice, seeds, key, first)
    return seeds


def _describe(dice: Dice, learning: Learning) -> None:
    """Which courses are for a role, where anybody says so, and the budgets, at the threshold too.

    Rows that are delivered are those of `learning`, so both learn of it.
    """
    says_anything = dice.happens(0.7)
    for course in learning.courses:
        course["is_role_specific"] = dice.choice([None, True, False]) if says_anything else None
    for program in learning.programs:
        change = dice.choice([None, 0, 10, 15, 20, 30, 40])
        program["change_budget"] = change
        program["training_budget"] = dice.choice([None, 0, 70, 80, 85, 120])


def _prepare(
    seeds: dict[str, list[Row]], people: People, manager: str, key: dict[str, str], first: date
) -> None:
    """A wave of one enabled manager's team, told of the policy and of a story the day before."""
    team = {row["employee_id"] for row in people.history if row["manager_employee_id"] == manager}
    seeds["program_wave_members"] += [
        key | {"member_kind": "employee_id", "member_value": person} for person in sorted(team)
    ]
    told = {"gate": "policy_communicated", "met_on": after(first, -1)}
    seeds["program_gates"].append(key | told)
    story = {"story_id": f"ready{len(seeds['success_stories'])}", "program_id": key["program_id"]}
    seeds["success_stories"].append(story | {"published_on": after(first, -1)})


def _draw_members(
    dice: Dice, seeds: dict[str, list[Row]], people: People, key: dict[str, str]
) -> None:
    """Groups, some that nobody is in, and single people, some of them strangers."""
    members: set[tuple[str, str]] = set()
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        kind = dice.choice(sorted(GROUPS))
        members.add((kind, dice.choice(GROUPS[kind])))
    for _ in range(dice.choice([0, 0, 1, 5])):
        members.add(("employee_id", dice.choice([*people.ids, "stranger"])))
    seeds["program_wave_members"] += [
        key | {"member_kind": kind, "member_value": value} for kind, value in sorted(members)
    ]


def _draw_records(
    dice: Dice, seeds: dict[str, list[Row]], key: dict[str, str], first: date
) -> None:
    """Policies of the wave or of its program, and stories, the day before the wave or later."""
    gates, stories = seeds["program_gates"], seeds["success_stories"]
    for _ in range(dice.choice([0, 1, 1, 2])):
        met_on = dice.choice([None, after(first, -40), after(first, -1), first, after(first, 3)])
        row = key | {"gate": "policy_communicated", "met_on": met_on}
        if dice.happens(0.3):
            row["wave_id"] = None
        if row not in gates:
            gates.append(row)
    for _ in range(dice.choice([0, 0, 1])):
        published_on = dice.choice([None, after(first, -20), after(first, -1), first])
        story = {"story_id": f"story{len(stories)}", "program_id": key["program_id"]}
        stories.append(story | {"published_on": published_on})
