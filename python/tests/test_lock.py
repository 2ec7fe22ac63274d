"""One build at a time, by a lock that a kill releases; disks that are full or read-only."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from certgap import database, lock
from certgap.errors import UserError
from certgap.project import Project
from certgap.publish.publisher import publish, writing
from publish_project import another_build, built_project, change_working

HOLD = """
import sys, time
from pathlib import Path
from certgap import lock
with lock.hold(Path(sys.argv[1]), "certgap build"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A database's path; the lock lies beside it."""
    return tmp_path / "certgap.duckdb"


@pytest.fixture
def other(warehouse: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(warehouse)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "GRACE_SECONDS", 0.0)


def test_a_second_build_says_who_holds_the_database(
    warehouse: Path, other: subprocess.Popen[str]
) -> None:
    with (
        pytest.raises(
            UserError, match=rf"certgap build, process {other.pid}, since 20\d\d"
        ) as said,
        lock.hold(warehouse, "certgap publish"),
    ):
        pass
    assert "nothing has to be deleted" in said.value.remedy


def test_a_kill_releases_the_lock(warehouse: Path, other: subprocess.Popen[str]) -> None:
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with lock.hold(warehouse, "certgap build"):
        pass


def test_a_build_that_waits_says_so_and_goes_on_when_the_other_has_ended(
    warehouse: Path, other: subprocess.Popen[str]
) -> None:
    said: list[str] = []

    def say(words: str) -> None:
        said.append(words)
        other.kill()

    with lock.hold(warehouse, "certgap build", wait=True, say=say):
        assert len(said) == 1 and f"process {other.pid}" in said[0]


def test_the_lock_is_held_once_by_a_process_and_free_afterwards(warehouse: Path) -> None:
    with lock.hold(warehouse, "certgap build"):
        assert len(lock.inherited()) == 1
        with lock.hold(warehouse, "certgap publish"):
            pass
        assert len(lock.inherited()) == 1
    assert lock.inherited() == ()


def test_dbt_by_hand_does_not_start_within_a_build_and_its_own_dbt_does(
    warehouse: Path, other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="in use by certgap build"):
        lock.check_free(warehouse)
    monkeypatch.setenv(lock.HOLDER, str(os.getppid()))
    lock.check_free(warehouse)


def test_a_dbt_whose_parent_was_killed_ends_and_the_lock_with_it(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The parent holds the lock and starts a child as run_dbt does; only the parent is killed.
    parent = textwrap.dedent(
        """
        import os, subprocess, sys
        from pathlib import Path
        from certgap import lock
        with lock.hold(Path(sys.argv[1]), "certgap build"):
            subprocess.run(
                [sys.executable, "-c", sys.argv[2]],
                env={**os.environ, lock.HOLDER: str(os.getpid())},
                pass_fds=lock.inherited(),
            )
        """
    )
    child = (
        "import os, time; from certgap import dbt_process as d; import threading;"
        "threading.Thread(target=d._end_with, args=(int(os.environ['CERTGAP_LOCK_HOLDER']),),"
        " daemon=True).start(); print(os.getpid(), flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", parent, str(warehouse), child]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        # The child shares the lock: it is held until both have ended.
        process.kill()
        process.wait()
    monkeypatch.setattr(lock, "GRACE_SECONDS", 30.0)
    with lock.hold(warehouse, "certgap build"):
        deadline = time.monotonic() + 30
        while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# ---- disks


def test_a_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("not a folder")
    with pytest.raises(UserError, match="a part of its path is a file"):
        database.check_can_be_opened(tmp_path / "warehouse" / "certgap.duckdb")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder nobody may write to: by its permissions, or for root as a read-only mount."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.geteuid():
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    bound = subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("root may write everywhere, and may not mount here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_read_only_folder_is_named_before_the_build(read_only: Path) -> None:
    for check in (database.check_can_be_opened, database.check_folder):
        with pytest.raises(UserError, match="read-only for this user") as said:
            check(read_only / "certgap.duckdb")
        assert "right to write" in said.value.remedy
    with (
        pytest.raises(UserError, match="read-only for this user"),
        lock.hold(read_only / "certgap.duckdb", "certgap build"),
    ):
        pass


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_duckdbs_words_for_a_full_disk_are_known(tmp_path: Path, code: int) -> None:
    message = f'IO Error: Could not write file "x.duckdb": {os.strerror(code)}'
    known = database.explain_duckdb_error(tmp_path / "certgap.duckdb", message)
    assert known and "no room left" in known.problem and "MB are free" in known.problem


def test_a_delivery_that_may_not_be_read_is_not_taken_for_the_database(tmp_path: Path) -> None:
    message = 'IO Error: Cannot open file "raw/2026-01-01.csv": Permission denied'
    assert database.explain_duckdb_error(tmp_path / "certgap.duckdb", message) is None


def test_a_full_disk_leaves_the_publication_and_the_next_one_succeeds(tmp_path: Path) -> None:
    project = built_project(tmp_path)
    publish(project)
    before = project.published.read_bytes()
    change_working(
        project,
        "create or replace table published.published__adoption_rates as"
        " select cast(i as varchar) as program_id, random() as adoption_rate"
        " from range(200000) as t(i)",
    )
    another_build(project, "run-2")
    # No file may grow beyond a megabyte: the system refuses the write as a full disk does.
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))
    try:
        with pytest.raises(UserError, match="no room left") as said:
            publish(project)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert "Free room" in said.value.remedy
    assert project.published.read_bytes() == before
    assert not list(project.published.parent.glob("*.new-*"))
    assert publish(project).publication_id == 2


def test_errors_that_are_not_of_the_disk_keep_their_own_words(tmp_path: Path) -> None:
    project = Project(tmp_path, {})
    with pytest.raises(ValueError, match="a fault of ours"), writing(project):
        raise ValueError("a fault of ours")


def test_what_a_killed_publication_left_is_cleared_away(tmp_path: Path) -> None:
    project = built_project(tmp_path)
    left = project.published.parent / ".published.duckdb.new-killed"
    left.mkdir(parents=True)
    (left / "published.duckdb").write_bytes(b"half")
    publish(project)
    assert not left.exists()
