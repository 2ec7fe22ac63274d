"""May what is in the working database be published?

Yes only if the last dbt run that touched it was a `build` of every node, on real rows, and no
node and no error-level test failed. Unit tests may be left out: they judge the code on rows of
their own, not what was delivered. One that ran and failed stops the publication. dbt's artifacts
say what ran; the working database itself says (``audit.latest_run``, written by the macro
``mark_run``) which run touched it last, so artifacts of another database, or of an earlier state
of this one, do not pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# `warn` is a test of severity warn, or whose own thresholds say so: it stops no publication.
PASSING = {"success", "pass", "warn", "no-op"}
SHOWN = 5


def _some(names: Iterable[str]) -> str:
    """The first few names and how many more there are."""
    names = sorted(names)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _short(unique_id: str) -> str:
    """`model.certgap.adoption_rates` → `adoption_rates`; a test loses its hash."""
    parts = unique_id.split(".")
    return parts[2] if parts[0] == "test" and len(parts) > 2 else ".".join(parts[2:]) or unique_id


def nodes_of_a_full_build(manifest: dict[str, Any]) -> set[str]:
    """Unique ids that `dbt build` without a selection runs, but for unit tests."""
    return {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed", "snapshot", "test")
        and node["config"].get("materialized") != "ephemeral"
        and node["config"].get("enabled", True)
    }


def reasons_against(
    run_results: dict[str, Any], manifest: dict[str, Any], latest_run: str | None
) -> list[str]:
    """Why this state must not be published, one sentence each; empty where it may be.

    ``latest_run`` is the invocation id the working database carries.
    """
    arguments = run_results["args"]
    run = run_results["metadata"]["invocation_id"]
    reasons = []
    if arguments["which"] != "build":
        reasons.append(f"The last dbt command was `dbt {arguments['which']}`, not `dbt build`.")
    if arguments.get("empty") or arguments.get("sample"):
        reasons.append("The last build ran with --empty or --sample, so its tables are not whole.")
    if latest_run is None:
        reasons.append("The working database does not say which dbt run built it.")
    elif latest_run != run:
        reasons.append(
            "The working database was last touched by another dbt run than the one "
            f"run_results.json tells of ({latest_run} and {run})."
        )

    statuses = {result["unique_id"]: result["status"] for result in run_results["results"]}
    missing = nodes_of_a_full_build(manifest) - statuses.keys()
    if missing:
        reasons.append(
            f"The last build left out {len(missing)} of the project's nodes: "
            f"{_some(map(_short, missing))}."
        )
    bad = {unique_id: status for unique_id, status in statuses.items() if status not in PASSING}
    failed = [unique_id for unique_id, status in bad.items() if status != "skipped"]
    if failed:
        reasons.append(f"{len(failed)} nodes or tests failed: {_some(map(_short, failed))}.")
    if len(bad) > len(failed):
        reasons.append(f"{len(bad) - len(failed)} nodes were skipped because of that.")
    return reasons
