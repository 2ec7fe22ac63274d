"""Mutants that mean the same as the model, each with the reason why no test can notice them."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("equivalents.yml")


def read_equivalents(file: Path = FILE) -> dict[str, str]:
    """Reason by mutant. Raises ValueError where one is listed twice or has no reason."""
    found: dict[str, str] = {}
    for entry in yaml.safe_load(file.read_text(encoding="utf-8")) or []:
        reason = " ".join(str(entry.get("reason") or "").split())
        for mutant in entry["mutants"]:
            if mutant in found:
                raise ValueError(f"{mutant} is listed twice")
            if len(reason) < 20:
                raise ValueError(f"{mutant} needs a reason")
            found[mutant] = reason
    return found
