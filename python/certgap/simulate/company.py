"""Everything that is true of a company before a single file is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certgap.simulate.addresses import Addresses, build_addresses
from certgap.simulate.adoption import Behaviour, Seats, build_behaviour, build_seats
from certgap.simulate.learning_events import LearningEvents, build_events
from certgap.simulate.randomness import Randomness
from certgap.simulate.reference_data import Catalogue, build_catalogue
from certgap.simulate.training import Training, build_training
from certgap.simulate.workforce import Workforce, build_workforce


@dataclass
class Company:
    """People, addresses, training and behaviour of one invented company."""

    settings: dict[str, Any]
    randomness: Randomness
    reference: dict[str, list[dict[str, Any]]]
    workforce: Workforce
    addresses: Addresses
    catalogue: Catalogue
    training: Training
    events: LearningEvents
    seats: dict[str, Seats | None]  # per tool; None for a tool everyone may use
    behaviour: dict[str, Behaviour]

    @property
    def tools(self) -> list[str]:
        """Tool ids in the order of the seed."""
        return list(self.seats)

    @property
    def last_delivery_day(self) -> int:
        """The day of the last deliveries."""
        return self.workforce.end + 1


def build_company(
    learners: int, seed: int, settings: dict[str, Any], reference: dict[str, list[dict[str, Any]]]
) -> Company:
    """The company; the same seed and settings give the same one."""
    randomness = Randomness(seed)
    workforce = build_workforce(learners, settings, randomness)
    overrides = reference.get("alias_overrides", [])
    addresses = build_addresses(workforce, settings, randomness, overrides)
    catalogue = build_catalogue(settings, reference)
    training = build_training(workforce, addresses, catalogue, settings, randomness)
    seats, behaviour = {}, {}
    for tool in catalogue.tools:
        name = tool["tool_id"]
        behaviour[name] = build_behaviour(name, workforce, training, settings, randomness)
        seats[name] = (
            build_seats(name, workforce, training, addresses, settings, randomness)
            if tool["licence_model"] == "seat"
            else None
        )
    events = build_events(workforce, training.registrations)
    return Company(
        settings,
        randomness,
        reference,
        workforce,
        addresses,
        catalogue,
        training,
        events,
        seats,
        behaviour,
    )
