"""Worlds on disk, and the comparison: it agrees with itself and names every kind of difference."""

import duckdb
import pyarrow as pa
import pytest

from certgap.compare import compare, main, same
from certgap.truth import World, expected_tables, read_expected, write_expected
from certgap.truth.world import SCHEMAS
from truth_company import Company


@pytest.fixture
def world():
    company = Company(min_cell=1)
    for name in ("ana", "bob", "cyd"):
        company.person(name, department="Sales")
        company.event(name, "2026-01-05", "assigned")
        company.event(name, "2026-03-01")
    company.use("ana", "2026-03-30")
    company.programs = [{"program_id": "p", "starts_on": "2026-01-01", "completion_rule": "any"}]
    company.program_courses = [
        {"program_id": "p", "source_system": "lms", "source_course_id": "c1",
         "course_role": "learner"}
    ]  # fmt: skip
    wave = {"program_id": "p", "wave_id": "w"}
    company.more_reference = {
        "program_waves": [wave | {"wave_name": "Sales", "starts_on": "2026-02-01"}],
        "program_wave_members": [wave | {"member_kind": "department", "member_value": "Sales"}],
    }
    return company.world()


@pytest.fixture
def warehouse(world, tmp_path):
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name, rows in expected_tables(world).items():
            table = pa.Table.from_pylist(rows)
            connection.register("rows", table)
            connection.execute(f"create table {name} as select * from rows")
            connection.unregister("rows")
    return path


def change(path, statement):
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def test_a_world_survives_the_disk(world, tmp_path, monkeypatch):
    world.save(tmp_path)
    monkeypatch.setenv("CERTGAP_PSEUDONYM_KEY", "test")
    again = World.load(tmp_path)
    assert all(again.table(name).equals(world.table(name)) for name in SCHEMAS)
    assert again.reference == world.reference
    assert expected_tables(again) == expected_tables(world)
    assert "pseudonym_key" not in (tmp_path / "settings.json").read_text()


def test_expected_tables_survive_the_disk(world, tmp_path):
    assert write_expected(world, tmp_path) == read_expected(tmp_path)


def test_unknown_columns_are_refused():
    with pytest.raises(ValueError, match="employees has no column name"):
        World(employees=[{"employee_id": "a", "name": "Ana"}])


def test_the_same_tables_agree(world, warehouse, tmp_path, capsys):
    assert compare(world, warehouse).agrees
    write_expected(world, tmp_path / "truth")
    assert main([str(tmp_path / "truth"), str(warehouse)]) == 0
    assert "agrees" in capsys.readouterr().out
    assert main([str(tmp_path / "nowhere"), str(warehouse)]) == 2


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update adoption_rates set n_eligible = n_eligible + 1", "n_eligible: "),
        ("update adoption_rates set adoption_rate = adoption_rate + 1e-6", "adoption_rate: "),
        ("update fct_learner_tool_checkpoints set is_adopted = 0", "expected True, found False"),
        ("delete from manager_cohorts where checkpoint_day = 60", "rows missing"),
        ("insert into manager_cohorts (tool_id) values ('x')", "rows not expected"),
        ("insert into manager_cohorts select * from manager_cohorts", "repeat a key"),
        ("alter table certification_gaps drop column p_value", "not in the build: p_value"),
        ("alter table certification_gaps add column q_value double", "nobody expects: q_value"),
        ("alter table certification_gaps drop column tool_id", "without its key columns"),
        ("drop table certification_gaps", "there is no table"),
    ],
)  # fmt: skip
def test_differences_are_named(world, warehouse, statement, words):
    change(warehouse, statement)
    report = compare(world, warehouse)
    assert not report.agrees
    assert words in report.text()


def test_cells():
    assert same("x", 0.3, 0.1 + 0.2)
    assert not same("x", None, 0)
    assert not same("x", True, 1)
    assert same("x", 2.0, 2)
    assert not same("x", 1.0, "1")
