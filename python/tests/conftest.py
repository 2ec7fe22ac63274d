"""Fixtures shared by tests that run the project."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

import vendor_samples
from certgap.worlds.rules import KEY, RULES
from certgap.worlds.sql_models import CompiledModels
from companies import PROJECT, Company, small_company

# `make test` sets these for its own build; every test names its own folders.
for _name in ("DBT_TARGET_PATH", "DBT_LOG_PATH", "DBT_PROFILES_DIR"):
    os.environ.pop(_name, None)


# `make test` tries the same random company every time, `make properties` others each time.
settings.register_profile("sample", max_examples=1, derandomize=True, database=None)
settings.register_profile("many", max_examples=20, print_blob=True)
settings.load_profile("sample")

# What `make test` built before it runs these: the sample company and dbt's artifacts.
TEST_BUILD = PROJECT / "target" / "test"
WAREHOUSE = TEST_BUILD / "certgap.duckdb"

# A learning event whose date is none: it must be set aside under its name, not stop the build.
BAD_EVENT = "L99"


@dataclass(frozen=True)
class Built:
    """A company, what `certgap build --json` said, and its reference files before that."""

    company: Company
    result: dict[str, Any]
    output: str
    reference_before: dict[str, bytes]
    # dbt's manifest and results of that build: a later run over the warehouse writes its own.
    artifacts: list[dict[str, Any]]


# Files of a minute and more: started last they would keep one of two cores idle.
LONGEST = {
    "test_check_deliveries",
    "test_docs_commands",
    "test_monthly",
    "test_new_source",
    "test_worlds",
    "test_wrong_input",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; whatever reads the samples of all vendors is long, as they are."""
    for item in items:
        if "sample_warehouse" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@functools.cache
def _group(file: str) -> str:
    """The file, or one group of all that read compiled models or the two longest builds."""
    text = (Path(__file__).parent / Path(file).name).read_text("utf-8")
    if "(compiled_models" in text:
        return "compiled"
    return "builds" if "sample_warehouse" in text or "built: Built" in text else file


class _ByGroup(LoadScopeScheduling):
    """Tests of one file or of one of the dear fixtures run in one process."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.split("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByGroup:
    """`--dist loadgroup` of pytest-xdist 3.8 groups nothing under pytest 9.2."""
    return _ByGroup(config, log)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for the company of a file, in the same place for every file: dbt's parsed
    project, which lies beside it, is of use to the next one."""
    return _emptied(tmp_path_factory.getbasetemp() / "company_of_the_file")


@pytest.fixture
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company of five, not written yet, in a folder that is empty before each test."""
    return small_company(_emptied(tmp_path_factory.getbasetemp() / "company_of_the_test"))


@pytest.fixture(scope="session")
def compiled_models(tmp_path_factory: pytest.TempPathFactory) -> CompiledModels:
    """The project's models, compiled by one dbt run under the first set of rules."""
    return CompiledModels(tmp_path_factory.mktemp("compiled"), RULES[0], KEY)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The company of five, with one unreadable row, after `certgap build`."""
    company = small_company(tmp_path_factory.mktemp("company"))
    events = company.feeds["lms", "learning_events"]
    events.append({**events[-1], "event_id": BAD_EVENT, "occurred_at": "2026-13-45T10:00:00Z"})
    company.write()
    reference = {path.name: path.read_bytes() for path in company.reference.iterdir()}
    run = company.certgap("build", "--json", sources=("generic",))
    assert run.returncode == 0, run.stdout + run.stderr
    artifacts = [
        json.loads((company.target / name).read_text("utf-8"))
        for name in ("manifest.json", "run_results.json")
    ]
    return Built(company, json.loads(run.stdout), run.stdout + run.stderr, reference, artifacts)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published tables of the sample, under the names that BI reads."""
    if not WAREHOUSE.is_file():
        pytest.skip("run by make test, which builds the sample company first")
    path = tmp_path_factory.mktemp("report") / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{WAREHOUSE}' as working (read_only)")
        tables = connection.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = 'working' and table_schema = 'published'"
        ).fetchall()
        for (table,) in tables:
            name = table.removeprefix("published__")
            connection.execute(f"create table {name} as from working.published.{table}")
    return path


@pytest.fixture(scope="session")
def sample_warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The staging of all vendors, built from their samples by one dbt run."""
    import test_hris_usage_samples
    import test_lms_samples
    import test_samples_hr
    import test_samples_learning_platforms
    import test_samples_suite_learning
    import test_samples_usage
    import test_samples_web_access

    database = vendor_samples.build_staging(
        tmp_path_factory.mktemp("samples"),
        [
            "workday",
            "cornerstone",
            "xapi",
            "linkedin_learning",
            "m365_copilot",
            "github_copilot",
            *test_samples_learning_platforms.VENDORS,
            *test_samples_suite_learning.VENDORS,
            *test_samples_usage.VENDORS,
            *test_samples_hr.VENDORS,
            *test_samples_web_access.VENDORS,
        ],
        {
            **test_hris_usage_samples.DELIVERED,
            **test_lms_samples.DELIVERED,
            **test_samples_learning_platforms.DELIVERED,
            **test_samples_suite_learning.DELIVERED,
            **test_samples_usage.DELIVERED,
            **test_samples_hr.DELIVERED,
            **test_samples_web_access.DELIVERED,
        },
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection
