"""The command line of `certgap.effects.proof`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from certgap.effects import proof
from certgap.effects.estimator import CompiledEstimator


def main() -> int:
    """Exit code 1 if anything is not as promised."""
    parser = argparse.ArgumentParser(prog="python -m certgap.effects", description=proof.__doc__)
    parser.add_argument("count", type=int, help="how many panels of each world")
    options = parser.parse_args()
    n_problems = 0
    with tempfile.TemporaryDirectory(prefix="certgap-effects-") as folder:
        estimator = CompiledEstimator.compile(Path(folder))
        for tally in proof.try_worlds(estimator, options.count):
            problems = tally.judge()
            n_problems += len(problems)
            print(tally.line(), *(f"  NOT AS PROMISED: {text}" for text in problems), sep="\n")
    return 1 if n_problems else 0


if __name__ == "__main__":
    sys.exit(main())
