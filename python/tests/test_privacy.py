"""Nobody of the sample company is in what a build leaves for others; a planted person is found."""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typst import compile as typeset

from certgap.errors import UserError
from certgap.privacy.__main__ import main
from certgap.privacy.marks import identifiers_in, marks_of, words
from certgap.privacy.scan import scan
from certgap.report.command import write
from companies import PROJECT
from conftest import TEST_BUILD, WAREHOUSE

PERSON = "Zuzana.Novakova@example.com"
MARKS = marks_of(
    [("employee_id", "E7700123"), ("alias", PERSON), ("alias", "1042"), ("alias", r"acme\bsmith7")]
)


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
        r"bad row:\nE7700123",
        "\x1b[31mE7700123",
        "zuzana.novakova+teams@example.com",
        r"log of acme\bsmith7",
        hashlib.md5(PERSON.encode()).hexdigest(),
        hashlib.sha256(PERSON.lower().encode()).hexdigest().upper(),
        hashlib.sha1(b"1042").hexdigest(),
        "WnV6YW5hLk5vdmFrb3ZhQGV4YW1wbGUuY29t",
    ],
)
def test_a_person_is_found_under_every_spelling(spelling: str, tmp_path: Path) -> None:
    assert scan([_text(tmp_path, f"adoption {spelling} 15.9%")], MARKS).hits


@pytest.mark.parametrize(
    "packed",
    [
        b"\xa5alias\xa8E7700123\xa3end",
        b"\xd9\x45E7700123\x00",
        b"X\x42\x00\x00\x00" + PERSON.encode(),
        b"\x8c\x41E7700123\x94",
    ],
)
def test_a_person_is_found_in_a_binary_file(packed: bytes, tmp_path: Path) -> None:
    (tmp_path / "partial_parse.msgpack").write_bytes(packed)
    assert scan([tmp_path], MARKS).hits


def test_the_kind_of_a_file_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    table = _table(tmp_path, PERSON).rename(tmp_path / "published.db")
    assert scan([table], MARKS).hits
    sheet = _zip(tmp_path, PERSON).rename(tmp_path / "table.xlsx")
    assert scan([sheet], MARKS).hits
    (link := tmp_path / "link").symlink_to(sheet)
    assert scan([link], MARKS).hits


def test_a_letter_of_two_bytes_on_the_border_of_two_pieces_is_kept(tmp_path: Path) -> None:
    marks = marks_of([("alias", "zoë.müller@example.com")])
    for start in range(999_988, 1_000_001):
        assert scan([_text(tmp_path, " " * start + "Zoë Müller")], marks).hits, start


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
    (tmp_path / "published.duckdb").unlink()
    (tmp_path / "log.gz").write_bytes(gzip.compress(gzip.compress(PERSON.encode())))
    with pytest.raises(UserError, match="packed twice"):
        scan([tmp_path], MARKS)
    (tmp_path / "log.gz").unlink()
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 cut short")
    with pytest.raises(UserError, match="cannot be read"):
        scan([tmp_path], MARKS)
    with pytest.raises(UserError, match="is not there"):
        scan([tmp_path / "nothing"], MARKS)


def test_nobody_of_the_sample_is_published_reported_logged_or_left_in_artifacts(
    published: Path, tmp_path: Path
) -> None:
    marks = marks_of(identifiers_in(WAREHOUSE))
    assert len(marks) > 10_000
    write(published, tmp_path)
    artifacts = [TEST_BUILD / "dbt" / name for name in ("manifest.json", "run_results.json", "run")]
    read = [published, tmp_path, *artifacts, TEST_BUILD / "logs"]
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
    done = scan([_text(tmp_path, "\n".join(aliases))], marks_of(identifiers_in(WAREHOUSE)))
    told = sum(done.hits.values())
    assert told >= len({words(alias) for alias in aliases if not alias.isdigit()})


def test_the_command_says_how_many_and_never_who(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "certgap.duckdb"
    monkeypatch.setenv("CERTGAP_WAREHOUSE", str(warehouse))
    # Not those of the project, which other tests write: this is of the command.
    for setting in ("DBT_TARGET_PATH", "DBT_LOG_PATH", "CERTGAP_DELIVERY_CHECKS", "CERTGAP_REPORT"):
        monkeypatch.setenv(setting, str(tmp_path / setting.lower()))
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
    copied = tmp_path / "published.duckdb"
    copied.write_bytes(warehouse.read_bytes())
    monkeypatch.setenv("CERTGAP_PUBLISHED", str(copied))
    assert main([]) == 1
    assert f"{copied} is a working database" in capsys.readouterr().out
    assert main([str(warehouse)]) == 1
    monkeypatch.chdir(PROJECT)
    assert main([os.path.relpath(warehouse)]) == 1
    monkeypatch.setenv("CERTGAP_PUBLISHED", str(tmp_path / "nothing.duckdb"))
    assert main([]) == 2
    _text(tmp_path, f"E7700123 and {PERSON}")
    assert main([str(clean)]) == 1
    said = capsys.readouterr().out
    assert "employee_id" in said and "alias" in said
    assert "7700123" not in said and "Novakova" not in said
