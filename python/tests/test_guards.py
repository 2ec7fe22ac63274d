"""A broken join is caught: a throwaway dbt project with the project's own macros, broken all ways.

A healthy project of two joins is rebuilt for each case with one thing changed in the data, the SQL
or the declaration. Broken data must be caught by `guarded_joins`, the rest by `certgap guards`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt.cli.main import dbtRunner

from certgap.guards import check
from certgap.guards.command import run

PROJECT = Path(__file__).resolve().parents[2]

DBT_PROJECT = """
name: certgap
version: "0.1.0"
config-version: 2
profile: guards
model-paths: [models]
macro-paths: [macros]
test-paths: [tests]
flags: {require_generic_test_arguments_property: true, send_anonymous_usage_stats: false}
models: {+materialized: table}
"""

PROFILES = """
guards:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: guards.duckdb, schema: main, threads: 1}
"""

USAGE = [
    ("upn", "ann@x.example", "2026-01-31"),
    ("upn", "ann@x.example", "2026-02-01"),
    ("upn", "bob@x.example", "2026-02-01"),
    ("upn", "nobody@x.example", "2026-02-01"),
]
OWNERS = [
    ("upn", "ann@x.example", "W1", "2025-01-01", "2026-02-01"),
    ("upn", "ann@x.example", "W2", "2026-02-01", "9999-12-31"),
    ("upn", "bob@x.example", "W3", "2025-01-01", "9999-12-31"),
]
BELOW = "match rate is below 0.7"
OTHER_CASE = "key is written in another case on the other side"
FAN_OUT = "a left row finds more than 1 right row(s)"
PEOPLE = [("W1", "Sales"), ("W2", "Legal"), ("W3", "Sales")]

MODEL = """
with

usage_days as (

    select * from {{ ref('usage_days') }}

),

owners as (

    select * from {{ ref('owners') }}

),

people as (

    select * from {{ ref('people') }}

),

matched as (

    select
        usage_days.alias_value,
        usage_days.usage_date,
        owners.employee_id,
        people.department

    from usage_days

    left join owners
        on usage_days.alias_type = owners.alias_type
        and usage_days.alias_value = owners.alias_value
        and usage_days.usage_date >= owners.valid_from
        and usage_days.usage_date < owners.valid_to

    left join people
        on owners.employee_id = people.employee_id

)

select * from matched
"""

YAML = """
models:
  - name: matched_days
    config:
      meta:
        joins: &joins
          - name: days_to_owners
            join: owners
            left: ref('usage_days')
            right: ref('owners')
            kind: as_of
            keys: [[alias_type, alias_type], [alias_value, alias_value]]
            as_of: {date: usage_date, from: valid_from, to: valid_to}
            cardinality: many_to_one
            min_match_rate: 0.7
            unmatched: keep
            reason: Contractors are not in HR.
            preserves_left: true
            matched_when: employee_id is not null
          - name: days_to_people
            join: people
            left: this
            right: ref('people')
            kind: equality
            keys: [[employee_id, employee_id]]
            cardinality: many_to_one
            min_match_rate: 0.7
            unmatched: keep
            reason: Contractors are not in HR.
    data_tests:
      - guarded_joins:
          arguments: {joins: *joins}
