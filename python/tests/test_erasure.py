"""Erasure: whose a row is, what leads from one id to another, and that nothing else changes."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from certgap.deliveries.feeds import declared_feeds
from certgap.erasure import documents, erase, people, record, tables
from certgap.erasure.identifiers import Marks, identifiers
from certgap.erasure.people import People
from certgap.errors import UserError
from certgap.project import Project

PROJECT = Path(__file__).resolve().parents[2]
KEY = "key of a test"


def marks(*named: tuple[str, str]) -> Marks:
    """Marks of a person who is named by these (kind, value)."""
    made = Marks(KEY)
    for kind, value in named:
        made.add(identifiers(kind, value))
    return made


ANA = marks(("work_email", "ana.li@example.com"), ("employee_id", "E7"))


@pytest.mark.parametrize(
    ("kind", "value", "is_ana"),
    [
        ("mail", " Ana.Li@Example.com ", True),
        ("upn", "ana.li@example.com", True),
        ("mail", "mailto:ana.li+training@example.com", True),
        ("lms_user_id", "ANA.LI@example.com", True),
        ("mail", "bana.li@example.com", False),
        ("employee_id", "e7", True),
        ("employee", "E7", True),
        ("badge", "E7", False),
        ("name", "Ana Li", False),
        ("name", "ana.li@example.com", True),
        ("mail", None, False),
        ("mail", "", False),
        ("mbox_sha1sum", hashlib.sha1(b"mailto:ana.li@example.com").hexdigest(), True),
        ("mbox_sha1sum", hashlib.sha1(b"ana.li@example.com").hexdigest(), False),
    ],
)
def test_one_spelling_of_what_names_a_person(kind, value, is_ana):
    assert any(ANA.names(identifier) for identifier in identifiers(kind, value)) == is_ana


def test_an_account_of_xapi_is_one_text():
    account = {"homePage": "https://lms.example.com", "name": "U-7"}
    assert list(identifiers("xapi_account", account)) == [
        ("xapi_account", "https://lms.example.com|u-7")
    ]


def test_marks_hold_hashes_only_and_no_shared_alias():
    made = marks(("employee_id", "E7"))
    assert all(len(text) == 64 for text in made.hashes)
    made.shared.add(made.hash(("mail", "desk@example.com")))
    made.add(identifiers("mail", "desk@example.com"))
    assert not made.names(("mail", "desk@example.com"))


def csv_of(text: str, named: People, some: Marks, declared=None) -> tuple[str, tables.Found]:
    out = io.StringIO(newline="")
    source = io.StringIO(text, newline="\n")
    found = tables.csv_rows(source, out, named, some, declared)
    return out.getvalue(), found


USES = People(own=(("alias_value", "@alias_type"),), others=(("approved_by", "mail"),))


def test_rows_of_a_csv_go_and_others_keep_every_byte():
    header = 'day,Alias-Type,alias value,"note, long",approved_by\r\n'
    ben = '2026-01-01, work_email ,ben@example.com,"two\r\nlines, a ""quote""",\r\n'
    odd = "2026-01-01,work_email,ben@example.com\r\n"
    ana = "2026-01-02,work_email,ANA.LI@example.com,,\r\n"
    broken = "2026-01-02,work_email,ana.li@example.com,too,many,fields\r\n"
    text, found = csv_of(header + ben + ana + odd + broken + "\r\n", USES, ANA)
    assert text == header + ben + odd + "\r\n"
    assert (found.n_rows, found.n_emptied) == (2, 0)


def test_whoever_is_named_in_a_row_of_somebody_else_is_emptied():
    header = "alias_type,alias_value,note,approved_by\n"
    row = 'work_email,ben@example.com,"a, b",ana.li@example.com\n'
    text, found = csv_of(header + row, USES, ANA)
    assert text == header + 'work_email,ben@example.com,"a, b",\n'
    assert (found.n_rows, found.n_emptied) == (0, 1)


def test_a_csv_without_header_is_read_by_its_declared_columns():
    rows = "ana.li@example.com,3\nben@example.com,4\n"
    text, found = csv_of(rows, People(own=(("login", "mail"),)), ANA, ["login", "requests"])
    assert (text, found.n_rows) == ("ben@example.com,4\n", 1)


