"""One thing `certgap doctor` looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    level: Literal["ok", "note", "problem"]
    subject: str
    detail: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """For ``certgap doctor --json``."""
        return asdict(self)
