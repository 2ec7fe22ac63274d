"""Every mutant of a project against its tests, in a few processes, each with its own databases."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import duckdb

from certgap.guards.check import node_failures
from certgap.in_processes import each_finished
from certgap.mutants.companies import (
    RandomCompanies,
    compile_random_companies,
    sample_company,
    sample_truth,
)
from certgap.mutants.mutate import MutableSql, Mutant
from certgap.mutants.project import (
    Model,
    TestedProject,
    built_project,
    digest,
    fingerprint,
    read_project,
)
from certgap.mutants.trials import Unbound, UnitTrials, Verdict

KILLED = ("unit", "data", "truth", "guard", "timeout")
SURVIVED = ("same", "different")
COPIES = 5  # of one construct are tried where a sample is drawn, at most
TELLING = (
    "__init__",
    "__main__",
    "constructs",
    "equivalents",
    "page",
)  # they decide nothing about a mutant


@dataclass(frozen=True)
class Result:
    """A mutant, what became of it, and of which SQL and tests that is true."""

    id: str
    mutant: Mutant
    layer: str
    status: str
    by: str
    seconds: float
    model_digest: str
    tests_digest: str

    @classmethod
    def read(cls, line: str) -> Result:
        """From a line of the results' file."""
        told = json.loads(line)
        return cls(**(told | {"mutant": Mutant(**told["mutant"])}))

    @property
    def line(self) -> str:
        """For the results' file."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Options:
    """What is asked for."""

    folder: Path
    models: tuple[str, ...] = ()  # all where empty
    operators: tuple[str, ...] = ()
    only_joins: bool = False  # with a sample: all mutants of joins, and it
    sample: int = 0  # of the constructs that are no join; all where 0
    seed: int = 1
    companies: int = 6  # random ones, at most
    processes: int = 2


@dataclass(frozen=True)
class Sample:
    """Of the constructs that are no join: how many were drawn, of how many, and how."""

    size: int
    of: int
    seed: int


@dataclass(frozen=True)
class Asked:
    """Numbers of the mutants that are tried, by model; None for all that the options name."""

    numbers: dict[str, list[int] | None]
    sample: Sample | None = None


@dataclass(frozen=True)
class Material:
    """What every process reads."""

    folder: Path
    truth: Path | None  # of the sample company
    compiled: Path  # SQL of the random companies
    companies: int  # how many of them, at most

    @classmethod
    def of(cls, options: Options) -> Material:
        """Made where it is not there from an earlier run."""
        compiled = options.folder / "worlds"
        if options.companies:
            compiled = compile_random_companies(compiled, fingerprint())
        truth = sample_truth(options.folder)
        return cls(options.folder, truth, compiled, options.companies)


class Trial:
    """A process's databases, and the mutants of one model at a time."""

    def __init__(self, project: TestedProject, folder: Path, material: Material) -> None:
        """Copies the built database into ``folder``."""
        self.project = project
        self._sample = sample_company(project, folder, material.truth)
        self._random = RandomCompanies(material.compiled)
        self._seeds = range(1, material.companies + 1)
        self._units = duckdb.connect(config={"threads": 1, "memory_limit": "1500MB"})
        self._units.execute("set TimeZone = 'UTC'")
        self._name, self._last = "", MutableSql("", "select 1")

    def mutants(self, name: str) -> list[Mutant]:
        """All of a model."""
        if self._name != name:
            self._name, self._last = name, _mutable(self.project.models[name])
        return self._last.mutants

    def verdicts(self, name: str, numbers: list[int]) -> Iterator[tuple[int, Verdict, float]]:
        """What becomes of the mutants of these numbers of a model."""
        if not numbers:
            return
        self.mutants(name)
        mutable = self._last
        tests = [test for test in self.project.unit_tests if test.model == name]
        units = UnitTrials(self._units, tests, mutable)
        for number in numbers:
            started = time.perf_counter()
            try:
                verdict = units.verdict(number) or self._in_companies(mutable, number)
                if verdict.status in SURVIVED and mutable.mutants[number].is_join:
                    verdict = self._by_guards(mutable, number) or verdict
            except Unbound as error:
                verdict = Verdict("invalid", str(error).split("\n")[0])
            yield number, verdict, time.perf_counter() - started

    def _by_guards(self, mutable: MutableSql, number: int) -> Verdict | None:
        """`certgap guards`: the joins of the SQL are those that the model declares."""
        node = self.project.joining[mutable.mutants[number].model]
        failures = node_failures(replace(node, sql=mutable.mutated(number)))
        return Verdict("guard", failures[0].problem) if failures else None

    def _in_companies(self, mutable: MutableSql, number: int) -> Verdict:
        name = mutable.mutants[number].model
        verdict = self._sample.verdict(name, mutable.mutated(number))
        if verdict.status in KILLED:
            return verdict
        is_seen = verdict.status == "different"
        for seed in self._seeds:
            company = self._random.get(seed)
            if name not in company.models:
                break
            other = MutableSql(name, company.models[name].sql)
            place = mutable.places_in(other)[number]
            if place is None:
                break
            verdict = company.verdict(name, other.mutated(place))
            if verdict.status in KILLED:
                return verdict
            is_seen = is_seen or verdict.status == "different"
        return Verdict("different" if is_seen else "same")