def test_a_cell_may_hold_json():
    named = People(own=(("AuditData.UserId", "mail"),))
    header = "id,AuditData\n"
    ana, ben = ('1,"{""UserId"": ""ana.li@example.com""}"\n', '2,"{""UserId"": ""b@x.org""}"\n')
    broken = '3,"{""UserId"": ""ana.li@example.com"""\n'
    text, found = csv_of(header + ana + ben + broken, named, ANA)
    assert (text, found.n_rows) == (header + ben, 2)


def test_bytes_that_are_no_utf8_stay():
    named = People(own=(("login", "mail"),))
    text = b"login,name\nana.li@example.com,\xc5\nben@example.com,\xc5\xff\n".decode("latin-1")
    left, _ = csv_of(text, named, ANA)
    assert left.encode("latin-1") == b"login,name\nben@example.com,\xc5\xff\n"


WORKERS = People(
    own=(("id", "workday_worker_id"), ("code", "employee_id"), ("mail", "mail")),
    others=(("manager", "employee_id"),),
)


def test_a_row_proven_by_a_number_leads_to_further_ids_beside_another_does_not():
    header = "id,code,mail,manager\n"
    _, found = csv_of(f"{header}W7,E7,a.li@example.com,E1\n", WORKERS, ANA)
    assert ("workday_worker_id", "w7") in found.links
    assert ("mail", "a.li@example.com") in found.links
    # Beside an unshared address and no number of HR's, an id of the vendor is theirs, too.
    _, found = csv_of(f"{header}W9,,ana.li@example.com,E1\n", WORKERS, ANA)
    assert (found.n_rows, found.links) == (1, {("workday_worker_id", "w9")})
    _, found = csv_of(f"{header}W9,E9,ana.li@example.com,E1\n", WORKERS, ANA)
    assert (found.n_rows, found.links) == (1, set())


@pytest.mark.parametrize(
    ("row", "is_hr", "is_theirs"),
    [
        # Elsewhere few know HR's numbers, and an address is enough.
        ("W9,E9,ana.li@example.com,", False, True),
        ("W9,E9,ana.li@example.com,", True, False),
        ("W9,,ana.li@example.com,", True, False),
        (",,ana.li@example.com,", True, True),
        ("W9,E7,ana.li@example.com,", True, True),
    ],
)
def test_an_address_beside_somebody_elses_number_is_somebody_elses(row, is_hr, is_theirs):
    named = dataclasses.replace(WORKERS, is_hr=is_hr)
    _, found = csv_of(f"id,code,mail,manager\n{row}\n", named, ANA)
    assert (found.n_rows == 1) == is_theirs
    assert (("mail", "ana.li@example.com") in found.claimed) != is_theirs


def test_what_two_numbers_share_is_nobodys():
    own = (("code", "employee_id"), ("login", "workday_user_id"))
    named, some = People(own=own, is_hr=True), marks(("employee_id", "E7"))
    text = "code,login\nE7,TBD\nE8,TBD\n"
    _, found = csv_of(text, named, some)
    assert some.add(found.links)
    left, found = csv_of(text, named, some)
    assert (left, found.claimed) == ("code,login\nE8,TBD\n", {("workday_user_id", "tbd")})


def test_a_number_that_may_be_of_another_range_proves_nothing():
    named = people.people_of(
        {"own": {"person": ["employee_id", "sap_person_id"], "mail": "mail"}}, "x"
    )
    _, found = csv_of("person,mail\nE7,ben@example.com\n", named, ANA)
    assert (found.n_rows, found.links) == (0, set())
    _, found = csv_of("person,mail\nP1,ana.li@example.com\n", named, ANA)
    assert ("sap_person_id", "p1") in found.links


@pytest.mark.parametrize(
    ("row", "is_gone"),
    [
        ("E7,E1,x,y", True),
        ("E8,E7,x,y", False),
        ("E8", False),
        ("E8,E1,ana.li@example.com,y", True),
    ],
)
def test_a_row_of_another_width_is_theirs_by_its_own_columns_or_an_address(row, is_gone):
    named = People(own=(("employee_id", "employee_id"),), others=(("manager", "employee_id"),))
    text, found = csv_of(f"employee_id,manager,n\n{row}\n", named, ANA)
    assert (found.n_rows == 1) == is_gone
    assert (row in text) != is_gone


