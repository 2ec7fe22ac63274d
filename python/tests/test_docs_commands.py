"""The bash blocks of the documentation, typed in a copy of the project.

Rule: the tutorial is walked from its three exports to a report; then each other page, in the same
copy and on the company that was built. A command that ran once is not run again. What is not run is
named in NOT_RUN with the reason; `test_docs.py` checks that its targets, commands and options
exist.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from companies import PROJECT
from docs_pages import blocks, name_of, pages
from test_docs import WALKED_ELSEWHERE

TUTORIAL = PROJECT / "docs/tutorial/first-own-data.md"
METRIC = PROJECT / "docs/how-to/add-a-metric.md"
# Last: another target of the profile, for which dbt parses the project again.
IN_SECONDS = PROJECT / "docs/how-to/change-a-model-in-seconds.md"
COPIED = (
    "models",
    "macros",
    "tests",
    "analyses",
    "seeds",
    "expectations",
    "python/certgap",
    "docs",
)
FILES = ("dbt_project.yml", "profiles.yml.example", "Makefile")
# Begins of lines that are only checked, and why.
NOT_RUN = {
    "make ": "builds and long proofs: .ci/run and people run them",
    "certgap build --as-of-publication": "a second build: test_publish_gate, test_as_of_rebuild",
    "CERTGAP_WAREHOUSE=/tmp/past.duckdb dbt build": "a second build: test_as_of_rebuild",
    "CERTGAP_WAREHOUSE=/tmp/other-rules.duckdb certgap build": "a second build: test_worlds",
    "certgap check-deliveries --accept": "needs a failed delivery: test_check_deliveries",
    "certgap publish --restore": "needs two publications: test_publish_restore",
    "dbt build --select my_model+": "a name in place of the reader's own",
    "dbt build --select path:models/staging/<category>": "the same",
    "python -m certgap.prove 300:1 --sources <vendor>": "the same",
    ".venv-spark/bin/dbt": "needs the cluster: make cluster-test-keys",
}
WALKED = [
    page
    for page in pages()
    if blocks(page, "bash")
    and name_of(page) not in WALKED_ELSEWHERE
    and page not in (TUTORIAL, METRIC, IN_SECONDS)
]


@dataclass
class Walk:
    """A copy of the project, a home, and what was typed so far."""

    folder: Path
    typed: set[str] = field(default_factory=set)

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def lines(self, text: str) -> str:
        """A block without what is not run, or ran before."""
        kept = []
        for line in text.splitlines():
            plain = re.sub(r"\s+#.*", "", line)
            is_repeated = plain.startswith("certgap ") and plain in self.typed
            if not line.startswith(tuple(NOT_RUN)) and not is_repeated:
                kept.append(line)
                self.typed.add(plain)
        return "\n".join(kept)

    def type(self, page: Path, **settings: str) -> str:
        """All bash blocks of a page, in one shell."""
        return self.run("\n".join(self.lines(b.text) for b in blocks(page, "bash")), **settings)

    def run(self, script: str, **settings: str) -> str:
        """Lines, in one shell of the reader's."""
        binaries = Path(sys.executable).parent
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CERTGAP_", "DBT_"))
        }
        environment |= {
            "HOME": str(self.home),
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.project / "python"),
            "COLUMNS": "200",
            **settings,
        }
        result = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=self.project, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, f"{script}\n{result.stdout[-6000:]}{result.stderr[-4000:]}"
        return result.stdout

    def of_tutorial(self) -> dict[str, str]:
        """The settings that the tutorial exports."""
        found = {"CERTGAP_PSEUDONYM_KEY": (self.home / "certgap/key").read_text().strip()}
        for block in blocks(TUTORIAL, "bash"):
            for name, value in re.findall(r"^export (CERTGAP_\w+)=~/(\S+)$", block.text, re.M):
                found[name] = str(self.home / value)
        return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """A clone with its environment, and a home with what a page takes for given."""
    walk = Walk(tmp_path_factory.mktemp("documentation"))
    ignored = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(PROJECT / name, walk.project / name, ignore=ignored)
    for name in FILES:
        shutil.copy(PROJECT / name, walk.project / name)
    shutil.copy(PROJECT / "profiles.yml.example", walk.project / "profiles.yml")
    (walk.project / ".venv").symlink_to(Path(sys.executable).parent.parent)
    walk.home.mkdir()
    (walk.home / ".certgap-key").write_text("a-secret-of-the-page")
    return walk


