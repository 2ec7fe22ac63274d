"""``python -m certgap.proofs schedules|kills|readers``: run a proof and write its part of the page.

Exits 1 where a fault was found; the page then says so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from certgap.proofs import one_page, page
from certgap.proofs.kills import prove_kills
from certgap.proofs.readers import prove_readers
from certgap.proofs.schedules import kept_models, prove_schedules

PROOFS = ("kills", "readers", "schedules")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.proofs", description=__doc__)
    parser.add_argument("proof", choices=PROOFS)
    parser.add_argument("--count", type=int, help="schedules (200), builds (10) or kills (100)")
    parser.add_argument("--first", type=int, default=1, help="seed of the first schedule")
    parser.add_argument(
        "--whole-every", type=int, default=1, help="published tables of each so many-th schedule"
    )
    parser.add_argument("--processes", type=int, default=2, help="of schedules and kills")
    parser.add_argument(
        "--builds", type=int, default=30, help="how many of the kills hit builds, not publications"
    )
    parser.add_argument("--folder", type=Path, help="work here and leave everything there")
    parser.add_argument("--report", type=Path, default=one_page.PAGE, help="the page to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="certgap-proofs-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        text, is_proved = _run(options, folder)
    one_page.write(options.report, options.proof, text)
    print(f"{options.report} is written. {'No fault.' if is_proved else 'There are faults.'}")
    return 0 if is_proved else 1


def _say(words: str) -> None:
    print(words, flush=True)


def _run(options: argparse.Namespace, folder: Path) -> tuple[str, bool]:
    if options.proof == "schedules":
        outcome = prove_schedules(
            folder,
            options.count or 200,
            options.first,
            _say,
            whole_every=options.whole_every,
            processes=options.processes,
        )
        return page.of_schedules(outcome, kept_models()), not outcome.different
    if options.proof == "kills":
        count = options.count or 100
        builds = min(options.builds, count)
        killed = prove_kills(folder, count - builds, builds, _say, options.processes)
        return page.of_kills(killed), not killed.faults
    read = prove_readers(folder, options.count or 10, _say)
    return page.of_readers(read), not read.errors


if __name__ == "__main__":
    sys.exit(main())
