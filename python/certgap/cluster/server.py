"""A standalone Spark cluster from the pyspark wheel: a master, two workers, a Thrift server.

All bound to 127.0.0.1, with pid files, logs, tables and scratch space below ``build/cluster``. The
wheel has no ``start-master.sh``, but everything that script would start.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from certgap.cluster import processes
from certgap.errors import UserError

HOST = "127.0.0.1"
WORKERS = 2
START_SECONDS = 180
LOG_LINES = 15

# Heap sizes: about 5 GiB resident in all while a build runs.
DAEMON_HEAP = "256m"
DRIVER_HEAP = "1536m"
EXECUTOR_HEAP = "1g"

# Hundreds of small statements, each with code of its own: the second compiler never earns its keep.
# Measured on the models up to int_units: 265 core-seconds instead of 428. Not for a real cluster.
JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

# The server's settings win over those of a dbt profile, so they are made here.
SPARK_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    # About twice the cores; 200 by default, which is all overhead on a small cluster.
    "spark.sql.shuffle.partitions": "4",
    # Tables are Parquet, with timestamps that other readers understand.
    "spark.sql.legacy.createHiveTableByDefault": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # Days before 1582, such as a stand-in for "no day", are written as they are.
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.ui.enabled": "false",
    "spark.log.level": "WARN",
    "spark.executor.extraJavaOptions": JVM_OPTIONS,
    "spark.executor.cores": "1",
    "spark.cores.max": str(WORKERS),
}

# {pid file: words of the command line}
PROGRAMS = {
    "master": "org.apache.spark.deploy.master.Master",
    **{f"worker-{n}": "org.apache.spark.deploy.worker.Worker" for n in range(1, WORKERS + 1)},
    "thrift": "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
}


@dataclass(frozen=True)
class Cluster:
    """The cluster of one checkout of the project."""

    project: Path

    @property
    def folder(self) -> Path:
        """Everything the cluster writes."""
        return self.project / "build" / "cluster"

    @property
    def warehouse(self) -> Path:
        """Spark's tables: a folder ``<schema>.db`` per schema, a folder per table in it."""
        return self.folder / "warehouse"

    @property
    def spark_python(self) -> Path:
        """The second environment, which holds pyspark and dbt-spark."""
        return self.project / ".venv-spark" / "bin" / "python"

    @property
    def thrift_port(self) -> int:
        """Where dbt connects (profiles.yml.example reads the same variable)."""
        return _port("CERTGAP_SPARK_PORT", 10000)

    @property
    def master_port(self) -> int:
        """Where workers and the Thrift server find the master."""
        return _port("CERTGAP_SPARK_MASTER_PORT", 7077)

    def pid_file(self, program: str) -> Path:
        """Where the number of a program's process is kept."""
        return self.folder / "pids" / f"{program}.pid"

    def log_file(self, program: str) -> Path:
        """What a program says."""
        return self.folder / "logs" / f"{program}.log"

    def running(self) -> list[str]:
        """Programs of this cluster that run."""
        return [
            program
            for program, words in PROGRAMS.items()
            if processes.running_pid(self.pid_file(program), words)
        ]

    def is_up(self) -> bool:
        """Whether the whole cluster runs and dbt can connect."""
        return set(self.running()) == set(PROGRAMS) and processes.port_answers(self.thrift_port)

    def start(self) -> bool:
        """Start what is not running and wait for the Thrift port; False when all was up."""
        if self.is_up():
            return False
        self.stop()
        spark_home = self._spark_home()
        for port, variable in (
            (self.master_port, "CERTGAP_SPARK_MASTER_PORT"),
            (self.thrift_port, "CERTGAP_SPARK_PORT"),
        ):
            if processes.port_answers(port):
                raise UserError(
                    f"Port {port} is taken by another program.",
                    f"Stop that program, or set {variable} to a free port.",
                )
        for name in ("pids", "logs", "scratch", "work", "warehouse"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        spark_class = str(spark_home / "bin" / "spark-class")
        self._launch(
            "master", [spark_class, PROGRAMS["master"], "--host", HOST,
                       "--port", str(self.master_port), "--webui-port", "0"],
        )  # fmt: skip
        self._wait_for("master", self.master_port)
        for number in range(1, WORKERS + 1):
            program = f"worker-{number}"
            # Two workers of one core each share this machine's memory; they do not measure it.
            self._launch(
                program, [spark_class, PROGRAMS[program], "--host", HOST, "--cores", "1",
                          "--memory", "2g", "--webui-port", "0",
                          "--work-dir", str(self.folder / "work"), self._master_url],
            )  # fmt: skip
        self._launch("thrift", self._thrift_command(spark_home), DRIVER_HEAP)
        self._wait_for("thrift", self.thrift_port)
        return True

    def stop(self) -> bool:
        """Stop whatever of this cluster runs; True when something did."""
        stopped = [
            processes.stop(self.pid_file(program), words)
            for program, words in reversed(PROGRAMS.items())
        ]
        for name in ("scratch", "work"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return any(stopped)

    def executors(self, number: int) -> list[int]:
        """Processes below a worker, which do its work."""
        program = f"worker-{number}"
        pid = processes.running_pid(self.pid_file(program), PROGRAMS[program])
        return processes.children(pid) if pid else []

    def kill_worker(self, number: int) -> int:
        """End a worker and its executor with SIGKILL, as a failing machine would; its process."""
        program = f"worker-{number}"
        pid = processes.running_pid(self.pid_file(program), PROGRAMS[program])
        if pid is None:
            raise UserError(
                f"There is no {program} to kill.", "Start the cluster with `make cluster-up`."
            )
        for process in [*self.executors(number), pid]:
            os.kill(process, signal.SIGKILL)
        return pid

    @property
    def _master_url(self) -> str:
        return f"spark://{HOST}:{self.master_port}"

    def _spark_home(self) -> Path:
        """The wheel's folder, after a look at what it needs."""
        if not self.spark_python.is_file():
            raise UserError(
                f"There is no {self.spark_python}, the environment that holds Spark.",
                "`make cluster-up` makes it.",
            )
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise UserError(
                "Spark needs Java 17, and there is no `java` on the path.",
                "On Debian: apt-get install openjdk-17-jre-headless.",
            )
        found = list(self.spark_python.parents[1].glob("lib/python3*/site-packages/pyspark"))
        if not found:
            raise UserError(
                "pyspark is not in .venv-spark.", "Remove that folder and run `make cluster-up`."
            )
        return found[0]

    def _thrift_command(self, spark_home: Path) -> list[str]:
        scratch = self.folder / "scratch"
        settings = SPARK_SETTINGS | {
            "spark.sql.warehouse.dir": str(self.warehouse),
            "spark.hadoop.javax.jdo.option.ConnectionURL": (
                f"jdbc:derby:;databaseName={self.folder / 'metastore'};create=true"
            ),
            "spark.hadoop.hive.exec.scratchdir": str(scratch / "hive"),
            "spark.driver.extraJavaOptions": (
                f"{JVM_OPTIONS} -Djava.io.tmpdir={scratch}"
                f" -Dderby.stream.error.file={self.log_file('derby')}"
            ),
        }
        command = [
            str(spark_home / "bin" / "spark-submit"), "--class", PROGRAMS["thrift"],
            "--name", "certgap", "--master", self._master_url,
            "--executor-memory", EXECUTOR_HEAP,
        ]  # fmt: skip
        for name, value in settings.items():
            command += ["--conf", f"{name}={value}"]
        return [
            *command, "spark-internal",
            "--hiveconf", f"hive.server2.thrift.port={self.thrift_port}",
            "--hiveconf", f"hive.server2.thrift.bind.host={HOST}",
        ]  # fmt: skip

    def _launch(self, program: str, command: list[str], heap: str = DAEMON_HEAP) -> None:
        environment = os.environ | {
            "SPARK_HOME": str(self._spark_home()),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(self.folder / "scratch"),
            # spark-submit gives it to the Thrift server too, above --driver-memory.
            "SPARK_DAEMON_MEMORY": heap,
            "PYSPARK_PYTHON": str(self.spark_python),
        }
        # The project's folder, so that a relative CERTGAP_RAW means the same to dbt and to Spark.
        processes.start(
            command, environment, self.project, self.log_file(program), self.pid_file(program)
        )

    def _wait_for(self, program: str, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not processes.port_answers(port):
            gone = processes.running_pid(self.pid_file(program), PROGRAMS[program]) is None
            if gone or time.monotonic() > deadline:
                log = self.log_file(program)
                last_lines = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES:])
                self.stop()
                raise UserError(
                    f"Spark's {program} did not open port {port}. The end of {log}:\n{last_lines}"
                )
            time.sleep(0.5)


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise UserError(f"{variable} must be a port from 1024 to 65535; it is: {text}.")
    return int(text)
