"""Starting, stopping and watching the cluster. Spark itself runs in `make cluster-test`."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from certgap.cluster import processes
from certgap.cluster.dbt_runs import run_dbt
from certgap.cluster.server import PROGRAMS, Cluster
from certgap.errors import CheckFailed, UserError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)  # certgap-test"]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A project with a pyspark and a java that do nothing."""
    for file in (".venv-spark/bin/python", "bin/java"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("#!/bin/sh\n")
        (tmp_path / file).chmod(0o755)
    programs = tmp_path / ".venv-spark/lib/python3.11/site-packages/pyspark/bin"
    programs.mkdir(parents=True)
    for name in ("spark-class", "spark-submit"):
        (programs / name).write_text("#!/bin/sh\necho 'Unrecognized option: --moon'\nexit 1\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CERTGAP_SPARK_PORT", str(one.getsockname()[1]))
        monkeypatch.setenv("CERTGAP_SPARK_MASTER_PORT", str(other.getsockname()[1]))
    return Cluster(tmp_path)


def test_a_process_is_known_by_number_and_words(tmp_path: Path) -> None:
    """A pid file left from before a reboot may name anybody's process."""
    pid_file = tmp_path / "p.pid"
    assert processes.running_pid(pid_file, "certgap-test") is None
    processes.start(SLEEP, os.environ, tmp_path, tmp_path / "log", pid_file)
    pid = int(pid_file.read_text())
    assert processes.running_pid(pid_file, "certgap-test") == pid
    assert processes.running_pid(pid_file, "another program") is None
    assert processes.stop(pid_file, "certgap-test")
    assert not pid_file.exists()
    assert not processes.stop(pid_file, "certgap-test")


def test_a_stranger_is_not_stopped(tmp_path: Path) -> None:
    """Stopping forgets the number and leaves the process."""
    pid_file = tmp_path / "p.pid"
    processes.start(SLEEP, os.environ, tmp_path, tmp_path / "log", pid_file)
    number = pid_file.read_text()
    assert not processes.stop(pid_file, "another program")
    pid_file.write_text(number)
    assert processes.stop(pid_file, "certgap-test")


def test_no_java(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, with what to install."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="Java 17") as error:
        cluster.start()
    assert "openjdk-17" in error.value.remedy


def test_no_environment(tmp_path: Path) -> None:
    """The second environment is missing."""
    with pytest.raises(UserError, match="venv-spark"):
        Cluster(tmp_path).start()


def test_port_taken(cluster: Cluster) -> None:
    """Another program on the port is named as such and left alone."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", cluster.thrift_port))
        other.listen()
        with pytest.raises(UserError, match=f"Port {cluster.thrift_port} is taken") as error:
            cluster.start()
        assert "CERTGAP_SPARK_PORT" in error.value.remedy


def test_wrong_port(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typo in the setting."""
    monkeypatch.setenv("CERTGAP_SPARK_PORT", "1oooo")
    with pytest.raises(UserError, match="CERTGAP_SPARK_PORT must be a port"):
        cluster.start()


def test_a_program_that_ends_at_once(cluster: Cluster) -> None:
    """Its last words are shown, without waiting for the port, and nothing is left running."""
    began = time.monotonic()
    with pytest.raises(UserError, match="Unrecognized option: --moon"):
        cluster.start()
    assert time.monotonic() - began < 30
    assert cluster.running() == []


def test_kill_needs_a_worker(cluster: Cluster) -> None:
    """Nothing to kill is an error, not a passed test."""
    with pytest.raises(UserError, match="no worker-2"):
        cluster.kill_worker(2)


def test_killed_worker_is_gone(cluster: Cluster) -> None:
    """SIGKILL reaches the worker and the process below it."""
    pid_file = cluster.pid_file("worker-2")
    pid_file.parent.mkdir(parents=True)
    script = f"sleep 60 & echo $! > {cluster.project / 'executor'}; wait  # {PROGRAMS['worker-2']}"
    processes.start(
        ["/bin/sh", "-c", script], os.environ, cluster.project, cluster.project / "log", pid_file
    )
    deadline = time.monotonic() + 10
    executor = cluster.project / "executor"
    while not (executor.is_file() and executor.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    cluster.kill_worker(2)
    time.sleep(0.3)
    assert cluster.running() == []
    stat = Path(f"/proc/{executor.read_text().strip()}/stat")
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def fake_dbt(tmp_path: Path, exit_code: int, statuses: dict[str, str]) -> dict:
    """What run_dbt needs to run a program that says what dbt says."""
    results = [
        {"unique_id": unique_id, "status": status, "message": "boom\n  here"}
        for unique_id, status in statuses.items()
    ]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    lines = "1 of 3 START hook: h\\n1 of 20 START sql table\\n1 of 20 OK\\n15 of 20 START test"
    return {
        "command": ["/bin/sh", "-c", f"printf '{lines}\\n'; exit {exit_code}"],
        "environment": {**os.environ, "DBT_TARGET_PATH": str(tmp_path)},
        "project": tmp_path,
        "log": tmp_path / "log",
    }


def test_a_run_is_counted_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds, and how many of what."""
    started: list[tuple[int, int]] = []
    statuses = {"model.c.a": "success", "test.c.t": "pass", "unit_test.c.u": "pass"}
    run = run_dbt(
        "spark",
        **fake_dbt(tmp_path, 0, statuses),
        on_start=lambda number, total: started.append((number, total)),
    )
    assert run.counts == {"model success": 1, "test pass": 1, "unit_test pass": 1}
    assert started == [(1, 20), (15, 20)]
    assert "spark: 15 of 20 nodes" in capsys.readouterr().out


def test_a_failed_run_names_what_failed(tmp_path: Path) -> None:
    """Not what was skipped because of it."""
    statuses = {"model.c.a": "error", "model.c.b": "skipped", "test.c.t": "fail"}
    with pytest.raises(CheckFailed, match="2 nodes") as error:
        run_dbt("spark", **fake_dbt(tmp_path, 1, statuses))
    assert "model.c.a: boom here" in error.value.problem
    assert "model.c.b" not in error.value.problem