def test_an_emptied_cell_leaves_odd_cells_of_its_row_as_they_are():
    named = People(own=(("id", "employee_id"),), others=(("boss", "employee_id"),))
    text, _ = csv_of('id,boss,a,b\nE8,E7,"a\rb","x\ny"', named, ANA)
    assert text == 'id,boss,a,b\nE8,,"a\rb","x\ny"'


def test_a_byte_order_mark_hides_no_column():
    bom = "\xef\xbb\xbf"
    named = People(own=(("employee_id", "employee_id"),))
    text, found = csv_of(f'{bom}"employee_id","n"\nE7,1\nE8,2\n', named, ANA)
    assert (text, found.n_rows) == (f'{bom}"employee_id","n"\nE8,2\n', 1)
    text, found = csv_of(f"{bom}E7,1\nE8,2\n", named, ANA, ["employee_id", "n"])
    assert (text, found.n_rows) == (f"{bom}E8,2\n", 1)
    _, found = csv_of("who,n\nE7,1\n", named, ANA)
    assert found.unclear


def test_lines_end_where_the_engines_end_them(tmp_path):
    path, new = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    ben = '{"email": "ben@example.com", "text": "a\u2028b\x85c"}'
    ana = '{"email": "ana.li@example.com", "text": "a\u2028b"}'
    path.write_bytes(f"{ben}\n{ana}\r\n{ben}\n".encode())
    documents.json_file(path, new, People((("email", "mail"),)), ANA, by_line=True)
    assert new.read_bytes().decode() == f"{ben}\n{ben}\n"


def test_half_a_character_and_a_number_too_large_stay():
    named = People(own=(("id", "employee_id"),), others=(("boss", "employee_id"),))
    left, _ = documents.page('[{"id": "E8", "boss": "E7", "text": "cut \\ud83d"}]', named, ANA)
    assert json.loads(left) == [{"id": "E8", "boss": None, "text": "cut \ud83d"}]
    assert left.isascii()
    text = '[{"id": "E8", "boss": "ana.li@example.com", "n": 1e400}]'
    left, found = documents.page(text, named, ANA)
    assert (left, bool(found.unclear)) == (text, True)


def test_numbers_of_another_kind_are_nobody():
    text, found = csv_of("id,code,mail,manager\nE7,E8,,\n", WORKERS, ANA)
    assert (text, found.n_rows) == ("id,code,mail,manager\nE7,E8,,\n", 0)


def test_a_packed_csv_is_packed_again(tmp_path):
    path, new = tmp_path / "a.csv.gz", tmp_path / "new" / "a.csv.gz"
    new.parent.mkdir()
    path.write_bytes(gzip.compress(b"login\nana.li@example.com\nben@example.com\n"))
    found = tables.csv_file(path, new, None, People(own=(("login", "mail"),)), ANA)
    assert gzip.decompress(new.read_bytes()) == b"login\nben@example.com\n"
    assert found.n_rows == 1


def test_rows_of_parquet_go_and_types_and_compression_stay(tmp_path):
    table = pa.table(
        {
            "alias_type": ["work_email", "work_email", "upn", "badge"],
            "alias_value": ["ana.li@example.com", "ben@example.com", "ANA.LI@example.com", "E7"],
            "approved_by": [None, "ana.li@example.com", None, "ben@example.com"],
            "n": pa.array([1, 2, 3, 4], pa.int16()),
        }
    )
    path, new = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pq.write_table(table, path, compression="zstd", row_group_size=3)
    found = tables.parquet_file(path, new, USES, ANA)
    left = pq.read_table(new)
    assert left.schema == table.schema
    assert left.to_pydict()["n"] == [2, 4]
    assert left.to_pydict()["approved_by"] == [None, "ben@example.com"]
    assert pq.ParquetFile(new).metadata.row_group(0).column(0).compression == "ZSTD"
    assert (found.n_rows, found.n_emptied) == (2, 1)
    assert not tables.parquet_file(new, None, USES, ANA).is_any


def page(value: object, named: People, some: Marks = ANA) -> tuple[object, tables.Found]:
    text, found = documents.page(json.dumps(value), named, some)
    return json.loads(text), found


