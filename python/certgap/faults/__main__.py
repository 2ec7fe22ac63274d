"""``python -m certgap.faults``: inject the catalogue, measure, write docs/reference/faults.md.

Exits 1 where a fault is silent or becomes something else than expected.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from certgap.faults import page
from certgap.faults.catalogue import FAULTS
from certgap.faults.measure import measure, tell
from certgap.faults.verdict import SILENT
from certgap.proofs import one_page


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m certgap.faults", description=__doc__)
    parser.add_argument("--only", help="ids, comma between; default: all")
    parser.add_argument("--folder", type=Path, help="work here; healthy companies are used again")
    parser.add_argument("--report", type=Path, default=page.PAGE, help="the page to write")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(FAULTS)
    unknown = sorted(set(names) - set(FAULTS))
    if unknown:
        parser.error(f"no such fault: {', '.join(unknown)}")
    chosen = [FAULTS[name] for name in names]
    companies = sorted({fault.company for fault in chosen})
    with tempfile.TemporaryDirectory(prefix="certgap-faults-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        # A company's settings are its process's environment: never two in one.
        with ProcessPoolExecutor(max_workers=len(companies), max_tasks_per_child=1) as pool:
            running = [
                pool.submit(
                    measure, folder, company, [f for f in chosen if f.company == company], tell
                )
                for company in companies
            ]
            measured = [found for task in running for found in task.result()]
    page.write(options.report, measured)
    one_page.write(one_page.beside(options.report), "faults", page.counted(measured))
    silent = [found for found in measured if found.verdict.outcome == SILENT]
    wrong = [found for found in measured if found.mismatch]
    print(f"{len(measured)} faults, {len(silent)} silent, {len(wrong)} not as expected.")
    print(f"{options.report} is written.")
    return 1 if silent or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