def _mutable(model: Model) -> MutableSql:
    return MutableSql(model.name, model.sql, model.written, has_tested_key=model.has_tested_key)


@cache
def _own_digest() -> str:
    """Of what tries a mutant: a survivor of another version is tried again."""
    files = sorted(f for f in Path(__file__).parent.glob("*.py") if f.stem not in TELLING)
    return digest(" ".join(file.read_text(encoding="utf-8") for file in files))


def tests_digest(project: TestedProject, model: Model) -> str:
    """Of the tests that could notice a mutant of the model, and of how they are run."""
    below = {model.name, *project.below(model.name)}
    units = [test.digest for test in project.unit_tests if test.model == model.name]
    data = [test.digest for test in project.data_tests if below.intersection(test.models)]
    return digest(" ".join([_own_digest(), *sorted(units + data)]))


def is_asked_for(mutant: Mutant, options: Options) -> bool:
    """By its operator and by what it changes."""
    is_named = not options.operators or mutant.operator in options.operators
    return is_named and (mutant.is_join or not options.only_joins)


def asked_mutants(project: TestedProject, options: Options) -> Asked:
    """Every mutant that the options name, or those of joins and a sample of the others.

    What is drawn are constructs, each as likely as the next however often a macro repeats it. Of
    its copies those are tried that are in the models with the most unit tests: a construct is
    noticed where one copy is, and there it is quickly.
    """
    units = Counter(test.model for test in project.unit_tests)
    models = [name for name in project.models if not options.models or name in options.models]
    # The short ones first: something is seen early, and two processes end together.
    models.sort(key=lambda name: len(project.models[name].sql))
    if not options.sample:
        return Asked(dict.fromkeys(models))
    named = replace(options, only_joins=False)
    chosen: list[tuple[str, int]] = []
    constructs: dict[str, list[tuple[str, int]]] = {}
    for name in models:
        for number, mutant in enumerate(_mutable(project.models[name]).mutants):
            if not is_asked_for(mutant, named):
                continue
            if not mutant.is_join:
                constructs.setdefault(mutant.counted_as, []).append((name, number))
            elif options.only_joins:
                chosen.append((name, number))
    # Sorted, so that the seed alone decides, whatever the order of the models.
    size = min(options.sample, len(constructs))
    drawing = random.Random(options.seed)
    for construct in drawing.sample(sorted(constructs), size):
        copies = sorted(constructs[construct], key=lambda copy: (-units[copy[0]], copy))
        chosen += _of_other_models(copies)[:COPIES]
    numbers: dict[str, list[int] | None] = {}
    for name in models:
        found = sorted(number for model, number in chosen if model == name)
        if found:
            numbers[name] = found
    return Asked(numbers, Sample(size, len(constructs), options.seed))


