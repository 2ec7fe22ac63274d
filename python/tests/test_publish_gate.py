"""The gate's verdict on artifacts written by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from certgap.publish import gate

RUN = "run-1"
MODEL = "model.certgap.adoption_rates"
TEST = "test.certgap.rates_are_rates.0123abcd"
UNIT_TEST = "unit_test.certgap.adoption_rates.day_0"


def node(resource_type: str, **config: Any) -> dict[str, Any]:
    return {"resource_type": resource_type, "config": config}


MANIFEST = {
    "nodes": {
        MODEL: node("model", materialized="table"),
        TEST: node("test"),
        "seed.certgap.tools": node("seed"),
        # None of these is run by a build.
        "model.certgap.inlined": node("model", materialized="ephemeral"),
        "analysis.certgap.question": node("analysis"),
    },
    "unit_tests": {UNIT_TEST: {}},
}

COMPLETE = {
    "metadata": {"invocation_id": RUN},
    "args": {"which": "build"},
    "results": [
        {"unique_id": "seed.certgap.tools", "status": "success"},
        {"unique_id": MODEL, "status": "success"},
        {"unique_id": TEST, "status": "pass"},
        {"unique_id": UNIT_TEST, "status": "pass"},
        {"unique_id": "operation.certgap.certgap-on-run-start-0", "status": "success"},
    ],
}


def reasons(latest_run: str | None = RUN, **changes: Any) -> list[str]:
    results = copy.deepcopy(COMPLETE)
    for unique_id, status in changes.pop("statuses", {}).items():
        results["results"] = [r for r in results["results"] if r["unique_id"] != unique_id]
        if status is not None:
            results["results"].append({"unique_id": unique_id, "status": status})
    results["args"].update(changes)
    return gate.reasons_against(results, MANIFEST, latest_run)


def test_a_complete_build_without_errors_may_be_published() -> None:
    assert reasons() == []


def test_a_warning_does_not_stop_a_publication() -> None:
    assert reasons(statuses={TEST: "warn"}) == []


@pytest.mark.parametrize("status", ["fail", "error", "runtime error", "something new"])
@pytest.mark.parametrize("unique_id", [MODEL, TEST, UNIT_TEST])
def test_any_failure_stops_it_and_is_named(unique_id: str, status: str) -> None:
    (reason,) = reasons(statuses={unique_id: status})
    assert unique_id.split(".")[2] in reason


def test_a_failed_hook_stops_it() -> None:
    assert reasons(statuses={"operation.certgap.certgap-on-run-start-0": "error"})


def test_unit_tests_may_be_left_out() -> None:
    assert reasons(statuses={UNIT_TEST: None}) == []


@pytest.mark.parametrize("unique_id", [MODEL, TEST, "seed.certgap.tools"])
def test_a_build_of_some_nodes_is_not_published(unique_id: str) -> None:
    (reason,) = reasons(statuses={unique_id: None})
    assert "left out 1" in reason


def test_skipped_nodes_stop_it() -> None:
    (reason,) = reasons(statuses={TEST: "skipped"})
    assert "skipped" in reason


@pytest.mark.parametrize("command", ["run", "test", "seed", "compile"])
def test_only_a_build_is_published(command: str) -> None:
    (reason,) = reasons(which=command)
    assert command in reason


@pytest.mark.parametrize("flag", ["empty", "sample"])
def test_a_build_on_part_of_the_rows_is_not_published(flag: str) -> None:
    assert reasons(**{flag: True})


@pytest.mark.parametrize("latest_run", [None, "run-2"])
def test_artifacts_of_another_database_or_state_do_not_pass(latest_run: str | None) -> None:
    assert reasons(latest_run=latest_run)