def test_rows_of_a_page_are_those_of_its_outermost_array():
    named = People(own=(("user.emails.value", "mail"),))
    ana = {"user": {"emails": [{"value": "a@x.org"}, {"value": "ana.li@example.com"}]}, "n": 1}
    ben = {"user": {"emails": [{"value": "ben@example.com"}]}, "n": 2}
    left, found = page({"next": None, "data": {"rows": [ben, ana]}}, named)
    assert left == {"next": None, "data": {"rows": [ben]}}
    assert found.n_rows == 1


def test_rows_are_where_the_feed_says():
    named = People(own=(("email", "mail"),), rows="$.courses[].learners")
    courses = [
        {"id": 1, "learners": [{"email": "ana.li@example.com"}, {"email": "ben@example.com"}]},
        {"id": 2, "learners": [{"email": "ana.li@example.com"}]},
        {"id": 3, "learners": []},
    ]
    left, found = page({"courses": courses}, named)
    assert [len(course["learners"]) for course in left["courses"]] == [1, 0, 0]
    assert found.n_rows == 2


def test_an_object_may_be_keyed_by_person():
    named = People(own=(("employees.*", "bamboohr_id"),))
    value = {"table": "jobs", "employees": {"7": {"rows": [1]}, "8": {"rows": [2]}}}
    left, found = page(value, named, marks(("bamboohr_id", "7")))
    assert left == {"table": "jobs", "employees": {"8": {"rows": [2]}}}
    assert found.n_rows == 1


def test_an_export_keyed_by_person_may_be_a_list_in_another_form():
    named = People(own=(("employees.*", "bamboohr_id"), ("employeeId", "bamboohr_id")))
    left, found = page([{"employeeId": "7"}, {"employeeId": 8}], named, marks(("bamboohr_id", "7")))
    assert (left, found.n_rows) == ([{"employeeId": 8}], 1)


@pytest.mark.parametrize("text", ["None", " - ", "unknown", "00000000-0000-0000-0000-000000000000"])
def test_what_is_written_where_nobody_is_names_nobody(text):
    assert not list(identifiers("okta_login", text))


def test_an_employee_id_made_of_a_vendors_own_is_that_one_too():
    assert set(identifiers("employee_id", "bamboohr:7")) == {
        ("employee_id", "bamboohr:7"), ("bamboohr_id", "7"),
    }  # fmt: skip


def test_of_several_who_are_named_only_the_erased_go_with_their_names():
    named = People(
        own=(("actor.id", "okta_user_id"),),
        others=(("target.id", "okta_user_id"), ("target.name", "name"), ("copied", "mail")),
    )
    ana, ben = {"id": "7", "name": "Ana Li", "n": 1}, {"id": "8", "name": "Ben", "n": 2}
    value = [{"actor": {"id": "9"}, "target": [ana, ben], "copied": ["ana.li@example.com", "b@x"]}]
    both = marks(("okta_user_id", "7"), ("mail", "ana.li@example.com"))
    [left], found = page(value, named, both)
    assert left["target"] == [{"id": None, "name": None, "n": 1}, ben]
    assert (left["copied"], found.n_emptied) == (["b@x"], 2)


def test_which_name_is_whose_a_table_does_not_say():
    named = People(others=(("manager", "employee_id"), ("manager name", "name")))
    text, found = csv_of("manager,manager name,n\nE7,Ana,1\nE8,Ben,2\n", named, ANA)
    assert text == "manager,manager name,n\n,,1\nE8,Ben,2\n"
    assert found.n_emptied == 2


def test_every_page_of_a_listing_tells_a_smaller_total(company):
    folder = company.raw / "usage/github_copilot/seats/2026-02-01"
    folder.mkdir(parents=True)
    seats = [
        [{"assignee": {"login": login}} for login in page] for page in (["ana-li"], ["b", "c"])
    ]
    for number, some in enumerate(seats):
        text = json.dumps({"total_seats": 3, "seats": some})
        (folder / f"page_{number}.json").write_text(text)
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    left = [json.loads(path.read_text()) for path in sorted(folder.iterdir())]
    assert [page["total_seats"] for page in left] == [2, 2]
    assert [len(page["seats"]) for page in left] == [0, 2]


