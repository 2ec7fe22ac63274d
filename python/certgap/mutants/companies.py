"""The companies mutants are tried on: the built sample company, and random ones in memory."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from certgap.dbt_plugin import SAMPLE_KEY
from certgap.mutants.flows import Built, Company
from certgap.mutants.project import TestedProject
from certgap.publish import store
from certgap.simulate.simulation import SAMPLE_LEARNERS, SAMPLE_SEED
from certgap.simulate.simulation import run as simulate
from certgap.truth import expected_tables, read_expected
from certgap.worlds.random_company import draw_company
from certgap.worlds.rules import KEY, RULES
from certgap.worlds.sql_models import CompiledModels

SETTINGS = (
    "set enable_progress_bar = false",
    "set threads = 1",
    "set memory_limit = '1500MB'",
    "set TimeZone = 'UTC'",
)


def sample_truth(folder: Path) -> Path:
    """What Python expects of the sample company, computed once."""
    out = folder / "sample"
    if not (out / "truth").exists():
        with _sample_key():
            simulate(SAMPLE_LEARNERS, SAMPLE_SEED, out, world="sample", truth=True)
    return out / "truth"


@contextmanager
def _sample_key() -> Iterator[None]:
    """The sample's key in the environment: it is never written to disk, and the truth needs it."""
    before = os.environ.get("CERTGAP_PSEUDONYM_KEY")
    os.environ["CERTGAP_PSEUDONYM_KEY"] = SAMPLE_KEY
    try:
        yield
    finally:
        del os.environ["CERTGAP_PSEUDONYM_KEY"]
        if before is not None:
            os.environ["CERTGAP_PSEUDONYM_KEY"] = before


def sample_company(project: TestedProject, folder: Path, truth: Path | None) -> Company:
    """A copy of the built database in ``folder``, with all data tests; truth where it is given."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "certgap.duckdb"  # the name is that of the catalog in dbt's SQL
    shutil.copy(project.warehouse, place)
    record = folder / "publications.duckdb"
    shutil.copy(project.publications, record)
    connection = duckdb.connect(str(place))
    for setting in SETTINGS:
        connection.execute(setting)
    connection.execute("set variable certgap_pseudonym_key = ?", [SAMPLE_KEY])
    store.attach(connection, record)
    models = {
        model.name: Built(model.name, model.relation, model.sql, model.is_view, model.parents)
        for model in project.models.values()
    }
    with _sample_key():
        expected = read_expected(truth) if truth else {}
    return Company("the sample company", connection, models, expected, project.data_tests)


def compile_random_companies(folder: Path, fingerprint: str) -> Path:
    """dbt's SQL of the random companies, for every process; kept with what it was made of."""
    kept = folder / f"{fingerprint}.pickle"
    if not kept.exists():
        shutil.rmtree(folder, ignore_errors=True)
        kept.parent.mkdir(parents=True)
        kept.write_bytes(pickle.dumps(CompiledModels(folder / "dbt", RULES[0], KEY)))
    return kept


class RandomCompanies:
    """The companies of python/tests/test_worlds.py, built when they are first asked for."""

    def __init__(self, compiled: Path) -> None:
        """``compiled`` is what ``compile_random_companies`` left."""
        self._compiled = compiled
        self._companies: dict[int, Company] = {}

    def get(self, seed: int) -> Company:
        """The company of the seed. Raises AssertionError where it is not as Python expects."""
        if seed not in self._companies:
            self._companies[seed] = self._built(seed)
        return self._companies[seed]

    def _built(self, seed: int) -> Company:
        compiled = pickle.loads(self._compiled.read_bytes())  # our own file
        drawn = draw_company(seed, compiled.variables, compiled.key)
        connection = compiled.run(drawn)
        for setting in SETTINGS:
            connection.execute(setting)
        models = {
            s.name: Built(
                s.name, f'"{s.schema}"."{s.name}"', s.sql, s.materialized == "view", s.parents
            )
            for s in compiled.statements
        }
        company = Company(
            f"random company {seed}", connection, models, expected_tables(drawn.world)
        )
        company.check()
        return company