"""


def rows(columns: list[str], values: list[tuple], casts: dict[str, str]) -> str:
    """Return a model that yields the given rows."""
    selects = []
    for row in values:
        items = [
            f"cast({'null' if v is None else repr(v)} as {casts.get(c, 'varchar')}) as {c}"
            for c, v in zip(columns, row, strict=True)
        ]
        selects.append("select " + ", ".join(items))
    return "\nunion all\n".join(selects)


class Project:
    """The throwaway project: write it, change one thing, build it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("macros/engine", "macros/joins", "tests/generic"):
            shutil.copytree(PROJECT / folder, root / folder)
        # The sample's seeds and hooks are no part of this project.
        (root / "macros/joins/joined_models.sql").write_text(
            "{% macro joined_models_of_this_project() %}"
            "{{ return(['matched_days']) }}{% endmacro %}"
        )
        (root / "models").mkdir()
        (root / "dbt_project.yml").write_text(DBT_PROJECT)
        (root / "profiles.yml").write_text(
            PROFILES.replace("guards.duckdb", f"{root}/guards.duckdb")
        )
        self.reset()

    def reset(self) -> None:
        """Write the healthy state."""
        for file in [*self.root.glob("models/*"), *self.root.glob("tests/*.sql")]:
            file.unlink()
        shutil.rmtree(self.root / "target", ignore_errors=True)
        self.write("usage_days.sql", usage(USAGE))
        self.write("owners.sql", owners(OWNERS))
        self.write("people.sql", people(PEOPLE))
        self.write("matched_days.sql", MODEL)
        self.write("_models.yml", YAML)

    def write(self, name: str, text: str) -> None:
        (self.root / "models" / name).write_text(text)

    def declare(self, change) -> None:
        """Change the declarations (a list of dicts), for the meta and for the test alike."""
        document = yaml.safe_load(YAML)
        model = document["models"][0]
        joins = model["config"]["meta"]["joins"]
        change(joins)
        model["data_tests"][0]["guarded_joins"]["arguments"]["joins"] = joins
        self.write("_models.yml", yaml.safe_dump(document))

    def dbt(self, command: str, *arguments: str):
        folders = ["--project-dir", str(self.root), "--profiles-dir", str(self.root)]
        quiet = ["--quiet", "--log-level-file", "none"]
        return dbtRunner().invoke([*quiet, command, *folders, *arguments])

    def results(self) -> list[dict]:
        return json.loads((self.root / "target/run_results.json").read_text())["results"]

    def broken_checks(self, *arguments: str) -> set[tuple[str, str]]:
        """Build, and return the (join, check) pairs that failed."""
        self.dbt("build", "--store-failures", *arguments)
        tests = [r for r in self.results() if "guarded_joins" in r["unique_id"]]
        assert tests
        assert all(r["status"] in ("pass", "fail") for r in tests), tests
        broken = set()
        for test in tests:
            if test["status"] == "fail":
                query = f"select join_name, broken_check from {test['relation_name']}"
                broken |= set(self.query(query))
        return broken

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.root / "guards.duckdb")) as connection:
            return connection.execute(sql).fetchall()

    def guards(self):
        """Compile (nothing is built) and check that joins and declarations agree."""
        result = self.dbt("compile")
        assert result.success, result.exception
        return check(self.root)


def usage(values: list[tuple], **casts: str) -> str:
    columns = ["alias_type", "alias_value", "usage_date"]
    return rows(columns, values, {"usage_date": "date", **casts})


def owners(values: list[tuple], **casts: str) -> str:
    columns = ["alias_type", "alias_value", "employee_id", "valid_from", "valid_to"]
    return rows(columns, values, {"valid_from": "date", "valid_to": "date", **casts})


def people(values: list[tuple], **casts: str) -> str:
    return rows(["employee_id", "department"], values, casts)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("guards"))


@pytest.fixture
def project(shared_project: Project) -> Project:
    shared_project.reset()
    return shared_project


def test_healthy_joins_pass(project):
    assert project.broken_checks() == set()
    report = project.guards()
    assert report.ok, report.failures
    assert report.headline == "joins guarded: 2 of 2"


# ---- broken data: what guarded_joins must say ----------------------------------------------------

