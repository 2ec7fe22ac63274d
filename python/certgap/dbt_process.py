"""dbt as a child of ``certgap build``: ends with its parent.

Without this a build that is killed (`kill -9`, out of memory) leaves a dbt behind that goes on
writing for minutes, and the next build finds the database in use.
"""

from __future__ import annotations

import os
import sys
import threading
import time

POLL_SECONDS = 0.2


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    # At once and without clean-up: what dbt has begun is a transaction that never happened.
    os._exit(1)


def main() -> None:
    """dbt's own command line."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    sys.exit(main())
