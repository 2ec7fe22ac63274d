"""Makes the local Superset's administrator; runs in .venv-bi and is not imported by anything.

Superset's own command takes the password as an option, where everybody on the machine can read it.
"""

from __future__ import annotations

import os
from pathlib import Path

from superset.app import create_app

app = create_app()
with app.app_context():
    users = app.appbuilder.sm
    name = os.environ["CERTGAP_BI_USER"]
    password = (Path(os.environ["SUPERSET_HOME"]) / "password").read_text(encoding="ascii").strip()
    if users.find_user(username=name) is None:
        made = users.add_user(
            name,
            "Local",
            "Administrator",
            "admin@localhost.invalid",
            users.find_role("Admin"),
            password=password,
        )
        if not made:
            raise SystemExit("Superset did not make the user.")
