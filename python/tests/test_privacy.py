"""Nobody of the sample company is in what a build leaves for others; a planted person is found."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typst import compile as typeset

from certgap.errors import UserError
from certgap.privacy.__main__ import main
from certgap.privacy.marks import marks_in, marks_of, words
from certgap.privacy.scan import scan
from certgap.report.command import write
from conftest import TEST_BUILD, WAREHOUSE

PERSON = "Zuzana.Novakova@example.com"
MARKS = marks_of([("employee_id", "E7700123"), ("alias", PERSON), ("alias", "1042")])
# Okta's name of an error, in a unit test.
NOT_OF_PEOPLE = {("e0000011",)}


def _text(folder: Path, said: str) -> Path:
    (path := folder / "page.html").write_text(said, "utf-8")
    return path


def _gzip(folder: Path, said: str) -> Path:
    (path := folder / "page.json.gz").write_bytes(gzip.compress(said.encode()))
    return path


def _zip(folder: Path, said: str) -> Path:
    with zipfile.ZipFile(path := folder / "pages.zip", "w") as archive:
        archive.writestr("page.txt", said)
    return path


def _table(folder: Path, said: str) -> Path:
    with duckdb.connect(str(path := folder / "published.duckdb")) as connection:
        connection.execute("create table rates as select 'all' as program_id, ? as label", [said])
    return path


def _comment(folder: Path, said: str) -> Path:
    with duckdb.connect(str(path := folder / "published.duckdb")) as connection:
        connection.execute("create table rates as select 1 as n")
        connection.execute(f"comment on column rates.n is '{said}'")
    return path


def _parquet(folder: Path, said: str) -> Path:
    path = folder / "rates.parquet"
    duckdb.sql("select ? as label", params=[said]).write_parquet(str(path))
    return path


def _pdf(folder: Path, said: str) -> Path:
    source = folder / "report.typ"
    source.write_text(f'#text("{said}")', "utf-8")
    (path := folder / "report.pdf").write_bytes(typeset(str(source)))
    return path


@pytest.mark.parametrize("write_file", [_text, _gzip, _zip, _table, _comment, _parquet, _pdf])
def test_a_person_is_found_in_every_kind_of_file(
    write_file: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    assert not scan([write_file(tmp_path, "19 of 120 people, course 1042")], MARKS).hits
    for left in tmp_path.iterdir():
        left.unlink()
    assert scan([write_file(tmp_path, f"19 of them, {PERSON} too")], MARKS).hits


@pytest.mark.parametrize(
    "spelling",
    [
        "zuzana.novakova",
        "Novakova, Zuzana",
        "ZUZANA NOVAKOVA",
        "zuzana%2Enovakova%40example.com",
        "Zuzana&nbsp;Novakova",
        r"\u005auzana.novakova",
        "employee e7700123",
        hashlib.md5(PERSON.encode()).hexdigest(),
        hashlib.sha256(PERSON.lower().encode()).hexdigest().upper(),
        hashlib.sha1(b"1042").hexdigest(),
        "WnV6YW5hLk5vdmFrb3ZhQGV4YW1wbGUuY29t",
    ],
)
def test_a_person_is_found_under_every_spelling(spelling: str, tmp_path: Path) -> None:
    assert scan([_text(tmp_path, f"adoption {spelling} 15.9%")], MARKS).hits


def test_a_person_is_found_across_two_pieces_of_a_long_file(tmp_path: Path) -> None:
    for start in range(999_970, 1_000_001, 5):
        assert scan([_text(tmp_path, " " * start + PERSON)], MARKS).hits, start


def test_a_person_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "zuzana_novakova.log").write_text("done")
    assert scan([tmp_path], MARKS).hits


def test_one_name_alone_and_numbers_are_of_nobody(tmp_path: Path) -> None:
    said = "Zuzana | 1042 | novakov | 77001234 | example.com"
    assert not scan([_text(tmp_path, said)], MARKS).hits


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "published.duckdb").write_text("no database")
    with pytest.raises(UserError, match="cannot be read"):
        scan([tmp_path], MARKS)
    with pytest.raises(UserError, match="is not there"):
        scan([tmp_path / "nothing"], MARKS)


def test_nobody_of_the_sample_is_published_reported_logged_or_left_in_artifacts(
    published: Path, tmp_path: Path
) -> None:
    marks = {mark: kind for mark, kind in marks_in(WAREHOUSE).items() if mark not in NOT_OF_PEOPLE}
    assert len(marks) > 10_000
    write(published, tmp_path)
    read = [published, tmp_path, TEST_BUILD / "dbt", TEST_BUILD / "logs"]
    done = scan(read, marks)
    assert done.n_files > 100
    assert not done.hits, "\n".join(done.as_lines())


def test_the_working_database_is_full_of_them(tmp_path: Path) -> None:
    """So that the marks are those of its people."""
    if not WAREHOUSE.is_file():
        pytest.skip("run by make test, which builds the sample company first")
    with duckdb.connect(str(WAREHOUSE), read_only=True) as connection:
        some = connection.execute("select alias_value from canonical.identity_aliases limit 40")
        aliases = {value for (value,) in some.fetchall()}
    done = scan([_text(tmp_path, "\n".join(aliases))], marks_in(WAREHOUSE))
    told = sum(done.hits.values())
    assert told >= len({words(alias) for alias in aliases if not alias.isdigit()})


def test_the_command_says_how_many_and_never_who(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "certgap.duckdb"
    monkeypatch.setenv("CERTGAP_WAREHOUSE", str(warehouse))
    assert main([]) == 2
    assert "certgap build" in capsys.readouterr().err
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema canonical")
        connection.execute("create table canonical.employees as select 'E7700123' as employee_id")
        connection.execute(
            f"create table canonical.identity_aliases as select '{PERSON}' as alias_value"
        )
    clean = _text(tmp_path, "nobody")
    assert main([str(clean)]) == 0
    (copied := tmp_path / "copied").mkdir()
    (copied / "certgap.duckdb").write_bytes(warehouse.read_bytes())
    assert main([str(copied)]) == 0
    assert "is a working database" in capsys.readouterr().out
    _text(tmp_path, f"E7700123 and {PERSON}")
    assert main([str(clean)]) == 1
    said = capsys.readouterr().out
    assert "employee_id" in said and "alias" in said
    assert "7700123" not in said and "Novakova" not in said