OVERLAP = [*OWNERS, ("upn", "bob@x.example", "W9", "2026-01-01", "2026-03-01")]
DATA_CASES = {
    "duplicate on the right": (
        {"people": people([*PEOPLE, ("W3", "Sales")])},
        {
            ("days_to_people", "right key is not unique"),
            ("days_to_owners", "output does not have the rows of the left side"),
        },
    ),
    "missing key": (
        {"people": people(PEOPLE[:1])},
        {("days_to_people", BELOW)},
    ),
    "missing key, as-of": (
        {"owners": owners(OWNERS[:1])},
        {("days_to_owners", BELOW), ("days_to_people", BELOW)},
    ),
    "NULL key on the right": (
        {"people": people([*PEOPLE, (None, "Sales")])},
        {("days_to_people", "right key is NULL")},
    ),
    "type change": (
        {
            "people": people([(1, "Sales"), (2, "Legal"), (3, "Sales")], employee_id="bigint"),
            "owners": owners([(t, a, w[1:], f, u) for t, a, w, f, u in OWNERS]),
        },
        {("days_to_people", "key columns differ in type")},
    ),
    "case change": (
        {"owners": owners([(t, a.upper(), w, f, u) for t, a, w, f, u in OWNERS])},
        {
            ("days_to_owners", "right key is not normalised"),
            ("days_to_owners", BELOW),
            ("days_to_people", BELOW),
        },
    ),
    "case of an id": (
        {"people": people([("w1", "Sales"), *PEOPLE[1:]])},
        {("days_to_people", OTHER_CASE), ("days_to_people", BELOW)},
    ),
    "blank after a key": (
        {"people": people([("W1 ", "Sales"), *PEOPLE[1:]])},
        {("days_to_people", "right key is not normalised"), ("days_to_people", BELOW)},
    ),
    "overlapping intervals": (
        {"owners": owners(OVERLAP)},
        {
            ("days_to_owners", "intervals overlap"),
            ("days_to_owners", FAN_OUT),
            ("days_to_owners", "output does not have the rows of the left side"),
            ("days_to_people", BELOW),
        },
    ),
    "inverted interval": (
        {"owners": owners([*OWNERS, ("upn", "cy@x.example", "W8", "2026-03-01", "2026-01-01")])},
        {("days_to_owners", "interval ends before it starts")},
    ),
    "gap between intervals": (
        {"owners": owners([(*OWNERS[0][:4], "2026-01-31"), *OWNERS[1:]])},
        {
            ("days_to_owners", "intervals leave a gap"),
            ("days_to_owners", BELOW),
            ("days_to_people", BELOW),
        },
    ),
    "NULL interval end": (
        {"owners": owners([*OWNERS[:2], (*OWNERS[2][:4], None)])},
        {
            ("days_to_owners", "interval end is NULL"),
            ("days_to_owners", BELOW),
            ("days_to_people", BELOW),
        },
    ),
    "late arrival: the first day of the new owner is not there yet": (
        {"owners": owners([OWNERS[0], OWNERS[2]])},
        {("days_to_owners", BELOW), ("days_to_people", BELOW)},
    ),
}


@pytest.mark.parametrize("case", DATA_CASES)
def test_broken_data_fails_exactly_where_it_is_broken(project, case):
    relations, expected = DATA_CASES[case]
    for name, sql in relations.items():
        project.write(f"{name}.sql", sql)
    assert project.broken_checks() == expected


def test_a_failure_names_rows_examples_and_place(project):
    project.write("people.sql", people([*PEOPLE, ("W3", "Sales"), ("W3", "Legal")]))
    project.broken_checks()
    relation = next(r for r in project.results() if "guarded_joins" in r["unique_id"])
    [(count, examples, where)] = project.query(
        "select row_count, example_keys, where_to_look "
        f"from {relation['relation_name']} where broken_check = 'right key is not unique'"
    )
    assert (count, examples) == (3, "W3")
    assert "people" in where


def test_case_may_be_declared_to_matter(project):
    project.declare(lambda joins: joins[1].update(case_matters=["employee_id"]))
    project.write("people.sql", people([("w1", "Sales"), *PEOPLE[1:]]))
    assert project.broken_checks() == {("days_to_people", BELOW)}


def test_a_row_lost_and_another_doubled_is_seen_in_the_columns_that_are_kept(project):
    sql = MODEL.replace(
        "select * from matched",
        "select * from matched where alias_value <> 'bob@x.example' union all "
        "select * from matched where alias_value = 'nobody@x.example'",
    )
    project.write("matched_days.sql", sql)
    assert ("days_to_owners", "output has other rows than the left side") not in (
        project.broken_checks()
    )
    columns = ["usage_date", "alias_value"]
    project.declare(lambda joins: joins[0].update(kept_columns=columns))
    assert ("days_to_owners", "output has other rows than the left side") in project.broken_checks()
    project.write("matched_days.sql", MODEL)
    assert project.broken_checks() == set()