def test_a_file_that_is_about_one_person_by_its_name_goes(company):
    feed = company.raw / "lms/successfactors_learning/learninghistorys"
    names = ["learninghistorys_E7_2026-02-01.json", "learninghistorys_E77_2026-02-01.json"]
    feed.mkdir(parents=True)
    for name in names:
        (feed / name).write_text('{"value": [{"componentID": 1}, {"componentID": 2}]}')
    project = Project(PROJECT, company.environment)
    kept = record.Record(record.folder_of(project), marks(("sap_user_id", "E7")))
    report = erase.apply(project, kept)
    assert [path.name for path in feed.iterdir()] == names[1:]
    assert report.erased["lms/successfactors_learning/learninghistorys"].n_rows == 2


def test_a_reference_file_may_name_the_columns(company):
    header = "field,report_column\nemployee_id,Kennung\nstatus,Status\n"
    (company.reference / "workday_learning_columns.csv").write_text(header)
    folder = company.raw / "lms/workday_learning/learning_enrollments"
    folder.mkdir(parents=True)
    rows = [{"Kennung": "E7", "Status": "x"}, {"Kennung": "E8", "Status": "E7"}]
    (folder / "2026-02-01.json").write_text(json.dumps({"Report_Entry": rows}))
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert json.loads((folder / "2026-02-01.json").read_text()) == {"Report_Entry": rows[1:]}


def test_a_value_may_be_of_several_kinds():
    named = people.people_of({"own": {"id": ["employee_id", "sap_user_id"]}}, "x")
    assert named.own == (("id", "employee_id"), ("id", "sap_user_id"))


def test_rows_of_a_page_that_stay_keep_every_byte():
    ben = '{"email" : "ben@example.com",\n "score": 1.50, "big": 12345678901234567890}'
    ana = '{"email":"ana.li@example.com"}'
    text, _ = documents.page(f'{{"rows": [{ana},\n {ben} ]}}\n', People((("email", "mail"),)), ANA)
    assert ben in text
    assert "ana" not in text
    untouched = f'{{"rows": [ {ben},{ben}]}}'
    assert documents.page(untouched, People((("email", "mail"),)), ANA)[0] == untouched


def test_somebody_named_in_a_row_of_a_page_is_emptied():
    named = People(own=(("email", "mail"),), others=(("manager.email", "mail"),))
    value = [{"email": "ben@example.com", "manager": {"email": "ana.li@example.com", "n": 1}}]
    left, found = page(value, named)
    assert left == [{"email": "ben@example.com", "manager": {"email": None, "n": 1}}]
    assert (found.n_rows, found.n_emptied) == (0, 1)


@pytest.mark.parametrize(
    ("text", "is_unclear"),
    [
        ('{"rows": [{"email": "ana.li@example.com"}', True),
        ('{"rows": [{"email": "ben@example.com"}', False),
        ("[1] [2] ana.li@example.com", True),
        ("[" * 100_000, False),
        ("", False),
    ],
)
def test_a_page_that_is_no_json_stays_and_is_told(text, is_unclear):
    left, found = documents.page(text, People((("email", "mail"),)), ANA)
    assert (left, bool(found.unclear)) == (text, is_unclear)


def test_lines_go_as_a_whole(tmp_path):
    ana, ben = '{"email": "ana.li@example.com"}', '{"email": "ben@example.com"}'
    broken = '{"email": "ana.li@example.com", '
    path, new = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    named = People((("email", "mail"),))
    path.write_bytes(f"\ufeff{ben}\r\n{ana}\r\n{broken}\r\n\r\n{ben}".encode())
    found = documents.json_file(path, new, named, ANA, by_line=True)
    assert new.read_bytes() == f"\ufeff{ben}\r\n\r\n{ben}".encode()
    assert found.n_rows == 2
    # A file of no bytes would be a delivery that failed.
    path.write_text(ana)
    documents.json_file(path, new, named, ANA, by_line=True)
    assert new.read_bytes() == b"\n"


