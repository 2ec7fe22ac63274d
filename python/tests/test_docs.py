"""The documentation says what is there: links, generated pages, SQL, commands and options.

Rule: whatever a page tells a reader to type exists as it is written. What can be run in seconds on
the sample is run here (SQL); `test_docs_commands.py` runs the commands in a copy of the project.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import typer
from dbt.cli.main import cli as dbt_cli

from certgap.cli import app
from certgap.handbook.__main__ import stale
from certgap.handbook.settings import ENVIRONMENT, groups, unit
from companies import PROJECT
from docs_pages import anchors, blocks, links, name_of, pages, told_commands

# The queries of this page are walked by test_new_source.py; that of the other one is for Moodle.
WALKED_ELSEWHERE = {
    "docs/how-to/connect-a-bi-tool.md",  # test_bi.py
    "docs/how-to/read-a-csv-nobody-has-seen.md",
    "docs/reference/adapters.md",
}
# Set by the code for its own children.
INTERNAL_SETTINGS = {"CERTGAP_LOCK_HOLDER"}
INTERNAL_BEGIN = "CERTGAP_BI_"


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for page in [*pages(), *PROJECT.glob("*/*/README.md"), *PROJECT.glob("*/README.md")]:
        for path, anchor in links(page):
            if not path.exists():
                broken.append((name_of(page), str(path.relative_to(PROJECT))))
            elif anchor and anchor not in anchors(path):
                broken.append((name_of(page), f"{path.name}#{anchor}"))
    assert not broken


def test_the_check_of_links_sees_a_missing_file_and_heading(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# What it's *for*: all `x`\n```\n# no heading\n```\n")
    (tmp_path / "a.md").write_text("[one](b.md#what-its-for-all-x) [two](c.md#d) [web](https://x)")
    assert anchors(tmp_path / "b.md") == {"what-its-for-all-x"}
    assert list(links(tmp_path / "a.md")) == [
        (tmp_path / "b.md", "what-its-for-all-x"),
        (tmp_path / "c.md", "d"),
    ]


@pytest.mark.parametrize("kind", ["tutorial", "how-to", "reference", "explanation", "decisions"])
def test_each_index_lists_every_page_of_its_folder(kind: str) -> None:
    index = PROJECT / "docs" / kind / "index.md"
    listed = {path for path, _ in links(index)}
    assert set(index.parent.glob("*.md")) - {index} <= listed


def test_every_page_is_in_an_index() -> None:
    indexes = [page for page in pages() if page.name == "index.md"]
    listed = {path for index in indexes for path, _ in links(index)} | {PROJECT / "docs/index.md"}
    assert {page for page in pages() if page.is_relative_to(PROJECT / "docs")} <= listed


def test_the_generated_pages_are_those_of_the_code() -> None:
    assert not stale(), "run: make handbook"


def test_each_var_is_on_the_page_with_unit_and_comment() -> None:
    found = groups((PROJECT / "dbt_project.yml").read_text("utf-8"))
    names = [name for group in found for name in group.names]
    assert len(names) > 50 and len(names) == len(set(names))
    assert all(unit(name) for name in names)
    assert all(group.comment and group.section for group in found)
    page = (PROJECT / "docs/reference/settings.md").read_text("utf-8")
    for name in names:
        assert re.search(rf"^\| `{name}` \|", page, re.MULTILINE), name


def test_each_setting_of_the_environment_is_on_the_page() -> None:
    used = set()
    for folder in ("python/certgap", "macros", "models"):
        for path in (PROJECT / folder).rglob("*.*"):
            if path.suffix in (".py", ".sql", ".yml"):
                used |= set(re.findall(r"\bCERTGAP_[A-Z_]+\b", path.read_text("utf-8")))
    used |= set(re.findall(r"CERTGAP_[A-Z_]+", (PROJECT / "profiles.yml.example").read_text()))
    used = {name for name in used - INTERNAL_SETTINGS if not name.startswith(INTERNAL_BEGIN)}
    assert {name for name, _, _ in ENVIRONMENT} == used


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample company as `make test` built it."""
    built = PROJECT / "target/test/certgap.duckdb"
    assert built.is_file(), "make test builds the sample company first"
    with duckdb.connect(str(built), read_only=True) as connection:
        yield connection


