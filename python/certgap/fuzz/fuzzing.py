"""One run: seeds, mutants, two builds of each part of them, and the verdict on each file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from certgap.fuzz import mutate
from certgap.fuzz.catalog import FuzzedFeed
from certgap.fuzz.deliver import Outcome, Row, Tree
from certgap.fuzz.kept import KeptParts, Result, code_of
from certgap.fuzz.mutate import Mutant
from certgap.fuzz.oracle import contents
from certgap.fuzz.seeds import Seed, seeds_of, simulated
from certgap.fuzz.verdict import Counts, Reference, judge
from certgap.project import Project

CSV, PARQUET = "csv", "parquet"
# Faults that are told of one feed and part; more of them say the same.
SHOWN = 8
# What holds no file to read (a link to a folder may only be a folder of one date): nothing to judge
# but that all went on.
WITHOUT_FILE = ("empty folder", "broken link", "link to a folder", "loop")
# Each feed gets one packed file that is far larger than it looks.
BOMB_NUMBER = 1
Key = tuple[int, int]


@dataclass
class Settings:
    """What is asked for: mutants of each feed, delivered so many at a time."""

    mutants: int = 1000
    seed: int = 1
    folder: Path = Path("build/fuzz")
    together: int = 500
    is_parquet: bool = False


def fuzz(project: Project, feeds: list[FuzzedFeed], settings: Settings) -> Iterator[Result]:
    """Fuzz these feeds together; one result for each part of the mutants.

    Parts that an earlier run of the same code has done are taken from ``parts`` in the folder.
    """
    if settings.is_parquet:
        tables = {fuzzed.feed.vendor for fuzzed in feeds if fuzzed.feed.format == CSV}
        feeds = [fuzzed for fuzzed in feeds if fuzzed.feed.vendor in tables]
    if not feeds:
        return
    names = [fuzzed.feed.folder for fuzzed in feeds]
    run = f"{code_of(project)} {settings.seed} {settings.is_parquet} {names}"
    kept = KeptParts(settings.folder / "parts", run)
    raws = simulated(settings.folder / "seeds", {fuzzed.feed.vendor for fuzzed in feeds})
    seeds = {fuzzed.feed.folder: seeds_of(project, fuzzed, raws) for fuzzed in feeds}
    alone: Outcome | None = None
    for start in range(0, settings.mutants, settings.together):
        end = min(start + settings.together, settings.mutants)
        result = kept.read(start, end)
        if result is None:
            faults = []
            if alone is None:
                alone = _Part(project, feeds, seeds, settings).tree.run()
                faults = alone.faults
            part = _Part(project, feeds, seeds, settings)
            part.deliver(start, end)
            result = part.judged(part.tree.run(), alone)
            result.faults = [*faults, *result.faults]
            kept.write(start, end, result)
        yield result


class _Part:
    """One tree of deliveries: each row of the seeds alone, and mutants."""

    def __init__(
        self,
        project: Project,
        feeds: list[FuzzedFeed],
        seeds: dict[str, list[Seed]],
        settings: Settings,
    ) -> None:
        self.seeds, self.settings = seeds, settings
        # Beside Parquet, feeds that are no tables are there for their vendor to be whole.
        self.feeds = [f for f in feeds if not settings.is_parquet or f.feed.format == CSV]
        self.tree = Tree(project, settings.folder / "tree", feeds)
        self.singles: dict[str, dict[str, Key]] = {}
        self.texts: dict[str, dict[Key, str]] = {}
        self.wholes: dict[str, dict[str, int]] = {}
        self.mutants: dict[str, tuple[FuzzedFeed, Mutant, int]] = {}
        for fuzzed in feeds:
            self._deliver_singles(fuzzed)

    def _is_parquet(self, fuzzed: FuzzedFeed) -> bool:
        return self.settings.is_parquet and fuzzed.feed.format == CSV

    def _deliver_singles(self, fuzzed: FuzzedFeed) -> None:
        names = self.singles.setdefault(fuzzed.feed.folder, {})
        texts = self.texts.setdefault(fuzzed.feed.folder, {})
        for seed_number, seed in enumerate(self.seeds[fuzzed.feed.folder]):
            for number in range(len(seed.rows)):
                if self._is_parquet(fuzzed):
                    file = Mutant("", ".parquet", mutate.parquet_single(seed, number))
                else:
                    file = Mutant("", mutate.suffix_of(seed), mutate.single(seed, number))
                name = self.tree.put(fuzzed, f"a{number:02}-{seed_number}-{seed.name}", file)
                names[name] = (seed_number, number)
                texts[seed_number, number] = contents(fuzzed, name, file.content).text
            name = self.tree.put(fuzzed, f"b-{seed_number}-{seed.name}", self._whole(seed))
            self.wholes.setdefault(fuzzed.feed.folder, {})[name] = seed_number

    def _whole(self, seed: Seed) -> Mutant:
        """All rows of the seed in one file: what is read of a row may depend on its neighbours."""
        if self._is_parquet(seed.fuzzed):
            return Mutant("", ".parquet", mutate.parquet_whole(seed))
        return Mutant("", mutate.suffix_of(seed), mutate.whole(seed))

    def deliver(self, start: int, end: int) -> None:
        """Mutants number ``start`` to ``end`` of each feed; the number decides all of one."""
        for fuzzed in self.feeds:
            seeds = self.seeds[fuzzed.feed.folder]
            for number in range(start, end):
                rng = random.Random(f"{self.settings.seed} {fuzzed.feed.folder} {number}")
                seed_number = rng.randrange(len(seeds))
                made = self._mutant(rng, seeds[seed_number], number)
                name = self.tree.put(fuzzed, f"m{number:04}-{seeds[seed_number].name}", made)
                self.mutants[name] = (fuzzed, made, seed_number)

    def _mutant(self, rng: random.Random, seed: Seed, number: int) -> Mutant:
        if self._is_parquet(seed.fuzzed):
            return mutate.parquet_mutant(rng, seed)
        if number == BOMB_NUMBER and seed.fuzzed.feed.format != "document":
            suffix = f"{mutate.suffix_of(seed)}.gz"
            return Mutant("bomb", suffix, mutate.bomb(mutate.single(seed, 0)))
        return mutate.mutant(rng, seed)

    def judged(self, outcome: Outcome, alone: Outcome) -> Result:
        """The verdict on each mutant."""
        result = Result(faults=list(outcome.faults))
        references = {
            fuzzed.feed.folder: self._reference(fuzzed, outcome, alone) for fuzzed in self.feeds
        }
        shown: dict[str, int] = {}
        for name, (fuzzed, made, seed_number) in self.mutants.items():
            folder = fuzzed.feed.folder
            kind = PARQUET if self._is_parquet(fuzzed) else fuzzed.feed.format
            if folder in outcome.missing:
                continue
            if made.special in WITHOUT_FILE:
                result.add(folder, kind, Counts(mutants=1))
                continue
            file = contents(fuzzed, name, made.content)
            untouched = [(seed_number, number) for number in made.untouched]
            counts, faults = judge(name, file, untouched, outcome, references[folder])
            result.add(folder, kind, counts)
            shown[folder] = shown.get(folder, 0) + len(faults)
            if shown[folder] <= SHOWN:
                result.faults += [f"{name} ({made.mutation}): {fault}" for fault in faults]
        known = {*self.mutants}
        for names in (*self.singles.values(), *self.wholes.values()):
            known |= set(names)
        unknown = sorted(set(outcome.rows) - known)
        result.faults += [f"rows of a file nobody wrote: {name}" for name in unknown]
        return result

    def _reference(self, fuzzed: FuzzedFeed, outcome: Outcome, alone: Outcome) -> Reference:
        found: list[dict[Key, Row]] = []
        for rows in (alone.rows, outcome.rows):
            found.append(
                {
                    key: rows[name][0]
                    for name, key in self.singles[fuzzed.feed.folder].items()
                    if len(rows.get(name, [])) == 1
                }
            )
        wholes = [
            (outcome.rows.get(name, []), number)
            for name, number in self.wholes[fuzzed.feed.folder].items()
        ]
        return Reference(*found, self.texts[fuzzed.feed.folder], wholes)