def test_every_feed_says_which_columns_name_people():
    project = Project.find(PROJECT)
    feeds = declared_feeds(project)
    declared = people.declared(project, feeds)
    assert declared.keys() == set(feeds)
    for feed, named in declared.items():
        if feed.format == "csv" and named.own:
            # An export may have further columns that no model reads.
            columns = {name.partition(".")[0] for name in named.columns}
            assert columns & set(feed.columns), feed.folder
    for name, named in people.of_reference().items():
        header = (PROJECT / "seeds" / name).read_text("utf-8").splitlines()[0].split(",")
        assert set(named.columns) <= set(header), name


def test_a_feed_that_does_not_say_is_refused():
    with pytest.raises(UserError, match="does not say which of its columns"):
        people.people_of(None, "The feed usage/new/use")


# A raw folder of the generic feeds, with a database that knows the aliases.
HR = "employee_id,manager_employee_id,valid_from\nE7,E1,2025-01-01\nE8,E7,2025-01-01\n"
ALIASES = (
    "employee_id,alias_type,alias_value,valid_from\nE7,work_email,ana.li@example.com,\n"
    "E7,github_login,ana-li,\nE8,work_email,ben@example.com,\nE7,work_email,desk@example.com,\n"
    "E8,work_email,desk@example.com,\n"
)
USE = (
    "tool_id,alias_type,alias_value,usage_date\nt,work_email,Ana.Li@example.com,2026-01-01\n"
    "t,github_login,ana-li,2026-01-02\nt,work_email,desk@example.com,2026-01-01\n"
    "t,work_email,ben@example.com,2026-01-01\n"
)


@pytest.fixture
def company(tmp_path) -> Project:
    files = {
        "hris/generic/employment_history/2026-02-01.csv": HR,
        "hris/generic/identity_aliases/2026-02-01.csv": ALIASES,
        "usage/generic/tool_usage_daily/2026-02-01.csv": USE,
        "usage/unheard_of/export/2026-02-01.csv": "who\nana\n",
    }
    for name, text in files.items():
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    seeds = tmp_path / "reference"
    seeds.mkdir()
    (seeds / "alias_overrides.csv").write_text("alias_type,alias_value,employee_id\nupn,al,E7\n")
    warehouse = tmp_path / "warehouse" / "certgap.duckdb"
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as connection:
        for schema in ("canonical", "intermediate", "reference"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table canonical.identity_aliases as select * from read_csv(?)",
            [str(tmp_path / "raw/hris/generic/identity_aliases/2026-02-01.csv")],
        )
        connection.execute(
            "create table intermediate.int_employees as"
            " select unnest(['E1', 'E7', 'E8']) as employee_id"
        )
        connection.execute(
            "create table reference.alias_overrides as"
            " select 'upn' as alias_type, 'al' as alias_value, 'E7' as employee_id"
        )
    return Project(
        PROJECT,
        {
            "CERTGAP_RAW": str(tmp_path / "raw"),
            "CERTGAP_REFERENCE": str(seeds),
            "CERTGAP_WAREHOUSE": str(warehouse),
        },
    )


def contents(project: Project) -> str:
    return "".join(path.read_text() for path in sorted(project.raw.rglob("*.csv")))


def test_a_login_without_domain_is_theirs_whose_address_alone_begins_with_it(company):
    theirs, shared = erase.known_of(company, ["E7"])
    assert set(identifiers("windows_login", "ACME\\Ana.Li")) == {("windows_login", "ana.li")}
    assert ("windows_login", "ana.li") in theirs
    assert ("windows_login", "desk") in shared
    with duckdb.connect(str(company.warehouse)) as connection:
        connection.execute(
            "insert into canonical.identity_aliases (employee_id, alias_type, alias_value)"
            " values ('E8', 'upn', 'ana.li@example.org')"
        )
    assert ("windows_login", "ana.li") in erase.known_of(company, ["E7"])[1]


