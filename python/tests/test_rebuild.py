"""`certgap build --as-of-publication`: the vars it sets, and its verdict."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest
import yaml
from rich.console import Console

from certgap.errors import CheckFailed, UserError
from certgap.project import Project
from certgap.publish import rebuild, store
from certgap.publish.publisher import publish
from test_publish import project  # noqa: F401


@pytest.mark.parametrize(
    "arguments",
    [
        ["--vars", "{enabled_sources: [generic]}", "--full-refresh"],
        ["--vars={enabled_sources: [generic]}", "--full-refresh"],
    ],
)
def test_vars_are_added_to_those_that_are_given(arguments: list[str]) -> None:
    *rest, flag, variables = rebuild.with_variables(arguments, {"as_of_date": "2026-05-30"})
    assert (rest, flag) == (["--full-refresh"], "--vars")
    assert yaml.safe_load(variables) == {
        "enabled_sources": ["generic"],
        "as_of_date": "2026-05-30",
    }


def test_a_date_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match="as_of_date"):
        rebuild.with_variables(["--vars", "{as_of_date: 2026-01-01}"], {"as_of_date": "2026-05-30"})


def test_dates_are_passed_as_dbt_takes_them() -> None:
    log = {"as_of_date": dt.date(2026, 5, 30), "received_until": None}
    assert rebuild.variables_of(log) == {"as_of_date": "2026-05-30", "received_until": ""}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("", None),
        ("update current_figures set metric_value = 0.3", "the code"),
        ("update current_figures set numerator = 3; update intermediate.int_build_stamp"
         " set deliveries_hash = 'x', n_deliveries = 8", "7 then, 8 now"),
        ("update current_figures set is_shown = false; update intermediate.int_build_stamp"
         " set rules_hash = 'x'", "rules"),
        ("insert into current_figures select * from current_figures", "the code"),
    ],
)  # fmt: skip
def test_a_figure_that_differs_is_said_with_the_cause(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    why: str | None,  # noqa: F811
) -> None:
    publish(project)

    def build(past: Project, arguments: list[str], *_: Any, **__: Any) -> None:
        assert yaml.safe_load(arguments[-1]) == {
            "as_of_date": "2026-05-30",
            "received_until": "2026-05-31",
        }
        assert past.publications == project.publications
        past.warehouse.write_bytes(project.warehouse.read_bytes())
        with duckdb.connect(str(past.warehouse)) as connection:
            connection.execute(change)

    monkeypatch.setattr(rebuild.builder, "build", build)
    if why is None:
        assert rebuild.rebuild(project, 1, [], Console()).n_figures == 1
    else:
        with pytest.raises(CheckFailed, match=why):
            rebuild.rebuild(project, 1, [], Console())
    assert project.warehouse.with_name("publication_1.duckdb").is_file()


def test_a_publication_that_is_not_there_is_named(project: Project) -> None:  # noqa: F811
    with pytest.raises(UserError, match="nothing was published yet"):
        store.publication(project.publications, 1)
    publish(project)
    with pytest.raises(UserError, match="there are 1 to 1"):
        store.publication(project.publications, 2)
