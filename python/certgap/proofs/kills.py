"""``kill -9`` at random moments of publications and builds.

Each trial starts from a copy of the same state: one publication is being read, new and restated
deliveries have arrived. After the kill the published file must be whole, and be the old or the new
version in every table; then the same command runs again, to its end and by itself, and must give
what an undisturbed one gives.

Moments of a publication are drawn over its whole run and, more often, over the part that writes
files. Moments of a build are drawn over the whole run and, more often, within models that are built
by month: only there does a build keep rows of an earlier one.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from certgap.in_processes import each_finished
from certgap.proofs.place import OPTIONS, Company, Place, ProofFailed, recorded, whole

SEED = 11
POLL_SECONDS = 0.005
OLD, NEW = 1, 2
# As dbt's log tells it, on one line of text or JSON.
MONTHLY_STARTS = re.compile(r"START sql monthly model")
HELD_BACK_DAYS = 40
# Who is hit: everything at once (a power cut, a container), `certgap` alone, or its dbt alone.
VICTIMS = ["all", "all", "certgap", "dbt"]


@dataclass(frozen=True)
class Trial:
    """One kill: of what, when, and what was read afterwards."""

    kind: str  # publication or build
    phase: str  # where the moment was drawn
    victim: str
    seconds: float  # after the start of the command
    read: int  # publication that was read after the kill
    is_finished: bool  # the command ended before the kill


@dataclass
class Outcome:
    """What the trials showed."""

    trials: list[Trial] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Versions:
    """Checksums of all tables: what was read before, and what must be read in the end."""

    old: dict[str, str]
    new: dict[str, str]

    def check(self, place: Place) -> int:
        """The version a place's file holds; raises unless it is one of the two, whole.

        A build that is killed between record and swap leaves its number unread, so that the next
        one has a higher number: rows decide, not numbers.
        """
        number, tables = whole(place.published)
        for version, expected in ((OLD, self.old), (NEW, self.new)):
            if tables == expected:
                return version
        changed = sorted(name for name in self.new if tables.get(name) != self.new[name])
        raise ProofFailed(f"publication {number} is neither version: {', '.join(changed)}")


class Kills:
    """The states that trials start from, made once."""

    def __init__(self, folder: Path) -> None:
        """Builds twice, the old version and the new one, and publishes both."""
        self.dice = random.Random(SEED)
        self.company = Company.invent(folder / "company")
        self.place = self.company.place(folder / "place")
        days = self.company.days()
        self.company.deliver(self.place, days[-HELD_BACK_DAYS])
        self.place.build()
        _, old = whole(self.place.published)
        self.company.deliver(self.place, days[-1])
        self.company.restate(self.place, 0)
        self.before_build = self.place.copy_to(folder / "before_build")
        began = time.monotonic()
        self.place.build("--no-publish")
        self.build_seconds = time.monotonic() - began
        self.before_publication = self.place.copy_to(folder / "before_publication")
        began = time.monotonic()
        self.place.run("publish")
        self.publication_seconds = time.monotonic() - began
        _, new = whole(self.place.published)
        if old == new:
            raise ProofFailed("the new deliveries change no figure: nothing could be seen")
        self.versions = Versions(old, new)

    def publication(self, number: int) -> Trial:
        """Kill one publication, look, and publish again."""
        self.place.put_back(self.before_publication)
        process = self.place.start("publish")
        began = time.monotonic()
        phase = "writing" if number % 4 else "any"
        if phase == "writing":
            _wait_for(process, lambda: any(self.place.published.parent.glob(".*.new-*")))
            # Copies, audit, record and swap take about half of the command.
            time.sleep(self.dice.uniform(0, 0.6 * self.publication_seconds))
        else:
            time.sleep(self.dice.uniform(0, self.publication_seconds))
        trial = self._kill("publication", phase, "all", process, began)
        self.place.run("publish")
        return self._finish(trial)

    def build(self, number: int) -> Trial:
        """Kill one build, look, and build again."""
        self.place.put_back(self.before_build)
        self.place.log.unlink(missing_ok=True)
        process = self.place.start("build", *OPTIONS)
        began = time.monotonic()
        phase = "monthly model" if number % 3 else "any"
        if phase == "monthly model":
            which = self.dice.randint(1, 5)
            _wait_for(process, lambda: _count(self.place.log, MONTHLY_STARTS) >= which)
            time.sleep(self.dice.uniform(0, 0.4))
        else:
            time.sleep(self.dice.uniform(0, self.build_seconds))
        victim = self.dice.choice(VICTIMS)
        trial = self._kill("build", phase, victim, process, began)
        self.place.build()
        return self._finish(trial)

    def _kill(
        self, kind: str, phase: str, victim: str, process: subprocess.Popen[bytes], began: float
    ) -> Trial:
        is_finished = process.poll() is not None
        seconds = time.monotonic() - began
        if not is_finished:
            _kill(process, victim)
        process.wait()
        read = self.versions.check(self.place)
        if kind == "build" and read == NEW and not is_finished and victim == "dbt":
            raise ProofFailed("a build whose dbt was killed has published")
        return Trial(kind, phase, victim, seconds, read, is_finished)

    def _finish(self, trial: Trial) -> Trial:
        if self.versions.check(self.place) != NEW:
            raise ProofFailed("the command after the kill has not published")
        numbers = recorded(self.place)
        # A build that had published before the kill and is built again is a publication more.
        if list(numbers) not in ([OLD, NEW], [OLD, NEW, NEW + 1]):
            raise ProofFailed(f"the record has the publications {numbers}")
        left = list(self.place.published.parent.glob(".*.new-*"))
        if left:
            raise ProofFailed(f"{left[0].name} was left behind")
        return trial


def _kill(process: subprocess.Popen[bytes], victim: str) -> None:
    if victim == "all":
        os.killpg(process.pid, signal.SIGKILL)
        return
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if victim == "dbt" and children.exists():
        found = children.read_text(encoding="ascii").split()
        for child in found:
            os.kill(int(child), signal.SIGKILL)
        if found:
            return
    process.kill()


def _wait_for(process: subprocess.Popen[bytes], happens: Callable[[], bool]) -> None:
    while process.poll() is None and not happens():
        time.sleep(POLL_SECONDS)


def _count(path: Path, pattern: re.Pattern[str]) -> int:
    try:
        return len(pattern.findall(path.read_text(encoding="utf-8", errors="replace")))
    except FileNotFoundError:
        return 0


_kills: Kills | None = None


def _trial(folder: Path, kind: str, number: int) -> Trial:
    """One trial; the states it starts from stay in the process for the next one."""
    global _kills
    if _kills is None:
        try:
            _kills = Kills(folder / str(os.getpid()))
        except ProofFailed as error:
            raise RuntimeError(f"nothing to kill: {error}") from error
    # Drawn by the trial, whichever process it falls to; how long a command takes is measured there.
    _kills.dice = random.Random(f"{SEED} {kind} {number}")
    try:
        return (_kills.publication if kind == "publication" else _kills.build)(number)
    except ProofFailed as error:
        _kills.place.copy_to(folder / f"fault-{kind}-{number}")
        raise ProofFailed(f"{kind} {number}: {error}") from error


def prove_kills(
    folder: Path,
    n_publications: int,
    n_builds: int,
    say: Callable[[str], None] = print,
    processes: int = 1,
) -> Outcome:
    """So many kills of publications and of builds; a trial that shows a fault is told and counted.

    The place of a fault stays in ``folder``, e.g. as ``fault-build-7``.
    """
    outcome = Outcome()
    numbers = {"build": range(n_builds), "publication": range(n_publications)}
    trials = [(kind, number) for kind, some in numbers.items() for number in some]
    arguments = [(folder, *trial) for trial in trials]
    with closing(each_finished(_trial, arguments, processes)) as finished:
        for position, (_, future) in enumerate(finished, start=1):
            try:
                done = future.result()
            except ProofFailed as error:
                words = str(error)
                outcome.faults.append(words)
            else:
                outcome.trials.append(done)
                moment = f"{done.victim}, {done.phase}, {done.seconds:.2f} s"
                words = f"{done.kind}, {moment}: {done.read}"
            say(f"{position} of {len(trials)}: {words}")
    return outcome
