"""Runs faults, company by company, and keeps what was observed of each."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from certgap.faults.catalogue import FAULTS
from certgap.faults.fault import Fault
from certgap.faults.healthy import Healthy
from certgap.faults.observe import Observation, Observer
from certgap.faults.verdict import Verdict, judge, mismatch


@dataclass(frozen=True)
class Measured:
    """One fault and what became of it; ``mismatch`` says where that is not what was expected."""

    id: str
    verdict: Verdict
    mismatch: str
    seen: Observation
    seconds: float

    @property
    def fault(self) -> Fault:
        """Its entry in the catalogue."""
        return FAULTS[self.id]


def measure(
    folder: Path, company: str, faults: Iterable[Fault], say: Callable[[Measured], None]
) -> list[Measured]:
    """Inject these faults into one company, one after the other."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    observer = Observer(Healthy(folder, company))
    found = []
    for fault in faults:
        start = time.monotonic()
        try:
            seen = observer.observe(fault)
            verdict = judge(seen)
            wrong = mismatch(fault, verdict)
        except Exception:
            seen, verdict = Observation(), Verdict("not measured", "", traceback.format_exc())
            wrong = "it could not be measured"
        found.append(Measured(fault.id, verdict, wrong, seen, time.monotonic() - start))
        say(found[-1])
    return found


def tell(found: Measured) -> None:
    """One line of progress."""
    mark = "  <-- " + found.mismatch if found.mismatch else ""
    words = f"{found.verdict.outcome} by {found.verdict.told_by}: {found.verdict.short()}"
    print(f"{found.id} ({found.seconds:.0f} s): {words}{mark}", flush=True)
