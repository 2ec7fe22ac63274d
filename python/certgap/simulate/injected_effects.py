"""What was put into the world on purpose, for whoever wants to compare findings with it."""

from __future__ import annotations

from typing import Any

import numpy as np

from certgap.simulate.company import Company
from certgap.simulate.days import NEVER


def injected_effects(world: str, seed: int, company: Company) -> dict[str, Any]:
    """Parameters of the effects and the size they took in this company."""
    effects = company.settings["effects"]
    enabled = company.training.manager_enabled_on[: company.workforce.manager_count] < NEVER
    tools = {}
    for tool in company.tools:
        trained = company.training.first_completion[tool] < NEVER
        adopters = company.behaviour[tool].is_adopter
        tools[tool] = {
            "people_trained": int(trained.sum()),
            "people_who_take_it_up_after_training": int(adopters.sum()),
        }
    return {
        "world": world,
        "seed": seed,
        "employees": company.workforce.count,
        "share_of_managers_enabled": round(float(np.mean(enabled)), 4),
        "effects": {key: effects[key] for key in sorted(effects)},
        "adoption_by_job_family": company.settings["adoption"] if effects["training"] else {},
        "completion_by_job_family": company.settings["completion"],
        "tools": tools,
    }
