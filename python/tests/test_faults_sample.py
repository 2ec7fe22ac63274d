"""A sample of faults in one small company, each injected, watched and put back.

Rule: what is broken is caught or quarantined. One detection is switched off and must be missed,
since a judge that never says silent proves nothing. `make faults` injects the whole catalogue.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from certgap.deliveries import check
from certgap.faults.catalogue import FAULTS
from certgap.faults.fault import CAUGHT, QUARANTINED, SILENT, Fault
from certgap.faults.healthy import HEALTHY, Healthy, keep
from certgap.faults.observe import Observer
from certgap.faults.raw import RawFolder
from certgap.faults.verdict import judge, mismatch
from certgap.project import Project
from companies import PROJECT
from conftest import Built


class CompanyOfFive(Healthy):
    """The company that `certgap build` has built for other tests, in place of one of its own.

    There is no dbt to start: a fault of this sample leaves the build's files and their headers.
    """

    def __init__(self, built: Built, folder: Path) -> None:
        company = built.company
        self.folder, self.warehouse = folder, folder / HEALTHY / company.warehouse.name
        checks = {"CERTGAP_DELIVERY_CHECKS": str(folder / "checks")}
        self.project = Project(PROJECT, company.environment(**checks))
        self.raw = RawFolder(company.raw, company.reference, folder / "kept")
        self.raw.keep()
        check.run(self.project, check.Options(write_docs=False), lambda *_: None)
        shutil.copytree(folder / "checks", folder / "kept" / "checks")
        self.warehouse.parent.mkdir()
        shutil.copy2(company.warehouse, self.warehouse)
        with self.open(HEALTHY) as connection:
            self.kept = keep(connection, *built.artifacts)

    def database(self, name: str) -> Path:
        return self.folder / name / self.warehouse.name


@pytest.fixture(scope="module")
def observer(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Observer:
    return Observer(CompanyOfFive(built, tmp_path_factory.mktemp("faults")))


def lead_themselves(raw: RawFolder) -> None:
    raw.edit(
        raw.newest("hris/generic/employment_history"),
        lambda row: {**row, "manager_employee_id": row["employee_id"]},
    )


def live_nowhere(raw: RawFolder) -> None:
    raw.edit(raw.newest("hris/generic/employees"), lambda row: {**row, "timezone": "Mars/Base"})


def lose_a_completion(raw: RawFolder) -> None:
    raw.edit(
        raw.newest("lms/generic/learning_events"),
        lambda row: {**row, "event_type": "liked"},
        lambda row: row["event_id"] == "L6",
    )


LEADS = "nobody_leads_those_who_lead_them"
SAMPLE = [
    FAULTS["written-as-utf16"],
    Fault("own-managers", "", "", lead_themselves, CAUGHT, LEADS),
    Fault("zones", "", "", live_nowhere, CAUGHT, "time_zones_of_people_exist"),
    Fault("one-event", "", "", lose_a_completion, QUARANTINED, "bad_event_type (1)"),
]


@pytest.mark.parametrize("fault", SAMPLE, ids=[fault.id for fault in SAMPLE])
def test_a_sample_of_faults(observer: Observer, fault: Fault) -> None:
    seen = observer.observe(fault)
    assert mismatch(fault, judge(seen)) == "", seen


def test_the_same_fault_is_silent_where_its_test_is_switched_off(observer: Observer) -> None:
    kept = observer.healthy.kept
    nodes = kept.nodes
    kept.nodes = [node for node in nodes if node.name != LEADS]
    try:
        verdict = judge(observer.observe(SAMPLE[1]))
    finally:
        kept.nodes = nodes
    assert verdict.outcome == SILENT
