"""Superset on this machine: its folder, its processes, and what one says to its API.

Everything it keeps is below ``build/bi``: its own database (SQLite), a secret key and the
administrator's password, both drawn at random when the folder is made.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class Superset:
    """One Superset: the project whose .venv-bi it runs from, its folder, its port."""

    project: Path
    folder: Path
    port: int

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
            # Superset asks a server of its makers for a picture that counts installations.
            "SCARF_ANALYTICS": "false",
            "PYTHONWARNINGS": "ignore",
        }

    def start(self) -> bool:
        """Make what it needs and start it; False when it was up already."""
        if self.is_up():
            return False
        if processes.port_answers(self.port):
            raise UserError(
                f"Port {self.port} is in use by something else.",
                f"Stop it, or choose another: python -m certgap.bi up --port {self.port + 1}.",
            )
        if not (self.folder / "superset.db").is_file():
            self._set_up()
        processes.start(
            [self._binary(), "run", "-p", str(self.port), "--with-threads"],
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

    def _binary(self) -> str:
        return str(self.project / ".venv-bi" / "bin" / "superset")

    def _set_up(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("secret_key", "password"):
            path = self.folder / name
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
        admin = ["--username", USER, "--firstname", "Local", "--lastname", "Administrator"]
        admin += ["--email", "admin@localhost.invalid", "--password", self.password]
        try:
            for command in (["db", "upgrade"], ["fab", "create-admin", *admin], ["init"]):
                self._run(command)
        except UserError:
            # So that the next start sets up anew instead of running on half a database.
            (self.folder / "superset.db").unlink(missing_ok=True)
            raise

    def _run(self, command: list[str]) -> None:
        log = self.folder / "set_up.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [self._binary(), *command],
                env=self.environment,
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            # Without its options: one of them is the password.
            words = " ".join(command[:2])
            raise UserError(f"`superset {words}` failed.", f"Its log says why: {log}.")


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
        login = {"username": USER, "password": superset.password, "provider": "db"}
        token = self._said(self._ask("POST", "/security/login", json=login))["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        secret = self._said(self._ask("GET", "/security/csrf_token/"))["result"]
        self.session.headers.update({"X-CSRFToken": secret, "Referer": superset.address})

    def import_bundle(self, bundle: bytes) -> None:
        """Put the bundle's database, datasets, charts and dashboard there, over older ones."""
        files = {"bundle": ("certification_gap.zip", bundle, "application/zip")}
        self._said(self._ask("POST", "/assets/import/", files=files))

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
        return self.session.request(
            method, self.address + path, timeout=ANSWERS_WITHIN_SECONDS, **options
        )

    @staticmethod
    def _said(response: requests.Response) -> dict[str, Any]:
        if not response.ok:
            raise UserError(
                f"Superset answered {response.status_code} to {response.request.path_url}.",
                response.text[:2000],
            )
        return response.json()
