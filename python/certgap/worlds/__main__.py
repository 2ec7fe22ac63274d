"""``python -m certgap.worlds 200``: so many random companies, every cell compared with the truth.

``--first`` is the seed of the first one: `--first 17 1` repeats what company 17 showed. Exits 1 if
a table of any company differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certgap.compare import Report, compare_tables
from certgap.truth import expected_tables
from certgap.worlds.random_company import draw_company
from certgap.worlds.sql_models import CompiledModels

KEY = "worlds"  # companies are invented, so their pseudonyms protect nobody
# Companies take turns at these; names are those of the dbt vars.
RULES: list[dict[str, Any]] = [
    {},
    {
        "checkpoint_days": [21, 60],
        "min_cell": 5,
        "default_timezone": "America/New_York",
        "completion_window_days": 30,
        "daily_use_days": 2,
        "habitual_blocks": 2,
        "leave_days": 3,
        "default_adoption_target": 0.55,
    },
    {
        "checkpoint_days": [10, 30, 60, 90, 120],
        "curve_weeks_before": 6,
        "curve_weeks_after": 12,
        "curve_managers": False,
        "lapse_days": 14,
        "segment_habit_weeks": 6,
        "segment_power_actions": 5,
    },
]


def prove_worlds(count: int, first: int, rules: int) -> Iterator[tuple[int, Report]]:
    """The companies that differ, of `count` from seed `first` on, under the first `rules` rules."""
    with tempfile.TemporaryDirectory(prefix="certgap-worlds-") as folder:
        compiled = {
            number: CompiledModels(Path(folder) / str(number), RULES[number], KEY)
            for number in sorted({seed % rules for seed in range(first, first + count)})
        }
        for seed in range(first, first + count):
            number = seed % rules
            company = draw_company(seed, RULES[number], KEY)
            with compiled[number].run(company) as connection:
                report = Report(compare_tables(expected_tables(company.world), connection))
            if not report.agrees:
                yield seed, report


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.worlds", description=__doc__)
    parser.add_argument("count", type=int, help="how many companies")
    parser.add_argument("--first", type=int, default=1, help="seed of the first one")
    options = parser.parse_args()
    different = 0
    for seed, report in prove_worlds(options.count, options.first, len(RULES)):
        different += 1
        print(f"company {seed} differs:\n{report.text()}", flush=True)
    print(
        f"{options.count - different} of {options.count} random companies, under {len(RULES)} sets "
        "of rules, equal to the truth"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