def _of_other_models(copies: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """First one of each model, then the second of each, and so on, in the order given."""
    turns: list[tuple[int, tuple[str, int]]] = []
    seen: Counter[str] = Counter()
    for copy in copies:
        turns.append((seen[copy[0]], copy))
        seen[copy[0]] += 1
    return [copy for _, copy in sorted(turns, key=lambda turn: turn[0])]


def known_results(file: Path, project: TestedProject) -> dict[str, Result]:
    """What earlier runs found out and is still true: by id."""
    known = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        result = Result.read(line)
        model = project.models.get(result.mutant.model)
        if not model or digest(model.sql) != result.model_digest:
            continue
        same_tests = tests_digest(project, model) == result.tests_digest
        still_killed = result.status in KILLED and result.by in _names(project, model)
        if same_tests or still_killed or result.status == "invalid":
            known[result.id] = result
    return known


def _names(project: TestedProject, model: Model) -> set[str]:
    units = {test.name for test in project.unit_tests if test.model == model.name}
    return units | {test.name for test in project.data_tests}


def run(options: Options, say: Callable[[str], None]) -> tuple[list[Result], Sample | None]:
    """Results of all mutants that are asked for, earlier ones included, and which were drawn."""
    project = built_project(options.folder / "built")
    material = Material.of(options)
    file = options.folder / "results.jsonl"
    known = known_results(file, project)
    file.write_text("".join(f"{r.line}\n" for r in known.values()), encoding="utf-8")
    asked = asked_mutants(project, options)
    say(f"{len(asked.numbers)} models; {len(known):,} mutants are known")
    started = time.monotonic()
    # Copies of the database, of processes that are no more.
    shutil.rmtree(options.folder / "processes", ignore_errors=True)
    found: list[Result] = []
    arguments = [
        (material, options, name, numbers, set(known)) for name, numbers in asked.numbers.items()
    ]
    with (
        file.open("a", encoding="utf-8") as lines,
        closing(each_finished(_in_process, arguments, options.processes)) as finished,
    ):
        for _, future in finished:
            mutants, results = future.result()
            lines.writelines(f"{result.line}\n" for result in results)
            lines.flush()
            found += [replace(known[m.id], mutant=m) for m in mutants if m.id in known] + results
            if results:
                alive = sum(result.status in SURVIVED for result in results)
                passed = time.monotonic() - started
                name = results[0].mutant.model
                say(f"{passed:,.0f} s: {name}, {len(results)} tried, {alive} survive")
    return found, asked.sample


_trial: Trial | None = None


def _in_process(
    material: Material, options: Options, name: str, asked: list[int] | None, known: set[str]
) -> tuple[list[Mutant], list[Result]]:
    """The mutants asked for, and results of those that are not known.

    The databases stay for the next task.
    """
    global _trial
    if _trial is None:
        folder = material.folder / "processes" / str(os.getpid())
        _trial = Trial(read_project(material.folder / "built"), folder, material)
    project = _trial.project
    model = project.models[name]
    mutants = _trial.mutants(name)
    if asked is None:
        asked = [n for n, mutant in enumerate(mutants) if is_asked_for(mutant, options)]
    new = [number for number in asked if mutants[number].id not in known]
    tests = tests_digest(project, model)
    results = [
        Result(
            mutants[number].id,
            mutants[number],
            model.layer,
            verdict.status,
            verdict.by,
            round(seconds, 3),
            digest(model.sql),
            tests,
        )
        for number, verdict, seconds in _trial.verdicts(name, new)
    ]
    return [mutants[number] for number in asked], results
