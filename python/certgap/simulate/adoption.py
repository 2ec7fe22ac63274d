"""Who uses which tool on which day: chances that change with training, then one draw a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from certgap.simulate.addresses import Addresses
from certgap.simulate.days import NEVER, day_number, weekday
from certgap.simulate.randomness import Randomness, chosen
from certgap.simulate.training import Training
from certgap.simulate.workforce import Workforce


@dataclass
class Behaviour:
    """Chance of use on a working day: before `turn`, from `turn`, and from `second_turn` on."""

    chance: np.ndarray  # (3, employees)
    turn: np.ndarray
    second_turn: np.ndarray
    is_adopter: np.ndarray


@dataclass
class Seats:
    """One seat per person at most, from a first day to the day after the last."""

    valid_from: np.ndarray
    valid_to: np.ndarray
    is_suspended: np.ndarray

    def held_on(self, day: int, who: np.ndarray) -> np.ndarray:
        """Whether each of `who` has a working seat on `day`."""
        held = (day >= self.valid_from[who]) & (day < self.valid_to[who])
        return held & ~self.is_suspended[who]


def build_behaviour(
    tool: str,
    company: Workforce,
    training: Training,
    settings: dict[str, Any],
    randomness: Randomness,
) -> Behaviour:
    """Behaviour of everyone towards `tool`, with the injected effects of training and managers."""
    effects = settings["effects"]
    rng = randomness.stream(f"behaviour {tool}")
    count = company.count
    completed = training.first_completion[tool]
    trained = completed < NEVER
    manager = company.orgs.manager[company.first_org]
    enabled = training.manager_enabled_on[np.maximum(manager, 0)] <= completed
    enabled &= (manager >= 0) & trained
    table = np.array(
        [settings["adoption"].get(f, settings["adoption"]["default"]) for f in company.families]
    )
    share = table[company.first_family] + effects["manager_points"] * enabled
    draw = rng.random(count)
    adopts = trained & (draw < share) if effects["training"] else np.zeros(count, dtype=bool)
    tries = trained & ~adopts & (rng.random(count) < effects["share_tried"])
    existing = rng.random(count) < effects["existing_users"]
    starts_alone = rng.random(count) < effects["untrained_users"]
    alone_day = rng.integers(company.start + 30, company.end, count)
    starts_alone &= ~adopts & (alone_day < completed)

    # People differ in how much they use a tool, whatever makes them use it.
    appetite = np.clip(rng.lognormal(0.0, 0.35, count), 0.4, 1.9)
    use = np.minimum(effects["daily_use"] * appetite, 0.95)
    rest = effects["daily_rest"] * appetite
    chance = np.stack([rest, rest, rest]).astype(np.float32)
    turn = np.full(count, NEVER, dtype=np.int32)
    second = np.full(count, NEVER, dtype=np.int32)
    turn[tries], second[tries] = (
        completed[tries] + 1,
        completed[tries] + 1 + effects["days_of_trial"],
    )
    chance[1, tries] = effects["daily_trial"] * appetite[tries]
    turn[starts_alone], second[starts_alone] = alone_day[starts_alone], NEVER
    chance[1, starts_alone] = use[starts_alone]
    turn[adopts], chance[1, adopts] = completed[adopts] + 1, use[adopts]
    early = np.where(enabled, effects["revert_30_60_enabled"], effects["revert_30_60"])
    stop = rng.random(count)
    stops_early, stops_late = stop < early, stop < early + effects["revert_60_90"]
    day = np.where(stops_early, rng.integers(31, 58, count), rng.integers(61, 84, count))
    second[adopts] = np.where(stops_late, completed + day, NEVER)[adopts]
    chance[:, existing] = use[existing]
    return Behaviour(chance, turn, second, adopts)


def build_seats(
    tool: str,
    company: Workforce,
    training: Training,
    addresses: Addresses,
    settings: dict[str, Any],
    randomness: Randomness,
) -> Seats:
    """Seats of `tool`: those invited to its training get one before, some lose it again."""
    parameters = settings["seats"]
    rng = randomness.stream(f"seats {tool}")
    count = company.count
    invited = training.first_invitation[tool]
    has_one = (invited < NEVER) & (rng.random(count) < parameters["share_of_invited"])
    others = chosen(rng, count, parameters["share_of_others"], 1)
    arrival = np.where(addresses.is_reused, addresses.claim_from, company.hire)
    first = np.where(has_one, invited - parameters["lead_days"], company.start)
    first = np.maximum(np.maximum(first, arrival), company.start)
    first = np.where((has_one | others) & (first < company.exit), first, NEVER)
    removed = chosen(rng, count, parameters["share_removed"], 2)
    last = np.where(removed, first + rng.integers(30, 170, count), NEVER)
    gone = np.where(company.rehire < NEVER, NEVER, company.exit)
    last = np.minimum(np.minimum(last, gone), NEVER)
    suspended = chosen(rng, count, parameters["share_suspended"])
    return Seats(first.astype(np.int32), last.astype(np.int32), suspended)


def daily_activity(
    tool: str,
    company: Workforce,
    behaviour: Behaviour,
    seats: Seats | None,
    addresses: Addresses,
    settings: dict[str, Any],
    randomness: Randomness,
) -> Iterator[tuple[int, np.ndarray, np.random.Generator]]:
    """For each day of the period the people who use `tool` that day, in ascending order."""
    rng = randomness.stream(f"activity {tool}")
    people = np.arange(company.count) if seats is None else np.flatnonzero(seats.valid_from < NEVER)
    days = range(company.start, company.end + 1)
    turn, second = behaviour.turn[people], behaviour.second_turn[people]
    chance = behaviour.chance[:, people]
    now = np.where(turn < days[0], np.where(second < days[0], chance[2], chance[1]), chance[0])
    by_turn, by_second = np.argsort(turn, kind="stable"), np.argsort(second, kind="stable")
    sorted_turn, sorted_second = turn[by_turn], second[by_second]
    for day in days:
        for order, sorted_days, row in ((by_turn, sorted_turn, 1), (by_second, sorted_second, 2)):
            low, high = np.searchsorted(sorted_days, [day, day + 1])
            now[order[low:high]] = chance[row, order[low:high]]
        factor = settings["effects"]["weekend_factor"] if weekday(day) >= 5 else 1.0
        active = people[rng.random(len(people), dtype=np.float32) < now * np.float32(factor)]
        here = company.employed_on(day, active) & ~company.on_leave(day, active)
        here &= day >= addresses.claim_from[active]
        if seats is not None:
            here &= seats.held_on(day, active)
        yield day, active[here], rng


def program_start(settings: dict[str, Any]) -> int:
    """The first day anybody is invited to anything."""
    return min(day_number(d) for a in settings["audiences"].values() for d in a["waves"])
