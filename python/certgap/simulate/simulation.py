"""Runs a simulation: company, deliveries, truth."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from certgap.simulate.company import build_company
from certgap.simulate.company_exports import write_company
from certgap.simulate.injected_effects import injected_effects
from certgap.simulate.reference_data import read_reference, write_reference
from certgap.simulate.sources import adapted, choose_sources
from certgap.simulate.truth_tables import TruthTables, build_world
from certgap.simulate.world_settings import load_world
from certgap.truth.expected import expected_tables
from certgap.truth.world import World

SMALLEST, LARGEST = 100, 2_000_000
# The independent truth is plain Python: about a minute at this size.
LARGEST_WITH_EXPECTED = 20_000
SAMPLE_LEARNERS, SAMPLE_SEED = 600, 7
FOLDERS = ("hris", "lms", "usage", "truth")


def _nothing(_step: str, _share: float) -> None:
    """No progress wanted."""


def run(
    learners: int,
    seed: int,
    out: Path | str,
    world: str = "default",
    sources: Sequence[str] | None = None,
    fmt: str = "csv",
    start: date | str | None = None,
    end: date | str | None = None,
    progress: Callable[[str, float], None] | None = None,
    monthly: bool | None = None,
    truth: bool = True,
) -> dict[str, Any]:
    """Write the raw deliveries of an invented company of `learners` employees into `out`.

    `sources` names the vendors whose own formats are written (None: those of the sample company);
    categories none of them serves, and what they cannot say, come in the generic format. A company
    on other vendors than the sample's has its own reference data in `out`/reference. `fmt` is csv
    or parquet (generic files); `monthly` puts daily generic usage into one file a month (default
    from 20,000 employees on); `truth=False` leaves out `truth/`. `progress` is called with a step's
    name and its share done. With CERTGAP_PSEUDONYM_KEY set, `truth/expected_<table>.parquet` are
    the exact tables a build must arrive at (up to 20,000 employees; `certgap.truth` computes them
    from `truth/world` for any size), and `truth/logs/` is what must come of web and sign-in logs.
    Returns the injected effects, also in
    `truth/injected_effects.json`.
    """
    if not SMALLEST <= learners <= LARGEST:
        raise ValueError(f"learners must be between {SMALLEST} and {LARGEST:,}, not {learners}")
    if fmt not in ("csv", "parquet"):
        raise ValueError(f"fmt must be csv or parquet, not '{fmt}'")
    chosen = choose_sources(sources)
    report = progress or _nothing
    out = Path(out)
    for folder in FOLDERS:
        shutil.rmtree(out / folder, ignore_errors=True)
    settings, reference = adapted(load_world(world, start, end), read_reference(), chosen)
    if not chosen.are_of_the_seeds:
        write_reference(out / "reference", reference)
    company = build_company(learners, seed, settings, reference)
    report("company", 1.0)
    tables = TruthTables()
    by_month = learners >= 20_000 if monthly is None else monthly
    write_company(out, company, chosen, tables, fmt, by_month, truth, report)
    effects = injected_effects(world, seed, company)
    if truth:
        folder = out / "truth"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(effects, indent=2, sort_keys=True)
        (folder / "injected_effects.json").write_text(text + "\n", encoding="utf-8")
        built = build_world(tables, reference)
        built.save(folder / "world")
        for name, rows in tables.logs.items():
            (folder / "logs").mkdir(exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows), folder / "logs" / f"{name}.parquet")
        # The expected tables hold pseudonyms: they need the key of the build they are compared to.
        if os.environ.get("CERTGAP_PSEUDONYM_KEY") and learners <= LARGEST_WITH_EXPECTED:
            _write_expected(built, folder)
        report("truth", 1.0)
    return effects


def _write_expected(world: World, folder: Path) -> None:
    """The truth's tables beside the world they follow from."""
    for name, rows in expected_tables(world).items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"expected_{name}.parquet")


def write_sample(out: Path | str) -> None:
    """The company in `sample_data/`: small enough to be kept beside the code."""
    run(SAMPLE_LEARNERS, SAMPLE_SEED, out, world="sample", truth=False)
