"""``certgap build --as-of-publication N``: builds the past again, beside the present, and compares.

The same deliveries, judged as of the same day, must give every figure of the publication exactly.
Where they do not, the answer names what is not as it was: deliveries, rules, or the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from certgap import build as builder
from certgap.errors import CheckFailed, UserError
from certgap.project import Project
from certgap.publish import store


@dataclass(frozen=True)
class Rebuilt:
    """A publication that was reproduced, figure by figure."""

    publication_id: int
    warehouse: Path
    variables: dict[str, str]
    n_figures: int

    def as_json(self) -> dict[str, Any]:
        """For ``certgap build --json``."""
        return {**self.__dict__, "warehouse": str(self.warehouse)}


def with_variables(arguments: Sequence[str], more: dict[str, str]) -> list[str]:
    """dbt's arguments with more vars; those given there already stay."""
    rest, given = [], {}
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if argument == "--vars" and position + 1 < len(arguments):
            given = yaml.safe_load(arguments[position + 1]) or {}
            position += 1
        elif argument.startswith("--vars="):
            given = yaml.safe_load(argument.removeprefix("--vars=")) or {}
        else:
            rest.append(argument)
        position += 1
    contradicted = sorted(given.keys() & more.keys())
    if contradicted:
        raise UserError(
            f"--as-of-publication sets {' and '.join(contradicted)}, and so does --vars.",
            "Take them out of --vars.",
        )
    return [*rest, "--vars", yaml.safe_dump({**given, **more}, default_flow_style=True)]


def variables_of(publication: dict[str, Any]) -> dict[str, str]:
    """The vars that reproduce a publication."""
    return {name: store.as_dbt_date(publication[name]) for name in ("as_of_date", "received_until")}


def past_of(project: Project, number: int) -> Project:
    """The project with a database and artifacts of its own for a publication of the past."""
    environment = {
        **project.environment,
        "CERTGAP_WAREHOUSE": str(project.warehouse.with_name(f"publication_{number}.duckdb")),
        "CERTGAP_PUBLICATIONS": str(project.publications),
        "DBT_TARGET_PATH": str(project.target / f"publication_{number}"),
    }
    return Project(project.folder, environment)


def rebuild(
    project: Project,
    number: int,
    arguments: Sequence[str],
    console: Console,
    *,
    verbose: bool = False,
) -> Rebuilt:
    """Build a publication again into a database of its own; raises where a figure differs."""
    publication = store.publication(project.publications, number)
    variables = variables_of(publication)
    past = past_of(project, number)
    warehouse = past.warehouse
    builder.build(past, with_variables(arguments, variables), console, verbose=verbose)
    stamp = store.stamp(warehouse)
    different = store.differences(project.publications, number, warehouse)
    if different:
        raise CheckFailed(
            f"Publication {number} is not reproduced: {sum(different.values())} rows differ, of "
            f"{', '.join(different)}. {_why(publication, stamp)}",
            f"The build of the past is in {warehouse}, the figures that were published in "
            f"{project.publications}.",
        )
    return Rebuilt(number, warehouse, variables, publication["n_figures"])


def _why(publication: dict[str, Any], stamp: dict[str, Any]) -> str:
    reasons = []
    if stamp["rules_hash"] != publication["rules_hash"]:
        reasons.append("The rules (vars or reference files) are not those of the publication.")
    if stamp["deliveries_hash"] != publication["deliveries_hash"]:
        reasons.append(
            f"The deliveries up to {publication['received_until']} are not those that were read "
            f"then ({publication['n_deliveries']} then, {stamp['n_deliveries']} now): files were "
            "added under an earlier date, replaced or withdrawn."
        )
    return " ".join(reasons) or (
        f"Rules and deliveries are the same: the code ({publication['code_version']} then) is not."
    )