QUERIES = [
    pytest.param(block.text, id=f"{name_of(page)}:{number}")
    for page in pages()
    if name_of(page) not in WALKED_ELSEWHERE
    for number, block in enumerate(blocks(page, "sql"), start=1)
]


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_a_page_runs_on_the_sample(
    query: str,
    sample: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    sample.execute(query)
    assert sample.description


COMMANDS = typer.main.get_command(app).commands
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def options_of(command: object) -> set[str]:
    return {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("-")
    } | {"--help", "-h"}


def wrong(words: list[str]) -> str | None:
    """What of a command does not exist; None where all does, and for commands of the system."""
    words = [Path(words[0]).name, *words[1:]]
    if words[0] == "make":
        missing = [w for w in words[1:] if "=" not in w and w not in {*TARGETS, "-j", "2"}]
        return f"no target {missing}" if missing else None
    if words[0] in ("certgap", "dbt"):
        known = COMMANDS if words[0] == "certgap" else dbt_cli.commands
        if len(words) == 1 or words[1].startswith("-"):
            return None
        if words[1] not in known:
            return f"no command {words[1]}"
        command, own = known[words[1]], words[2:]
        if words[0] != "certgap":
            if words[1] == "docs":
                return None
            return _unknown(own, options_of(command) | options_of(dbt_cli))
        if "--" in own:
            at = own.index("--")
            passed_on = options_of(dbt_cli.commands["build"]) | options_of(dbt_cli)
            if problem := _unknown(own[at + 1 :], passed_on):
                return problem
            own = own[:at]
        return _unknown(own, options_of(command))
    if words[:2] == ["python", "-m"] and words[2].startswith("certgap"):
        module = PROJECT / "python" / words[2].replace(".", "/")
        if not (module / "__main__.py").is_file() and not module.with_suffix(".py").is_file():
            return f"no module {words[2]}"
        sources = [module.with_suffix(".py"), *module.glob("*.py")]
        text = "".join(path.read_text("utf-8") for path in sources if path.is_file())
        missing = [w for w in words[3:] if w.startswith("--") and f'"{w}"' not in text]
        return f"no option {missing}" if missing else None
    return None


def _unknown(words: list[str], options: set[str]) -> str | None:
    missing = [w for w in words if w.startswith("-") and w.split("=")[0] not in options]
    return f"no option {missing}" if missing else None


@pytest.mark.parametrize("page", [pytest.param(page, id=name_of(page)) for page in pages()])
def test_each_command_and_option_of_a_page_exists(page: Path) -> None:
    assert not [(" ".join(words), said) for words in told_commands(page) if (said := wrong(words))]


@pytest.mark.parametrize(
    "command",
    [
        "make no-such-target",
        "certgap no-such-command",
        "certgap build --force",
        "certgap build -- --no-such-option",
        "dbt build --slect x",
        "python -m certgap.nothing",
        "python -m certgap.prove 300:1 --vendors x",
    ],
)
def test_the_check_of_commands_sees_what_does_not_exist(command: str) -> None:
    assert wrong(command.split())


def test_make_takes_the_targets_of_the_pages() -> None:
    """As written, without running anything: variables and prerequisites are understood."""
    told = {" ".join(words) for page in pages() for words in told_commands(page)}
    targets = sorted({c.split()[1] for c in told if re.match(r"make [a-z-]+( |$)", c)})
    assert "build" in targets and "docs" in targets
    make = shutil.which("make")
    assert make
    result = subprocess.run(
        [make, "--dry-run", "--question", *targets],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    # 1: something would have to be made; 2: an error.
    assert result.returncode < 2, result.stderr
