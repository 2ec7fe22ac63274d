"""The reference load: simulated once, kept, and handed out as a working copy of hard links."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rich.console import Console

from certgap.errors import UserError
from certgap.simulate.simulation import run

SEED = 1
WORLD = "reference_load"


def simulated(employees: int, folder: Path, console: Console) -> Path:
    """The raw Parquet files of ``employees`` people; simulated where they are not there yet."""
    raw = folder / "raw"
    if raw.is_dir():
        console.print(f"  using the files in {raw}", highlight=False, soft_wrap=True)
        return raw
    # Written beside and renamed: a simulation that was cut short is never taken for whole.
    unfinished = folder / "raw.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    told = 0

    def report(step: str, share: float) -> None:
        nonlocal told
        if step == "usage" and int(share * 10) > told:
            told = int(share * 10)
            console.print(f"  usage: {told * 10} %")
        elif step != "usage":
            console.print(f"  {step}")

    run(
        employees,
        SEED,
        unfinished,
        world=WORLD,
        sources=["generic"],
        fmt="parquet",
        monthly=False,
        truth=False,
        progress=report,
    )
    unfinished.rename(raw)
    return raw


def working_copy(raw: Path, target: Path) -> Path:
    """The same deliveries in another folder, to which a day can be added. Costs no space."""
    shutil.rmtree(target, ignore_errors=True)
    raw = raw.resolve()
    for path in raw.rglob("*.parquet"):
        copy = target / path.relative_to(raw)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, copy)
        except OSError:  # another disk
            copy.symlink_to(path)
    if not target.is_dir():
        raise UserError(f"There are no Parquet files in {raw}.", "Remove it: it is made anew.")
    return target
