"""``python -m certgap.mutants``: change the SQL of every model and see whether a test notices.

Results are kept in the folder and used again while model and tests are the same. Exits 1 where
fewer than 95% of the mutants are noticed, a mutant of a join is not, or an equivalent is wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from certgap.mutants import page
from certgap.mutants.equivalents import read_equivalents
from certgap.mutants.run import Options, run
from certgap.proofs import one_page


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.mutants", description=__doc__)
    parser.add_argument("--models", default="", help="names, comma between; none: all")
    parser.add_argument("--operators", default="", help="names, comma between; none: all")
    parser.add_argument("--joins", action="store_true", help="only mutants of joins")
    parser.add_argument("--sample", type=int, default=0, help="so many, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--companies", type=int, default=6, help="random companies, at most (6)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/mutants"))
    parser.add_argument("--report", type=Path, help="the page to write")
    asked = parser.parse_args()
    options = Options(
        asked.folder.absolute(),
        _names(asked.models),
        _names(asked.operators),
        asked.joins,
        asked.sample,
        asked.seed,
        asked.companies,
        asked.processes,
    )
    results = run(options, lambda words: print(words, flush=True))
    outcome = page.Outcome(results, read_equivalents())
    for survivor in outcome.survivors:
        print(page.told(survivor))
    print(outcome.summary)
    if asked.report:
        page.write(asked.report, outcome)
        words = f"{one_page.today()}: {outcome.summary}"
        one_page.write(one_page.beside(asked.report), "mutants", words)
    return 0 if outcome.is_good else 1


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


if __name__ == "__main__":
    sys.exit(main())