@pytest.fixture(scope="module")
def tutorial(copied: Walk) -> tuple[Walk, str]:
    """The tutorial, walked to its end; without dbt's unit tests, which judge the code."""
    settings = copied.project / "dbt_project.yml"
    (wanted,) = (block.text.strip("\n") for block in blocks(TUTORIAL, "yaml"))
    text, count = re.subn(r"^  enabled_sources: .*$", wanted, settings.read_text(), flags=re.M)
    assert count == 1
    settings.write_text(text)
    said = copied.type(TUTORIAL, DBT_EXCLUDE_RESOURCE_TYPES="unit_test")
    shutil.copytree(copied.home / "certgap/exports", copied.home / "exports")
    return copied, said


@pytest.mark.long
def test_the_tutorial_ends_with_the_figures_it_shows(tutorial: tuple[Walk, str]) -> None:
    walk, said = tutorial
    assert "Everything needed for a build is there." in said
    said = " ".join(said.split())
    for block in blocks(TUTORIAL, "text"):
        for line in block.text.splitlines():
            assert " ".join(line.split()) in said, line
    report = walk.home / "certgap/report"
    assert {path.suffix for path in report.iterdir()} == {".html", ".pdf"}
    with duckdb.connect(str(walk.home / "certgap/working.duckdb"), read_only=True) as connection:
        refused = connection.execute(
            "select reason, raw_text from canonical.quarantined_rows"
        ).fetchall()
    assert [reason for reason, _ in refused] == ["bad_date_usage_date"]


@pytest.mark.long
@pytest.mark.parametrize("page", [pytest.param(page, id=name_of(page)) for page in WALKED])
def test_what_a_page_types_runs(page: Path, tutorial: tuple[Walk, str]) -> None:
    walk, _ = tutorial
    walk.type(page, **walk.of_tutorial())


@pytest.mark.long
def test_the_metric_of_the_how_to_builds_with_its_tests(tutorial: tuple[Walk, str]) -> None:
    walk, _ = tutorial
    files = re.findall(r"^`(models/[^`]+)`:\n\n```", METRIC.read_text("utf-8"), re.MULTILINE)
    contents = blocks(METRIC, "sql+jinja", "yaml")
    assert len(files) == len(contents) == 2
    for name, block in zip(files, contents, strict=True):
        assert not (walk.project / name).exists()
        (walk.project / name).write_text(block.text)
    said = walk.type(METRIC, **walk.of_tutorial())
    assert "daily_use_is_counted_among_those_judged_only" in said
    assert "ERROR=0" in said and "helper" in said


@pytest.mark.long
def test_the_queries_of_the_semantic_layer_run(tutorial: tuple[Walk, str]) -> None:
    walk, _ = tutorial
    page = PROJECT / "models/semantic/README.md"
    lines = [line for block in blocks(page, "bash") for line in block.text.splitlines()]
    queries = [line.split(" #")[0] for line in lines if line.startswith("mf ")]
    assert len(queries) >= 4
    said = walk.run("\n".join(["mf validate-configs", *queries]), **walk.of_tutorial())
    assert "ERRORS: 0" in said and "certification_gap_90" in said


@pytest.mark.long
def test_a_database_of_ones_own_builds_in_seconds(tutorial: tuple[Walk, str]) -> None:
    walk, _ = tutorial
    walk.type(IN_SECONDS, **walk.of_tutorial())


def test_what_is_not_run_is_told_by_some_page() -> None:
    lines = {line for page in pages() for b in blocks(page, "bash") for line in b.text.splitlines()}
    for begin in NOT_RUN:
        assert any(line.startswith(begin) for line in lines), begin
