"""The sets of rules under which random companies are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from certgap.worlds.sql_models import CompiledModels

KEY = "worlds"  # companies are invented, so their pseudonyms protect nobody
# Companies take turns at these; names are those of the dbt vars.
RULES: list[dict[str, Any]] = [
    {
        "effect_min_clusters": 2,  # few companies here have twenty managers
        # and many people who do the same
        "integrity_burst_people": 3,
        "integrity_deadline_people": 2,
    },
    {
        "checkpoint_days": [21, 60],
        "min_cell": 5,
        "default_timezone": "America/New_York",
        "completion_window_days": 30,
        "daily_use_days": 2,
        "habitual_blocks": 2,
        "leave_days": 3,
        "default_adoption_target": 0.55,
        "block_days": 5,
        "baseline_days": 14,
        "manager_chain_steps": 1,
        "segment_novice_actions": 2,
        "effect_min_clusters": 2,
        "effect_leads": 2,
        "readiness_tool_share": 0.5,
        "readiness_manager_share": 0.25,
        "manager_lead_days": 14,
        "role_specific_share": 0.25,
        "follow_up_share": 0.1,
        "follow_up_days": 30,
        "change_budget_share": 0.2,
        "idle_days": 10,
        "portfolio_overlap_rate": 0.0,
        "portfolio_small_share": 1.0,
        "integrity_short_share": 0.5,
        "integrity_burst_people": 2,
        "integrity_burst_minutes": 10,
        "integrity_same_answers": 2,
        "integrity_answer_characters": 39,
        "integrity_answer_days": 7,
        "integrity_deadline_days": 1,
        "integrity_deadline_factor": 5,
        "survey_days": 14,
        "survey_pre_days": 20,
        "content_cadence_days": 30,
        "content_stale_releases": 1,
        "web_log_gap_days": 400,
        "example_failing_share": 0.5,
        "outcome_directions": {"production_contributions": "down"},
        "integrity_deadline_people": 1,
    },
    {
        "checkpoint_days": [10, 30, 60, 90, 120],
        "curve_weeks_before": 6,
        "curve_weeks_after": 12,
        "curve_managers": False,
        "lapse_days": 14,
        "segment_habit_weeks": 6,
        "segment_power_actions": 5,
        "min_cell": 5,
        "effect_months": 5,
        "effect_leads": 3,
        "effect_controls": "never_treated",
        "effect_min_clusters": 3,
        "effect_relevant_points": 30,
        "effect_planning_points": [1, 40],
        "readiness_tool_share": 0.3,
        "readiness_manager_share": 0.5,
        "manager_lead_days": 0,
        "role_specific_share": 0.8,
        "follow_up_share": 0.3,
        "follow_up_days": 60,
        "diagnostic_warn_share": 0.25,
        "idle_days": 45,
        "content_cadence_days": 91,
        "content_stale_releases": 3,
        "web_log_gap_days": 30,
        "integrity_burst_people": 4,
        "integrity_answer_characters": 20,
        "integrity_deadline_days": 31,
        "integrity_deadline_factor": 1,
        "integrity_deadline_people": 2,
    },
]


def compile_rules(folder: Path, key: str) -> list[CompiledModels]:
    """The project's models under each set of rules; a company has the set of its seed's turn."""
    return [CompiledModels(folder / str(n), rules, key) for n, rules in enumerate(RULES)]
