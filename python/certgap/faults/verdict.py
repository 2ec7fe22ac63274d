"""The verdict on a fault, from what was observed; what was expected is compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from certgap.faults.fault import CAUGHT, HARMLESS, QUARANTINED, SILENT, Fault
from certgap.faults.observe import Observation

MOST_WORDS = 300


@dataclass(frozen=True)
class Verdict:
    """What became of a fault, and who said so."""

    outcome: str
    told_by: str
    words: str

    def short(self) -> str:
        """Its words, cut."""
        return self.words if len(self.words) <= MOST_WORDS else self.words[:MOST_WORDS] + " …"


def judge(seen: Observation) -> Verdict:
    """A fault that changes a figure without a word is silent, whatever was expected of it."""
    if seen.failed_files:
        first = next(iter(seen.failed_files.items()))
        return Verdict(CAUGHT, "check-deliveries", _list(first, len(seen.failed_files)))
    if seen.refused:
        return Verdict(CAUGHT, "the build stops", seen.refused)
    if is_exactly_quarantined(seen):
        reasons = ", ".join(
            f"{feed}: {reason} ({n})" for (feed, reason), n in seen.quarantined.items()
        )
        return Verdict(QUARANTINED, "quarantined_rows", reasons)
    for told_by, said in (
        ("data test", [f"{name}: {words}" for name, words in seen.tests.items()]),
        ("the build warns", seen.warnings),
        ("check-deliveries, feed is late", seen.late),
    ):
        if said:
            return Verdict(CAUGHT, told_by, "; ".join(said))
    if not seen.different:
        return Verdict(HARMLESS, "every figure equal", "")
    if seen.unlike_right == []:
        return Verdict(HARMLESS, "figures are right", "equal to those of the right deliveries")
    for told_by, said in (
        ("note of check-deliveries", [f"{k}: {v}" for k, v in seen.notes.items()]),
        ("data_quality", seen.quality),
    ):
        if said:
            return Verdict(CAUGHT, told_by, "; ".join(said))
    return Verdict(SILENT, "nobody", "figures differ in " + ", ".join(seen.different))


def is_exactly_quarantined(seen: Observation) -> bool:
    """As many rows as were broken, and no other figure than if they had never been delivered."""
    is_all = sum(seen.quarantined.values()) == seen.n_broken > 0
    return is_all and (not seen.different or seen.unlike_the_rest == [])


def mismatch(fault: Fault, verdict: Verdict) -> str:
    """In which way the verdict is not what the catalogue expects; empty where it is."""
    if verdict.outcome != fault.outcome:
        return f"expected {fault.outcome}, found {verdict.outcome}"
    if fault.by not in f"{verdict.told_by}: {verdict.words}":
        return f"expected to be told by '{fault.by}'"
    return ""


def _list(first: tuple[str, str], count: int) -> str:
    name, words = first
    return f"{name}: {words}" + (f" (and {count - 1} more)" if count > 1 else "")
