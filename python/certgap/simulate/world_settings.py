"""The parameters of a world: the commented TOML beside this module, with a world's changes.

Rule: no module of the simulator holds a size, a date or a share of its own.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

SETTINGS_FILE = Path(__file__).with_name("default_world.toml")


def _merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`base` with `changes` on top, table by table."""
    merged = dict(base)
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def load_world(
    world: str, start: date | str | None = None, end: date | str | None = None
) -> dict[str, Any]:
    """Parameters of `world`; `start` and `end` replace its period."""
    settings = tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    worlds = settings.pop("worlds")
    if world not in worlds:
        raise ValueError(f"unknown world '{world}'; known: {', '.join(sorted(worlds))}")
    settings = _merge(settings, worlds[world])
    for key, value in (("start", start), ("end", end)):
        if value is not None:
            settings["period"][key] = date.fromisoformat(str(value))
    if settings["period"]["end"] <= settings["period"]["start"]:
        raise ValueError("the simulated period must end after it starts")
    return settings
