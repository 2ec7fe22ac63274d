"""``python -m certgap.joinproof``: break every declared join and write docs/reference/joins.md.

Exits 1 where a breakage passed unseen, or a join has no rows to break.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from certgap.joinproof import page
from certgap.joinproof.company import COMPANIES, built, taken_over
from certgap.joinproof.declared import all_names, declared_joins
from certgap.joinproof.outcome import HOLE, NO_DATA, Outcome
from certgap.joinproof.workers import broken_side_by_side
from certgap.proofs import one_page


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.joinproof", description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of joins, or parts of names")
    parser.add_argument(
        "--sample", type=int, help="so many joins that have rows to break, drawn by --seed"
    )
    parser.add_argument("--database", type=Path, help="a copy of this working database, not ours")
    parser.add_argument("--sources", nargs="*", default=["generic"], help="its vendors")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keep the built companies here")
    parser.add_argument("--report", type=Path, default=page.PAGE)
    parser.add_argument(
        "--resume", action="store_true", help="leave out joins that --folder holds no problem of"
    )
    parser.add_argument("--verbose", action="store_true", help="say every outcome")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="certgap-joins-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        kept = Kept(folder / "outcomes.json")
        outcomes, declared = prove(folder, options, kept)
    page.write(options.report, outcomes, declared)
    headline = f"{one_page.today()}: {page.headline(outcomes, declared)}"
    one_page.write(one_page.beside(options.report), "joins", headline)
    bad = page.problems(outcomes, declared)
    for line in bad:
        print(line)
    print(f"{options.report} is written. {page.headline(outcomes, declared)}")
    return 1 if bad else 0


class Kept:
    """Outcomes in a file, written after each join."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self.path = path

    def read(self) -> dict[str, list[Outcome]]:
        """Joins without problems."""
        if not self.path.is_file():
            return {}
        held = json.loads(self.path.read_text(encoding="utf-8"))
        outcomes = {name: [Outcome(**one) for one in some] for name, some in held.items()}
        return {
            name: some
            for name, some in outcomes.items()
            if not any(one.verdict in (HOLE, NO_DATA) for one in some)
        }

    def write(self, outcomes: dict[str, list[Outcome]]) -> None:
        """All of them."""
        held = {name: [asdict(one) for one in some] for name, some in outcomes.items()}
        self.path.write_text(json.dumps(held, indent=1), encoding="utf-8")


def prove(
    folder: Path, options: argparse.Namespace, kept: Kept
) -> tuple[dict[str, list[Outcome]], set[str]]:
    """Outcomes by join, and the names of all joins that were asked for."""
    outcomes = kept.read() if options.resume else {}
    declared: set[str] = set()
    companies = COMPANIES
    if options.database:
        companies = (taken_over(options.database, tuple(options.sources), folder),)
    for company in companies:
        if declared and all(is_broken(outcomes.get(name)) for name in declared):
            break
        place = built(company, folder / company.name)
        declared = declared or asked_for(all_names(place.manifest), options)
        names = [
            join.name
            for join in declared_joins(place.manifest)
            if join.name in declared and not is_broken(outcomes.get(join.name))
        ]
        if options.sample:
            random.Random(options.seed).shuffle(names)
        for name, some in broken_side_by_side(place, names, options.processes):
            outcomes[name] = some
            kept.write(outcomes)
            _say(name, some, options.verbose)
            if options.sample and sum(map(is_broken, outcomes.values())) >= options.sample:
                break
    if options.sample:
        outcomes = {name: some for name, some in outcomes.items() if is_broken(some)}
        declared = set(outcomes)
    return outcomes, declared


def is_broken(outcomes: list[Outcome] | None) -> bool:
    """Whether a join was broken, with whatever result: some company had rows for it."""
    return bool(outcomes) and outcomes[0].verdict != NO_DATA


def asked_for(names: set[str], options: argparse.Namespace) -> set[str]:
    """The joins that are asked for."""
    if options.only:
        return {name for name in names if any(part in name for part in options.only)}
    return names


def _say(name: str, outcomes: list[Outcome], verbose: bool) -> None:
    print(f"{name}: {page.brief(outcomes)}", flush=True)
    for one in outcomes if verbose else []:
        print(f"    {one.verdict:15}{one.kind}: {one.by} | {one.message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