def test_a_rate_that_nobody_measures_stops_the_build(project):
    more = {"audit": "skip", "audit_reason": "A second join would be dear."}
    project.declare(lambda joins: joins[1].update(more))
    assert "which audit: skip does not measure" in str(project.dbt("compile").exception)


def test_an_empty_left_passes_only_if_the_relation_is_empty(project):
    project.declare(lambda joins: joins[0].update(where_left="alias_type = 'github_login'"))
    assert ("days_to_owners", "no row is left to join") in project.broken_checks()
    project.write("usage_days.sql", usage(USAGE) + "\nlimit 0")
    assert project.broken_checks() == set()


# ---- broken SQL: data guards and completeness ----------------------------------------------------

SQL_CASES = {
    "left join became inner": ("left join owners", "inner join owners", "unmatched: keep"),
    "key column dropped": (
        "and usage_days.alias_value = owners.alias_value",
        "",
        "declared `alias_value = alias_value` is not in",
    ),
    "lower boundary became exclusive": (
        ">= owners.valid_from",
        "> owners.valid_from",
        ">= valid_from",
    ),
    "upper boundary became inclusive": ("< owners.valid_to", "<= owners.valid_to", "< valid_to"),
    "date condition lost": (
        "and usage_days.usage_date < owners.valid_to",
        "",
        "declared `usage_date < valid_to`",
    ),
    "another key": (
        "usage_days.alias_type = owners.alias_type",
        "usage_days.alias_value = owners.alias_type",
        "which is not declared",
    ),
    "undeclared filter in on": (
        "on owners.employee_id = people.employee_id",
        "on owners.employee_id = people.employee_id and people.department = 'Sales'",
        "where_right",
    ),
    "undeclared join": (
        "left join people",
        "left join people as managers on owners.employee_id = managers.employee_id\n"
        "    left join people",
        "a join without declaration",
    ),
    "undeclared comma join": (
        "from usage_days\n\n",
        "from people as others, usage_days\n\n",
        "comma",
    ),
    "undeclared IN subquery": (
        "select * from matched",
        "select * from matched where employee_id in (select employee_id from people)",
        "a join without declaration",
    ),
    "undeclared NOT EXISTS": (
        "select * from matched",
        "select * from matched where not exists "
        "(select 1 from people where people.employee_id = matched.employee_id)",
        "a join without declaration",
    ),
    "undeclared scalar subquery": (
        "people.department\n",
        "(select max(o.valid_to) from owners as o where o.employee_id = people.employee_id) as d,"
        " people.department\n",
        "a join without declaration",
    ),
    "undeclared EXCEPT": (
        "select * from matched",
        "select employee_id from matched except select employee_id from people",
        "a join without declaration",
    ),
    "stale declaration": (
        "left join people\n        on owners.employee_id = people.employee_id",
        "",
        "a declaration without a join",
    ),
}


@pytest.mark.parametrize("case", SQL_CASES)
def test_sql_that_leaves_its_declaration_fails(project, case):
    before, after, message = SQL_CASES[case]
    assert before in MODEL
    sql = MODEL.replace(before, after)
    if case == "stale declaration":
        sql = sql.replace("people.department", "cast(null as varchar) as department")
    project.write("matched_days.sql", sql)
    report = project.guards()
    assert any(message in str(failure) for failure in report.failures), report.failures
    assert run(project.root) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("left join owners", "inner join owners"),
        ("and usage_days.alias_value = owners.alias_value", ""),
        ("and usage_days.usage_date < owners.valid_to", ""),
        ("< owners.valid_to", "<= owners.valid_to"),
    ],
)
def test_mutated_sql_also_fails_on_its_data(project, before, after):
    project.write("matched_days.sql", MODEL.replace(before, after))
    assert project.broken_checks() != set()


