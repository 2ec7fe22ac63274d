"""``python -m certgap.fuzz``: every vendor, 1,000 mutants of each feed; exits 1 on any fault."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from certgap.fuzz.catalog import fuzzed_feeds
from certgap.fuzz.fuzzing import Result, Settings, fuzz, vendors_of
from certgap.project import Project


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=1000, help="of each feed (1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vendors", default="", help="comma between; none: all")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    asked = parser.parse_args()
    project = Project.find()
    feeds = fuzzed_feeds(project)
    wanted = [name for name in asked.vendors.split(",") if name]
    result = Result()
    for vendor, own in vendors_of(feeds).items():
        if wanted and vendor not in wanted:
            continue
        settings = Settings(asked.mutants, asked.seed, asked.folder.resolve())
        found = fuzz(project, own, settings, lambda text: print(text, flush=True))
        result.counts |= found.counts
        result.faults += found.faults
        for fault in found.faults:
            print("FAULT", fault, flush=True)
        for (folder, kind), counts in found.counts.items():
            print(folder, kind, vars(counts), flush=True)
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main())
