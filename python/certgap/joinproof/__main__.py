"""``python -m certgap.joinproof``: break every declared join and write docs/reference/joins.md.

Exits 1 where a breakage passed unseen, or a join has no rows to break.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from certgap.joinproof import page
from certgap.joinproof.company import COMPANIES, opened_company
from certgap.joinproof.declared import all_names, declared_joins
from certgap.joinproof.outcome import HOLE, NO_DATA, Outcome
from certgap.joinproof.trial import Trials


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.joinproof", description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of joins, or parts of names")
    parser.add_argument("--sample", type=int, help="so many joins, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
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
    for company in COMPANIES:
        if declared and all(name in outcomes for name in declared):
            break
        with opened_company(company, folder / company.name) as session:
            declared = declared or chosen(all_names(session.manifest), options)
            trials = Trials(session)
            for join in declared_joins(session.manifest):
                if join.name not in declared:
                    continue
                earlier = outcomes.get(join.name)
                if earlier and earlier[0].verdict != NO_DATA:
                    continue
                start = time.monotonic()
                outcomes[join.name] = trials.of(join)
                kept.write(outcomes)
                print(f"{join.name}: {page.brief(outcomes[join.name])}"
                      f" ({time.monotonic() - start:.1f} s)", flush=True)  # fmt: skip
                if options.verbose:
                    for outcome in outcomes[join.name]:
                        print(f"    {outcome.verdict:9}{outcome.kind}: {outcome.by}"
                              f" | {outcome.message}", flush=True)  # fmt: skip
    return outcomes, declared


def chosen(names: set[str], options: argparse.Namespace) -> set[str]:
    """The joins that are asked for."""
    if options.only:
        names = {name for name in names if any(part in name for part in options.only)}
    if options.sample:
        names = set(random.Random(options.seed).sample(sorted(names), options.sample))
    return names


if __name__ == "__main__":
    sys.exit(main())
