"""Killed in the middle, or read in a loop: the published file is always one whole version.

A sample of `make kills` and `make readers` on a working database that needs no build.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from certgap.project import Project
from certgap.proofs.readers import read_slowly, read_whole
from certgap.publish.audit import audit
from certgap.publish.publisher import publish
from publish_project import another_build, built_project, change_working, query

KILLS = 8
PUBLISH = """
import sys
from pathlib import Path
from certgap.project import Project
from certgap.publish.publisher import publish
project = Project(Path(sys.argv[1]), {})
print("ready", flush=True)
publish(project)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A working database and the artifacts of a complete build of it."""
    return built_project(tmp_path)


def next_version(project: Project, number: int) -> None:
    """A build whose only rate is its number, in some thousand rows."""
    change_working(
        project,
        "create or replace table published.published__adoption_rates as select"
        f" cast(i as varchar) as program_id, {number}.0 as adoption_rate from range(20000) as t(i)",
    )
    another_build(project, f"run-{number}")


def rates(project: Project) -> list[tuple[float, int]]:
    return query(
        project.published,
        "select cast(adoption_rate as int), count(*) from adoption_rates group by all",
    )


def test_a_publication_killed_at_any_moment_leaves_the_old_or_the_new_one(
    project: Project,
) -> None:
    dice = random.Random(3)
    next_version(project, 1)
    began = time.monotonic()
    publish(project)
    lasts = time.monotonic() - began
    for number in range(2, KILLS + 2):
        next_version(project, number)
        command = [sys.executable, "-c", PUBLISH, str(project.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout and process.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0, 1.2 * lasts))
            process.kill()
        found = audit(project.published)
        assert found.passed, found.problems
        assert rates(project) in ([(number - 1, 20000)], [(number, 20000)])
        assert publish(project).publication_id == number
        assert rates(project) == [(number, 20000)]
    assert not list(project.published.parent.glob(".*.new-*"))


def test_readers_in_a_loop_see_no_error_and_one_version_at_a_time(project: Project) -> None:
    next_version(project, 1)
    publish(project)
    ends = threading.Event()
    errors: list[BaseException] = []
    seen: list[int] = []

    def read() -> None:
        while not ends.is_set():
            try:
                seen.append(read_whole(project.published)[0])
                seen.append(read_slowly(project.published)[0])
            except BaseException as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(2, 12):
        next_version(project, number)
        publish(project)
    deadline = time.monotonic() + 60
    while 11 not in seen and not errors and time.monotonic() < deadline:
        time.sleep(0.05)
    ends.set()
    reader.join()
    assert not errors
    assert seen == sorted(seen) and seen[-1] == 11
