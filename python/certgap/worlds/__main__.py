"""``python -m certgap.worlds 200``: so many random companies, every cell compared with the truth.

Every tenth company is published, too, and its `restatements` are compared.
Companies take turns at the sets of rules of `certgap.worlds.rules`. ``--first`` is the seed of the
first one: `--first 17 1` repeats what company 17 showed. Exits 1 if a table of any company differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from certgap.compare import Report, compare_tables
from certgap.truth import expected_tables
from certgap.worlds.random_company import draw_company
from certgap.worlds.restated import prove_restatements
from certgap.worlds.rules import KEY, RULES, compile_rules
from certgap.worlds.sql_models import CompiledModels

RESTATED_ONCE_IN = 10  # two builds and a record, twice


def prove_worlds(
    compiled: list[CompiledModels], seeds: Iterable[int]
) -> Iterator[tuple[int, Report]]:
    """The companies of the seeds that differ, as they are found."""
    for seed in seeds:
        models = compiled[seed % len(compiled)]
        company = draw_company(seed, models.variables, models.key)
        with models.run(company) as connection:
            report = Report(compare_tables(expected_tables(company.world), connection))
        if not report.agrees:
            yield seed, report


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.worlds", description=__doc__)
    parser.add_argument("count", type=int, help="how many companies")
    parser.add_argument("--first", type=int, default=1, help="seed of the first one")
    options = parser.parse_args()
    different: set[int] = set()
    with tempfile.TemporaryDirectory(prefix="certgap-worlds-") as folder:
        compiled = compile_rules(Path(folder), KEY)
        seeds = range(options.first, options.first + options.count)
        restated = prove_restatements(compiled, seeds[::RESTATED_ONCE_IN])
        for seed, report in chain(prove_worlds(compiled, seeds), restated):
            different.add(seed)
            print(f"company {seed} differs:\n{report.text()}", flush=True)
    equal = options.count - len(different)
    print(
        f"{equal} of {options.count} random companies, under {len(RULES)} sets "
        "of rules, equal to the truth"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
