"""The invented company: the same seed gives the same bytes, exports look like the vendors'."""

import csv
import filecmp
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from certgap.simulate import run
from certgap.simulate.simulation import write_sample

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    out = tmp_path_factory.mktemp("native")
    run(150, 11, out, world="sample")
    return out


@pytest.fixture(scope="module")
def generic(tmp_path_factory):
    out = tmp_path_factory.mktemp("generic")
    run(150, 11, out, world="sample", sources=["generic"])
    return out


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def newest(folder: Path) -> Path:
    return sorted(folder.iterdir())[-1]


def only_file(folder: Path) -> Path:
    (path,) = [p for p in folder.iterdir() if p.is_file()]
    return path


@pytest.mark.parametrize("sources", [None, ["generic"]])
def test_the_same_seed_gives_the_same_bytes(sources, native, generic, tmp_path):
    run(150, 11, tmp_path, world="sample", sources=sources)
    first = files_of(generic if sources else native)
    assert files_of(tmp_path) == first


def test_another_seed_gives_another_company(generic, tmp_path):
    run(150, 12, tmp_path, world="sample", sources=["generic"])
    people = "hris/generic/employees/2026-07-15.csv"
    assert (tmp_path / people).read_bytes() != (generic / people).read_bytes()


def test_parquet_files_hold_what_the_csv_files_hold(generic, tmp_path):
    run(150, 11, tmp_path, world="sample", sources=["generic"], fmt="parquet")
    table = pq.read_table(tmp_path / "hris/generic/employees/2026-07-15.parquet")
    with (generic / "hris/generic/employees/2026-07-15.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["employee_id"] for row in rows] == table.column("employee_id").to_pylist()
    hired = [str(day) for day in table.column("hire_date").to_pylist()]
    assert [row["hire_date"] for row in rows] == hired


def test_the_bundled_sample_is_what_the_simulator_writes(tmp_path):
    write_sample(tmp_path)
    bundled, made = files_of(PROJECT / "sample_data"), files_of(tmp_path)
    bundled = {name: content for name, content in bundled.items() if not name.endswith(".md")}
    assert sorted(bundled) == sorted(made)
    different = [name for name in made if bundled[name] != made[name]]
    assert different == []
    assert sum(len(content) for content in made.values()) < 8_000_000


def test_copilot_reports_have_the_vendors_bytes(native):
    report = only_file(native / "usage/m365_copilot/usage_user_detail/2026-03-02").read_bytes()
    assert report.startswith(b"\xef\xbb\xbfReport Refresh Date,User Principal Name,")
    lines = report.split(b"\r\n")
    assert lines[-1] == b"" and b"\n" not in lines[0]


def test_some_copilot_reports_hide_who_is_who(native):
    folder = native / "usage/m365_copilot/usage_user_detail"
    texts = [path.read_text("utf-8-sig") for path in folder.rglob("*.csv")]
    hidden = [text for text in texts if "@example.com" not in text]
    assert 0 < len(hidden) < len(texts) / 10


def test_github_seats_list_a_person_once_per_team_and_use_several_offsets(native):
    folder = native / "usage/github_copilot/seats"
    pages = [json.loads(path.read_text()) for path in folder.rglob("*.json")]
    seats = [seat for page in pages for seat in page["seats"]]
    assert {seat["created_at"][-6:] for seat in seats} >= {"+03:00"}
    assert any(len(page["seats"]) > page["total_seats"] for page in pages)


def test_statements_use_mail_and_accounts_and_one_is_voided(native):
    lines = [
        json.loads(line)
        for path in (native / "lms/xapi/statements").rglob("*.ndjson")
        for line in path.read_text().splitlines()
    ]
    assert any("account" in line["actor"] for line in lines)
    assert any("mbox" in line["actor"] for line in lines)
    assert any(line["verb"]["id"].endswith("/voided") for line in lines)
    ids = [line["id"] for line in lines]
    assert len(set(ids)) < len(ids), "some statements are delivered twice"


def test_linkedin_times_are_milliseconds(native):
    folder = native / "lms/linkedin_learning/learning_activity_reports"
    pages = [json.loads(path.read_text()) for path in folder.rglob("*.json")]
    elements = [element for page in pages for element in page["elements"]]
    assert elements
    assert all(a["lastEngagedAt"] > 1_700_000_000_000 for e in elements for a in e["activities"])


def test_the_workday_copies_hold_versions_seen_later_than_they_took_effect(native):
    path = newest(native / "hris/workday/worker_position_history")
    with only_file(path).open() as file:
        rows = list(csv.DictReader(file))
    late = [
        row for row in rows if row["_fivetran_start"][:10] > row["effective_date"] > "2025-11-03"
    ]
    assert late


def test_no_address_is_outside_the_example_domains(native, generic):
    for folder in (native, generic):
        for name, content in files_of(folder).items():
            if name.endswith((".csv", ".json", ".ndjson")):
                for word in content.decode("utf-8-sig").replace('"', ",").split(","):
                    if "@" in word:
                        assert word.lower().strip().endswith(("example.com", "example.net")), word


def test_a_world_without_effects_has_nobody_changed_by_training(tmp_path):
    effects = run(300, 3, tmp_path, world="null", sources=["generic"], monthly=True)
    for tool in effects["tools"].values():
        assert tool["people_trained"] > 0
        assert tool["people_who_take_it_up_after_training"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learners": 5}, "between 100 and 2,000,000"),
        ({"world": "mars"}, "unknown world 'mars'"),
        ({"sources": ["brightspace"]}, "unknown sources brightspace"),
        ({"fmt": "xlsx"}, "csv or parquet"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(arguments, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        run(**{"learners": 100, "seed": 1, "out": tmp_path, **arguments})
    assert filecmp.dircmp(tmp_path, tmp_path).left_list == []
