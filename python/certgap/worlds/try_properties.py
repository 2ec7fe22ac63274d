"""``python -m certgap.worlds.try_properties 30``: every property on so many random companies.

``--first`` is the seed of the first one; ``--increments 2``: two of them are also delivered file by
file to a database of their own (five dbt runs each). Exits 1 if a property is broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from certgap.worlds.drawing import Dice
from certgap.worlds.increments import Deliveries, incremental_equals_full_refresh
from certgap.worlds.properties import PROPERTIES, Trial, broken_properties
from certgap.worlds.random_company import draw_company
from certgap.worlds.rules import KEY, RULES, compile_rules
from certgap.worlds.sql_models import CompiledModels


def try_worlds(
    compiled: list[CompiledModels], seeds: Iterable[int]
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The companies of the seeds where a property is broken, and by what."""
    for seed in seeds:
        models = compiled[seed % len(compiled)]
        broken = broken_properties(Trial(models, draw_company(seed, models.variables, models.key)))
        if broken:
            yield seed, broken


def try_increments(
    compiled: list[CompiledModels], seeds: Iterable[int], folder: Path
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The companies of the seeds that differ when they are delivered bit by bit."""
    for seed in seeds:
        models = compiled[seed % len(compiled)]
        columns = {(raw.category, raw.relation): raw.columns for raw in models.raw}
        place = Deliveries(folder / f"files-{seed}", columns, models.key, models.variables)
        company = draw_company(seed, models.variables, models.key)
        found = incremental_equals_full_refresh(company, place, Dice(seed))
        if found:
            yield seed, {incremental_equals_full_refresh.__name__: found}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m certgap.worlds.try_properties", description=__doc__
    )
    parser.add_argument("count", type=int, help="how many companies")
    parser.add_argument("--first", type=int, default=1, help="seed of the first one")
    parser.add_argument("--increments", type=int, default=0, help="how many bit by bit, too")
    options = parser.parse_args()
    wrong = set()
    with tempfile.TemporaryDirectory(prefix="certgap-properties-") as name:
        folder = Path(name)
        compiled = compile_rules(folder, KEY)
        seeds = range(options.first, options.first + options.count)
        bit_by_bit = try_increments(compiled, seeds[: options.increments], folder)
        for seed, broken in chain(try_worlds(compiled, seeds), bit_by_bit):
            wrong.add(seed)
            for name, texts in broken.items():
                lines = "\n".join(f"  {text}" for text in texts[:20])
                print(f"company {seed}: {name.replace('_', ' ')}: no\n{lines}", flush=True)
    print(
        f"{options.count - len(wrong)} of {options.count} random companies, under {len(RULES)} "
        f"sets of rules, have all {len(PROPERTIES)} properties; "
        f"{min(options.increments, options.count)} of them were also built bit by bit"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