@pytest.mark.parametrize("asked", ["E7", " e7", "ANA.LI@example.com", "github_login:ana-li"])
def test_somebody_is_erased_from_every_file(company, asked):
    report = erase.erase(company, KEY, [asked], is_written=True, progress=None)
    rows = {feed: (found.n_rows, found.n_emptied) for feed, found in report.erased.items()}
    assert rows == {
        "hris/generic/employment_history": (1, 1),
        "hris/generic/identity_aliases": (3, 0),
        "usage/generic/tool_usage_daily": (2, 0),
        "reference/alias_overrides.csv": (1, 0),
    }
    left = contents(company).lower()
    assert not any(word in left for word in ("e7", "ana.li", "ana-li"))
    assert left.count("desk@example.com") == 2
    assert left.count("ben@example.com") == 2
    assert report.n_shared == 3  # the address, its hash, and the login it begins with
    assert report.not_looked_at == ["usage/unheard_of/export"]
    assert not company.warehouse.exists()


def test_the_record_does_not_say_who(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    text = record.path_of(company).read_text().lower()
    assert not any(word in text for word in ("ana.li", "ana-li", "desk@", "2026-02-01.csv"))
    assert not re.search(r"\be7\b", text)
    assert record.path_of(company).stat().st_mode & 0o077 == 0
    kept = json.loads(text)
    feeds = {one["feed"]: one["erased"] for one in kept["files"].values()}
    assert feeds["usage/generic/tool_usage_daily"] == [2, 0]
    assert kept["requests"][0]["n_people"] == 1
    rows = (record.folder_of(company) / record.ROWS).read_text().splitlines()
    assert rows[0] == "source_system,category,feed,n_rows"
    assert rows[1:] == [
        "generic,hris,employment_history,1",
        "generic,hris,identity_aliases,3",
        "generic,usage,tool_usage_daily,2",
    ]


def test_a_dry_run_changes_nothing(company):
    before = contents(company)
    report = erase.erase(company, KEY, ["E7"], is_written=False, progress=None)
    assert (report.n_rows, contents(company)) == (7, before)
    assert company.warehouse.exists()
    assert not record.path_of(company).exists()


def test_whoever_was_erased_is_kept_out_of_what_comes_later(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    newer = company.raw / "hris/generic/identity_aliases/2026-03-01.csv"
    newer.write_text(f"{ALIASES}E7,work_email,ana.new@example.com,\n")
    use = company.raw / "usage/generic/tool_usage_daily/2026-03-01.csv"
    use.write_text(f"{USE}t,work_email,ana.new@example.com,2026-03-01\n")
    said: list[str] = []
    erase.again(company, KEY, said.append)
    assert "ana" not in newer.read_text() + use.read_text()
    assert said == ["Erased again from new deliveries: 7 rows, 0 cells in rows of others."]
    said.clear()
    written = use.stat().st_mtime_ns
    erase.again(company, KEY, said.append)
    assert (said, use.stat().st_mtime_ns) == ([], written)


def test_an_address_that_has_changed_hands_is_the_new_holders(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    files = {
        "hris/generic/identity_aliases/2026-03-01.csv": "employee_id,alias_type,alias_value\n"
        "E9,work_email,ana.li@example.com\n",
        "usage/generic/tool_usage_daily/2026-03-01.csv": USE,
    }
    for name, text in files.items():
        (company.raw / name).write_text(text)
    erase.again(company, KEY, print)
    left = {name: (company.raw / name).read_text() for name in files}
    assert left["hris/generic/identity_aliases/2026-03-01.csv"].count("E9") == 1
    use = left["usage/generic/tool_usage_daily/2026-03-01.csv"]
    assert ("Ana.Li@example.com" in use, "ana-li" in use) == (True, False)


def test_files_that_were_looked_at_are_not_read_again(company, monkeypatch):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    read: list[Path] = []
    monkeypatch.setattr(erase, "_read", lambda file, *_: read.append(file.path) or tables.Found())
    erase.again(company, KEY, print)
    assert not read


def test_an_erasure_cut_short_is_ended_by_the_next_build(company, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(erase, "_rewritten", killed)
    with pytest.raises(KeyboardInterrupt):
        erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert "ana.li" in contents(company).lower()
    left = company.raw / f"usage/generic/tool_usage_daily/.2026-02-01.csv{erase.UNFINISHED}"
    left.write_text(USE)
    monkeypatch.undo()
    erase.again(company, KEY, print)
    assert "ana.li" not in contents(company).lower()
    assert not left.exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["nobody"], "The 1. name is nobody in"),
        (["E8", "ana-li"], "The 2. name is nobody in"),
        (["desk@example.com"], "The 1. name is an alias of 2 people"),
        ([], "Nobody was named"),
    ],
)
def test_nobody_is_guessed(company, asked, words):
    before = contents(company)
    with pytest.raises(UserError, match=words):
        erase.erase(company, KEY, asked, is_written=True, progress=None)
    assert contents(company) == before


def test_a_record_of_another_key_or_damaged_stops(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    with pytest.raises(UserError, match="under another key"):
        erase.again(company, "another", print)
    with pytest.raises(UserError, match="CERTGAP_PSEUDONYM_KEY is not set"):
        erase.again(company, None, print)
    record.path_of(company).write_text("{}")
    with pytest.raises(UserError, match="cannot be read"):
        erase.again(company, KEY, print)


def test_a_file_that_cannot_be_written_in_full_stays(company, monkeypatch):
    path = company.raw / "usage/generic/tool_usage_daily/2026-02-01.csv"
    before, real = path.read_bytes(), erase.tables.csv_file

    def full(path, new, *more):
        found = real(path, new, *more)
        if new is not None:
            raise OSError(28, "No space left on device")
        return found

    monkeypatch.setattr(erase.tables, "csv_file", full)
    with pytest.raises(UserError, match="cannot be written anew"):
        erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert path.read_bytes() == before
    assert not list(company.raw.rglob(".*"))
    assert company.warehouse.exists()


def test_rows_count_once_whoever_is_interrupted_or_sends_again(company, monkeypatch):
    def erased() -> int:
        return record.read(company, KEY).erased["usage/generic/tool_usage_daily"][0]

    real = erase._rewritten
    monkeypatch.setattr(erase, "_rewritten", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert company.warehouse.exists()
    monkeypatch.setattr(erase, "_rewritten", real)
    erase.again(company, KEY, print)
    assert erased() == 2
    assert not company.warehouse.exists()
    use = company.raw / "usage/generic/tool_usage_daily/2026-02-01.csv"
    for _ in range(2):
        use.write_text(USE)
        erase.again(company, KEY, print)
        assert erased() == 2


def test_an_address_that_is_theirs_alone_by_now_is_erased(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    with duckdb.connect(str(company.warehouse)) as connection:
        connection.execute(
            """
            create schema canonical; create schema intermediate; create schema reference;
            create table canonical.identity_aliases as select 'E8' as employee_id,
                'work_email' as alias_type, 'desk@example.com' as alias_value;
            create table intermediate.int_employees as select 'E8' as employee_id;
            create table reference.alias_overrides as select 'E8' as employee_id,
                'upn' as alias_type, 'x' as alias_value;
            """
        )
    erase.erase(company, KEY, ["E8"], is_written=True, progress=None)
    assert "desk@example.com" not in contents(company)


def test_the_sample_is_left_alone(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    sample = Project(PROJECT, {**company.environment, "CERTGAP_RAW": "sample_data"})
    erase.again(sample, "another key", print)


def test_a_link_is_refused(company, tmp_path):
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(USE)
    link = company.raw / "usage/generic/tool_usage_daily/2026-03-01.csv"
    link.symlink_to(elsewhere)
    with pytest.raises(UserError, match="is a link"):
        erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert elsewhere.read_text() == USE


def test_a_file_that_cannot_be_read_is_told_and_looked_at_again(company):
    bad = company.raw / "usage/generic/tool_usage_daily/2026-03-01.parquet"
    bad.write_bytes(b"PAR1 cut short")
    report = erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    assert list(report.unclear) == ["usage/generic/tool_usage_daily/2026-03-01.parquet"]
    table = pa.table({"alias_type": ["work_email"], "alias_value": ["ana.li@example.com"]})
    pq.write_table(table, bad)
    said: list[str] = []
    erase.again(company, KEY, said.append)
    assert pq.read_table(bad).num_rows == 0


def test_nobody_asked_for_means_everybody_of_the_record(company):
    erase.erase(company, KEY, ["E7"], is_written=True, progress=None)
    path = company.raw / "usage/generic/tool_usage_daily/2026-03-01.csv"
    path.write_text(USE)
    report = erase.erase(company, KEY, [], is_written=True, progress=None)
    assert (report.n_people, report.n_rows) == (0, 2)