def test_joins_of_singular_tests_count(project):
    sql = "select a.* from {{ ref('people') }} as a join {{ ref('owners') }} as owners on "
    sql += "a.employee_id = owners.employee_id where false"
    (project.root / "tests/people_have_addresses.sql").write_text(sql)
    assert not project.guards().ok
    declared = "{'name': 'people_to_owners', 'join': 'owners', 'kind': 'equality', "
    declared += "'keys': [['employee_id', 'employee_id']], 'cardinality': 'one_to_many'}"
    text = "{{ config(meta={'joins': [" + declared + "]}) }}\n" + sql
    (project.root / "tests/people_have_addresses.sql").write_text(text)
    report = project.guards()
    assert report.ok, report.failures
    assert report.headline == "joins guarded: 3 of 3"


def test_declared_but_untested_fails(project):
    document = yaml.safe_load(YAML)
    del document["models"][0]["data_tests"]
    project.write("_models.yml", yaml.safe_dump(document))
    assert any("not tested" in f.problem for f in project.guards().failures)


def test_a_misspelt_setting_stops_the_build(project):
    project.declare(lambda joins: joins[0].update(min_mach_rate=1))
    assert "unknown setting" in str(project.dbt("compile").exception)


def test_an_inner_join_on_its_own_output_stops_the_build(project):
    """What it dropped is not in its output, so that nothing would see the loss."""
    project.declare(lambda joins: joins[1].update(unmatched="exclude"))
    assert "no row that an inner join dropped" in str(project.dbt("compile").exception)


def test_join_audit_keeps_every_build_and_shows_decay(project):
    governance = PROJECT / "models/marts/governance"
    for name in ("join_audit.sql", "_join_audit__models.yml"):
        project.write(name, (governance / name).read_text())
    project.write("_groups.yml", (PROJECT / "models/_groups.yml").read_text())
    assert project.broken_checks() == set()
    project.write("owners.sql", owners([OWNERS[0], OWNERS[2]]))
    # The decayed join fails its test, so what depends on the model is skipped: audit by `run`.
    project.dbt("run", "--full-refresh")
    audited = project.query(
        "select n_left, n_right, n_matched, n_unmatched, n_out, max_fan_out, match_rate, status "
        "from main.join_audit where join_name = 'days_to_owners' order by n_matched desc"
    )
    assert audited == [
        (4, 3, 3, 1, 4, None, 0.75, "ok"),
        (4, 2, 2, 2, 4, None, 0.5, "below_min_match_rate"),
    ]
    assert project.guards().ok
    project.query("drop table main.join_audit")


def test_join_audit_must_list_every_joined_model(project):
    text = (PROJECT / "models/marts/governance/join_audit.sql").read_text()
    project.write("join_audit.sql", text.replace("joined_models_of_this_project()", "[]"))
    assert any("'matched_days'" in f.problem for f in project.guards().failures)


# ---- the other generic tests ---------------------------------------------------------------------

GENERIC_YAML = """
models:
  - name: people
    data_tests:
      - unique_key: {name: a_person_once, arguments: {columns: [employee_id, department]}}
      - not_empty: {name: there_are_people}
  - name: matched_days
    data_tests:
      - same_row_count: {name: days_are_kept, arguments: {compare_to: ref('usage_days')}}
  - name: owners
    data_tests:
      - intervals_do_not_overlap:
          name: one_owner_a_day
          arguments: {key: [alias_type, alias_value], from: valid_from, to: valid_to}
"""


def test_generic_tests_pass_on_healthy_and_fail_on_broken_relations(project):
    project.write("_models.yml", GENERIC_YAML)

    def statuses() -> dict[str, str]:
        project.dbt("run")
        project.dbt("test")
        return {r["unique_id"].split(".")[2]: r["status"] for r in project.results()}

    names = ["a_person_once", "there_are_people", "days_are_kept", "one_owner_a_day"]
    assert statuses() == dict.fromkeys(names, "pass")

    project.write("people.sql", people([*PEOPLE, (None, "Sales")]))
    project.write("owners.sql", owners(OVERLAP))
    broken = {"a_person_once": "fail", "one_owner_a_day": "fail", "days_are_kept": "fail"}
    assert statuses() == {**broken, "there_are_people": "pass"}

    project.write("people.sql", people(PEOPLE) + "\nlimit 0")
    assert statuses()["there_are_people"] == "fail"
