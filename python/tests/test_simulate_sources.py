"""Any mix of vendors: each writes its share, and the company's own reference data names it."""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from certgap.simulate import run
from certgap.simulate.company import build_company
from certgap.simulate.days import as_date
from certgap.simulate.hris_exports import HRIS
from certgap.simulate.m365_exports import TOOL, write_m365
from certgap.simulate.platforms import PLATFORMS
from certgap.simulate.reference_data import read_reference
from certgap.simulate.sources import GENERIC, choose_sources
from certgap.simulate.truth_tables import TruthTables
from certgap.simulate.usage_reports import USAGE
from certgap.simulate.world_settings import load_world

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NAMES = list(PLATFORMS)
# More platforms than courses would leave some without any.
GROUPS = [NAMES[start : start + 9] for start in range(0, len(NAMES), 9)]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def newest_folder(feed: Path) -> Path:
    return sorted(feed.iterdir())[-1]


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_every_platform_writes_its_feeds_and_the_reference_names_its_courses(names, tmp_path):
    run(150, 11, tmp_path, world="sample", sources=names)
    events = pq.read_table(tmp_path / "truth/world/events.parquet").to_pylist()
    courses = pq.read_table(tmp_path / "truth/world/courses.parquet").to_pylist()
    known = {(row["source_system"], row["source_course_id"]) for row in courses}
    systems = {choice: PLATFORMS[choice].name for choice in names}
    for choice, name in systems.items():
        for feed in PLATFORMS[choice].feeds:
            assert any(p.is_file() for p in (tmp_path / "lms" / name / feed).rglob("*")), feed
        assert any(row["source_system"] == name for row in events), name
    for seed in ("course_tool_map", "program_courses"):
        for row in rows_of(tmp_path / "reference" / f"{seed}.csv"):
            assert (row["source_system"], row["source_course_id"]) in known, row
    contracts = rows_of(tmp_path / "reference/platform_contracts.csv")
    assert {row["platform"] for row in contracts} == set(systems.values())


@pytest.mark.parametrize("name", list(USAGE))
def test_a_usage_vendor_takes_the_place_of_a_tool(name, tmp_path):
    run(100, 3, tmp_path, world="sample", sources=[name])
    folder = tmp_path / "usage" / USAGE[name].name / USAGE[name].other_feed
    assert any(path.is_file() for path in folder.rglob("*"))
    tools = {row["tool_id"] for row in rows_of(tmp_path / "reference/tools.csv")}
    assert len(tools) == 3 and USAGE[name].tool_id in tools
    tied = {row["tool_id"] for row in rows_of(tmp_path / "reference/course_tool_map.csv")}
    assert tied == tools


def test_a_day_on_which_nobody_has_a_seat_has_no_m365_report_and_is_not_told(tmp_path):
    company = build_company(100, 3, load_world("sample"), read_reference())
    first = company.workforce.start + 40
    seats = company.seats[TOOL].valid_from
    np.maximum(seats, first, out=seats)
    truth = TruthTables()
    write_m365(tmp_path, company, truth, True, True, lambda *_: None)
    files = {path.stem[-10:] for path in tmp_path.rglob("*.csv")}
    told = {str(d) for part in truth.tables["deliveries"] for d in part["date_to"].to_pylist()}
    assert told == files
    assert str(as_date(first)) <= min(told)


def pages_by_delivery(folder: Path) -> dict[tuple[str, str], list[dict]]:
    """(Day of delivery, day asked for) → pages in their order."""
    found: dict[tuple[str, str], list[dict]] = {}
    for path in sorted(folder.rglob("*.json")):
        asked = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
        key = (path.parent.name, asked[0] if asked else "")
        found.setdefault(key, []).append(json.loads(path.read_text("utf-8")))
    return found


def test_pages_of_copilot_use_overlap_break_off_and_come_again(tmp_path):
    run(300, 1, tmp_path, sources=["m365_copilot:usage_user_detail_pages"])
    listings = pages_by_delivery(tmp_path / "usage/m365_copilot/usage_user_detail_pages")
    is_whole = {key: "@odata.nextLink" not in pages[-1] for key, pages in listings.items()}
    assert all("@odata.nextLink" in page for pages in listings.values() for page in pages[:-1])
    whole = {asked for (_, asked), complete in is_whole.items() if complete}
    broken = {asked for (_, asked), complete in is_whole.items() if not complete}
    assert broken & whole and broken - whole, "some came again, some never"
    names = [
        [user["userPrincipalName"].lower() for page in pages for user in page["value"]]
        for pages in listings.values()
    ]
    assert any(len(set(users)) < len(users) for users in names)
    told = pq.read_table(tmp_path / "truth/world/deliveries.parquet").to_pylist()
    told = [row for row in told if row["source_system"] == "m365_copilot"]
    parts = {str(row["date_to"]) for row in told if row["population_scope"] == "part"}
    assert parts == broken - whole


