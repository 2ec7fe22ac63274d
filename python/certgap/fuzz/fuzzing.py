"""One run: seeds, mutants by the thousand, two builds of each part, and the verdict on each file."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from certgap.fuzz import mutate
from certgap.fuzz.catalog import FuzzedFeed
from certgap.fuzz.deliver import Outcome, Tree
from certgap.fuzz.mutate import Mutant
from certgap.fuzz.oracle import contents, squeezed
from certgap.fuzz.seeds import Seed, seeds_of, simulated
from certgap.fuzz.verdict import Counts, Reference, judge
from certgap.project import Project

CSV, PARQUET = "csv", "parquet"
# Mutants of one feed that are delivered together.
TOGETHER = 250
# What is said of one feed's faults, at most.
SHOWN = 8


@dataclass
class Result:
    """Counts by feed and format, and what was wrong."""

    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, fuzzed: FuzzedFeed, kind: str, counts: Counts) -> None:
        """Count one file."""
        self.counts.setdefault((fuzzed.feed.folder, kind), Counts()).add(counts)


@dataclass
class Settings:
    """What is asked for."""

    mutants: int = 1000
    seed: int = 1
    folder: Path = Path("build/fuzz")
    is_parquet: bool = False


def vendors_of(feeds: list[FuzzedFeed]) -> dict[str, list[FuzzedFeed]]:
    """The feeds of each vendor: one vendor is built at a time."""
    found: dict[str, list[FuzzedFeed]] = {}
    for fuzzed in feeds:
        found.setdefault(fuzzed.feed.vendor, []).append(fuzzed)
    return found


def fuzz(
    project: Project, feeds: list[FuzzedFeed], settings: Settings, say: Callable[[str], None]
) -> Result:
    """Fuzz these feeds together, in as many builds as their mutants need."""
    result = Result()
    raws = simulated(settings.folder / "seeds", {fuzzed.feed.vendor for fuzzed in feeds})
    seeds = {
        fuzzed.feed.folder: seeds_of(project, fuzzed, raws, random.Random(settings.seed))
        for fuzzed in feeds
        if not settings.is_parquet or fuzzed.feed.format == CSV
    }
    if not seeds:
        return result
    work = settings.folder / "-".join(sorted({fuzzed.feed.vendor for fuzzed in feeds}))[:60]
    first = _Part(project, work, feeds, seeds, settings)
    first.deliver_singles()
    alone = first.run()
    result.faults += alone.faults
    for start in range(0, settings.mutants, TOGETHER):
        end = min(start + TOGETHER, settings.mutants)
        part = _Part(project, work, feeds, seeds, settings)
        part.deliver_singles()
        part.deliver_mutants(start, end)
        say(f"{work.name}: mutants {start + 1} to {end}")
        outcome = part.run()
        result.faults += outcome.faults
        part.judge(outcome, first, alone, result)
    return result


class _Part:
    """One tree of deliveries: the seeds' rows alone, and mutants."""

    def __init__(
        self,
        project: Project,
        work: Path,
        feeds: list[FuzzedFeed],
        seeds: dict[str, list[Seed]],
        settings: Settings,
    ) -> None:
        self.seeds, self.settings = seeds, settings
        self.feeds = [fuzzed for fuzzed in feeds if fuzzed.feed.folder in seeds]
        self.tree = Tree(project, work, feeds)
        self.singles: dict[str, tuple[str, int, int]] = {}
        self.texts: dict[str, dict[tuple[int, int], str]] = {}
        self.mutants: dict[str, tuple[FuzzedFeed, Mutant, int]] = {}
        self.is_first = True

    def deliver_singles(self) -> None:
        """Each row of each seed alone in a file."""
        for fuzzed in self.feeds:
            texts = self.texts.setdefault(fuzzed.feed.folder, {})
            for seed_number, seed in enumerate(self.seeds[fuzzed.feed.folder]):
                for number in range(len(seed.rows)):
                    if self.settings.is_parquet:
                        suffix, content = ".parquet", mutate.parquet_single(seed, number)
                    else:
                        suffix, content = mutate.suffix_of(seed), mutate.single(seed, number)
                    name = self.tree.put(
                        fuzzed, f"row-{seed_number}-{number}", Mutant("", suffix, content)
                    )
                    self.singles[name] = (fuzzed.feed.folder, seed_number, number)
                    texts[seed_number, number] = contents(fuzzed, name, content).text
        if self.settings.is_parquet:
            self._deliver_what_is_required()

    def _deliver_what_is_required(self) -> None:
        """Feeds that are no tables beside those that are: as they are."""
        for fuzzed in self.tree.feeds:
            if fuzzed not in self.feeds:
                raise NotImplementedError(fuzzed.feed.folder)

    def deliver_mutants(self, start: int, end: int) -> None:
        """Mutants number ``start`` to ``end`` of each feed; the number decides all of one."""
        for fuzzed in self.feeds:
            for number in range(start, end):
                rng = random.Random(f"{self.settings.seed} {fuzzed.feed.folder} {number}")
                seed_number = rng.randrange(len(self.seeds[fuzzed.feed.folder]))
                seed = self.seeds[fuzzed.feed.folder][seed_number]
                make = mutate.parquet_mutant if self.settings.is_parquet else mutate.mutant
                name, made = f"m{number:04}", make(rng, seed)
                if number == 1 and fuzzed.feed.format != "document" and not self.settings.is_parquet:
                    made = Mutant("bomb", f"{made.suffix}.gz".replace(".gz.gz", ".gz"),
                                  mutate.bomb(mutate.single(seed, 0)))  # fmt: skip
                self.mutants[self.tree.put(fuzzed, name, made)] = (fuzzed, made, seed_number)

    def run(self) -> Outcome:
        """Check and build."""
        return self.tree.run()

    def judge(self, outcome: Outcome, first: _Part, alone: Outcome, result: Result) -> None:
        """The verdict on each mutant."""
        references = {
            fuzzed.feed.folder: self._reference(fuzzed, outcome, alone) for fuzzed in self.feeds
        }
        shown: dict[str, int] = {}
        for name, (fuzzed, mutant, seed_number) in self.mutants.items():
            kind = PARQUET if self.settings.is_parquet else fuzzed.feed.format
            if mutant.special in ("empty folder", "broken link", "loop"):
                result.add(fuzzed, kind, Counts(mutants=1))
                continue
            file = contents(fuzzed, name, mutant.content)
            untouched = [(seed_number, number) for number in mutant.untouched]
            counts, faults = judge(
                name, file, untouched, outcome, references[fuzzed.feed.folder]
            )
            result.add(fuzzed, kind, counts)
            for fault in faults:
                shown[fuzzed.feed.folder] = shown.get(fuzzed.feed.folder, 0) + 1
                if shown[fuzzed.feed.folder] <= SHOWN:
                    result.faults.append(f"{name} ({mutant.mutation}): {fault}")
        known = {*self.singles, *self.mutants}
        result.faults += [f"rows of a file nobody wrote: {n}" for n in outcome.rows if n not in known]

    def _reference(self, fuzzed: FuzzedFeed, outcome: Outcome, alone: Outcome) -> Reference:
        names = {n: key[1:] for n, key in self.singles.items() if key[0] == fuzzed.feed.folder}
        found: list[dict[tuple[int, int], object]] = []
        for rows in (alone.rows, outcome.rows):
            found.append({key: rows[n][0] for n, key in names.items() if len(rows.get(n, [])) == 1})
        return Reference(*found, self.texts[fuzzed.feed.folder])
