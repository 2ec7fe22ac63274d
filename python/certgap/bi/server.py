"""Superset on this machine: its folder, its processes, and what one says to its API.

Everything it keeps is below ``build/bi``: its own database (SQLite), a secret key and the
administrator's password, both drawn at random when the folder is made.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from certgap.cluster import processes
from certgap.errors import UserError

USER = "admin"
STARTS_WITHIN_SECONDS = 180
ANSWERS_WITHIN_SECONDS = 60
WORDS = "superset run"
PORT = 8088


@dataclass(frozen=True)
class Superset:
    """One Superset: the project whose .venv-bi it runs from, its folder, the port asked for."""

    project: Path
    folder: Path
    wanted_port: int | None = None

    @property
    def port(self) -> int:
        """The port it runs on, or would."""
        if self.is_up():
            return int((self.folder / "port").read_text(encoding="ascii"))
        return self.wanted_port or PORT

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The administrator's."""
        return (self.folder / "password").read_text(encoding="ascii").strip()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "superset.pid"

    @property
    def environment(self) -> dict[str, str]:
        """What its commands and the browser's script run with."""
        return {
            **os.environ,
            "SUPERSET_HOME": str(self.folder),
            "SUPERSET_CONFIG_PATH": str(Path(__file__).with_name("superset_config.py")),
            "FLASK_APP": "superset",
            "CERTGAP_BI_USER": USER,
            "PYTHONWARNINGS": "ignore",
        }

    def start(self) -> bool:
        """Make what it needs and start it; False when it was up already."""
        if self.is_up():
            if self.wanted_port not in (None, self.port):
                raise UserError(f"It runs already, at {self.address}.", "First: make bi-down.")
            return False
        if processes.port_answers(self.port):
            raise UserError(
                f"Port {self.port} is in use by something else.",
                f"Stop that, or choose another: make bi-up PORT={self.port + 1}.",
            )
        self._set_up()
        (self.folder / "port").write_text(f"{self.port}\n", encoding="ascii")
        processes.start(
            [self._binary("superset"), "run", "-p", str(self.port), "--with-threads"],
            self.environment,
            self.folder,
            self.folder / "server.log",
            self._pid_file,
        )
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not processes.port_answers(self.port):
            if time.monotonic() > deadline or processes.running_pid(self._pid_file, WORDS) is None:
                raise UserError(
                    "Superset did not start.", f"Its log says why: {self.folder / 'server.log'}."
                )
            time.sleep(0.5)
        return True

    def is_up(self) -> bool:
        """Whether this folder's Superset runs."""
        return processes.running_pid(self._pid_file, WORDS) is not None

    def stop(self) -> bool:
        """Stop it; True when it was running."""
        return processes.stop(self._pid_file, WORDS)

    def _binary(self, name: str) -> str:
        return str(self.project / ".venv-bi" / "bin" / name)

    def _set_up(self) -> None:
        """Its database and administrator; again where another version was installed since."""
        lock = (self.project / "requirements" / "bi.txt").read_bytes()
        version, marker = hashlib.sha256(lock).hexdigest(), self.folder / "set_up"
        if marker.is_file() and marker.read_text(encoding="ascii") == version:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not marker.is_file():
            # Nothing, or what a set-up that was cut short has left.
            (self.folder / "superset.db").unlink(missing_ok=True)
            for name in ("secret_key", "password"):
                path = self.folder / name
                path.touch(mode=0o600)
                path.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
        self._run("superset", "db", "upgrade")
        self._run("superset", "init")
        self._run("python", str(Path(__file__).with_name("first_user.py")))
        marker.write_text(version, encoding="ascii")

    def _run(self, *command: str) -> None:
        log = self.folder / "set_up.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [self._binary(command[0]), *command[1:]],
                env=self.environment,
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            words = " ".join(command)
            raise UserError(f"`{words}` failed.", f"Its log says why: {log}.")


def free_port() -> int:
    """A port nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """The REST API of a running Superset, as its administrator."""

    def __init__(self, superset: Superset) -> None:
        """Logs in."""
        self.address = f"{superset.address}/api/v1"
        self.session = requests.Session()
        # No proxy and no .netrc: what is said here is for this machine.
        self.session.trust_env = False
        login = {"username": USER, "password": superset.password, "provider": "db"}
        token = self._said(self._ask("POST", "/security/login", json=login))["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        secret = self._said(self._ask("GET", "/security/csrf_token/"))["result"]
        self.session.headers.update({"X-CSRFToken": secret, "Referer": superset.address})

    def import_bundle(self, bundle: bytes) -> None:
        """Put the bundle's database, datasets, charts and dashboard there, over older ones."""
        files = {"bundle": ("certification_gap.zip", bundle, "application/zip")}
        self._said(self._ask("POST", "/assets/import/", files=files))

    def import_as_people_do(self, bundle: bytes) -> None:
        """What the button on the page of dashboards does; of what is there it replaces little."""
        files = {"formData": ("certification_gap.zip", bundle, "application/zip")}
        asked = {"files": files, "data": {"overwrite": "true"}}
        self._said(self._ask("POST", "/dashboard/import/", **asked))

    def dataset_ids(self) -> dict[str, int]:
        """The number of each dataset, by its table's name."""
        found = self._said(self._ask("GET", "/dataset/?q=(page_size:1000)"))["result"]
        return {one["table_name"]: one["id"] for one in found}

    def charts(self) -> dict[str, dict[str, Any]]:
        """Every chart, by its name."""
        found = self._said(self._ask("GET", "/chart/?q=(page_size:1000)"))["result"]
        return {one["slice_name"]: one for one in found}

    def rows(self, dataset_id: int, query: dict[str, Any]) -> list[dict[str, Any]]:
        """What a chart with this query would draw."""
        asked = {
            "datasource": {"id": dataset_id, "type": "table"},
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
        }
        return self._said(self._ask("POST", "/chart/data", json=asked))["result"][0]["data"]

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            return self.session.request(
                method, self.address + path, timeout=ANSWERS_WITHIN_SECONDS, **options
            )
        except requests.RequestException as error:
            raise UserError(
                f"Superset does not answer at {self.address}: {type(error).__name__}.",
                "Stop it and start it again: make bi-down, make bi-up. Its log is server.log in "
                "build/bi.",
            ) from error

    @staticmethod
    def _said(response: requests.Response) -> dict[str, Any]:
        if not response.ok:
            raise UserError(
                f"Superset answered {response.status_code} to {response.request.path_url}.",
                response.text[:2000],
            )
        return response.json()