def test_the_admin_centres_export_names_no_refresh_and_covers_its_newest_activity(tmp_path):
    run(300, 1, tmp_path, sources=["m365_copilot:admin_center_user_activity"])
    covered, copies, concealed = set(), 0, 0
    folder = tmp_path / "usage/m365_copilot/admin_center_user_activity"
    for path in sorted(folder.rglob("*.csv")):
        text = path.read_text("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines()))
        assert "Report Refresh Date" not in rows[0]
        covered.add(max(row["Last activity date (UTC)"] for row in rows))
        copies += path.stem.endswith("(1)")
        concealed += all(re.fullmatch("[0-9A-F]{16}", row["User name"]) for row in rows)
    told = pq.read_table(tmp_path / "truth/world/deliveries.parquet").to_pylist()
    told = {str(row["date_to"]) for row in told if row["source_system"] == "m365_copilot"}
    assert told == covered - {""}
    assert copies and concealed


def test_pages_of_statements_overlap_and_may_end_with_an_empty_one(tmp_path):
    run(300, 1, tmp_path, sources=["xapi:statement_pages"])
    found = pages_by_delivery(tmp_path / "lms/xapi/statement_pages")
    assert all(p["more"] for pages in found.values() for p in pages[:-1])
    assert all(pages[-1]["more"] == "" for pages in found.values())
    assert any(pages[-1]["statements"] == [] for pages in found.values())
    overlaps = [
        first["statements"][-1]["id"] == second["statements"][0]["id"]
        for pages in found.values()
        for first, second in pairwise(pages)
        if second["statements"]
    ]
    assert any(overlaps) and not all(overlaps)


@pytest.mark.parametrize("name", list(HRIS))
def test_an_hris_leaves_only_what_it_cannot_say_to_generic_files(name, tmp_path):
    run(100, 3, tmp_path, world="sample", sources=[name])
    assert any(path.is_file() for path in (tmp_path / "hris" / name).rglob("*"))
    unsaid = {"identity_aliases", *(["leave_periods"] if not HRIS[name].lists_leave else [])}
    assert {path.name for path in (tmp_path / "hris/generic").iterdir()} == unsaid


def test_after_a_merger_each_employee_is_in_one_of_two_systems(tmp_path):
    run(150, 3, tmp_path, world="sample", sources=["workday", "successfactors_ec"])
    workers = newest_folder(tmp_path / "hris/workday/worker_history") / "worker_history.csv"
    first = {row["worker_code"] for row in rows_of(workers)}
    pages = newest_folder(tmp_path / "hris/successfactors_ec/emp_job").iterdir()
    rows = [row for page in pages for row in json.loads(page.read_text())["d"]["results"]]
    second = {row["userId"] for row in rows}
    people = pq.read_table(tmp_path / "truth/world/employees.parquet").column("employee_id")
    assert first | second == set(people.to_pylist())
    assert first and second and not first & second


def test_the_reference_folder_holds_every_seed_file_with_its_columns(tmp_path):
    run(100, 3, tmp_path, world="sample", sources=["cornerstone", "workday"], truth=False)
    for path in SEEDS.glob("*.csv"):
        own = tmp_path / "reference" / path.name
        assert own.read_text().splitlines()[0] == path.read_text().splitlines()[0]
        assert len(rows_of(own)) == len(rows_of(path)) or path.stem == "platform_contracts"


def test_the_sample_and_a_generic_company_need_no_reference_data_of_their_own(tmp_path):
    assert choose_sources(None).are_of_the_seeds
    run(100, 3, tmp_path, world="sample", sources=[GENERIC], truth=False)
    assert not (tmp_path / "reference").exists()


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (["brightspace"], "unknown sources brightspace"),
        (["m365_copilot", "purview"], "the same tool"),
        (["m365_copilot", "m365_copilot:admin_center_user_activity"], "the same tool"),
        (["xapi", "xapi:statement_pages"], "the same platform: xapi, xapi:statement_pages"),
        (["claude_code", "agentforce", "m365_copilot", "chatgpt_enterprise"], "at most three"),
        (["workday", "bamboohr", "successfactors_ec"], "at most 2 HRIS"),
    ],
)
def test_a_wrong_mix_says_what_is_wrong(sources, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        run(100, 1, tmp_path, sources=sources)
