"""The executive report: it says what the published tables say, hides what they hide, needs nothing.

Of the sample company as `make test` built it, and of a company of five, of which all is hidden.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from certgap.errors import UserError
from certgap.report import board_pack, charts, page
from certgap.report.command import NAME, write
from certgap.report.content import STATUSES, Report, Section, compose, texts
from certgap.report.reading import read
from certgap.report.words import named, percent
from conftest import Built

NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.fixture
def changed(published: Path, tmp_path: Path):
    """A copy of it after some statements."""

    def change(*statements: str) -> Path:
        path = tmp_path / "changed.duckdb"
        path.write_bytes(published.read_bytes())
        with duckdb.connect(str(path)) as connection:
            for statement in statements:
                connection.execute(statement)
        return path

    return change


def section(report: Report, name: str) -> Section:
    return next(part for part in report.sections if part.name == name)


class Elements(HTMLParser):
    """Tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


def test_the_headline_is_that_of_adoption_rates(published: Path) -> None:
    report = compose(read(published))
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(
            "select completion_rate, adoption_rate, n_adopted, n_eligible from adoption_rates"
            " where program_id = 'all' and tool_id = 'all' and dimension = 'all'"
            " order by checkpoint_day"
        ).fetchall()
    assert len(rows) == 3
    assert report.tiles[0].value == percent(rows[-1][0])
    assert [tile.value for tile in report.tiles[1:4]] == [percent(row[1]) for row in rows]
    for tile, row in zip(report.tiles[1:4], rows, strict=True):
        assert tile.detail.startswith(f"{row[2]} of {row[3]} judged")
    assert f"{100 * (rows[-1][0] - rows[-1][1]):.1f} points" == report.tiles[-1].value


def test_who_is_not_judged_adds_up_to_all_who_completed(published: Path) -> None:
    table = section(compose(read(published)), "not-known").table
    counts = [int(row[1].split(" ")[0].replace(",", "")) for row in table.rows]
    with duckdb.connect(str(published), read_only=True) as connection:
        (total,) = connection.execute(
            "select n_completed from adoption_rates where program_id = 'all' and tool_id = 'all'"
            " and dimension = 'all' order by checkpoint_day desc"
        ).fetchone()
    assert len(counts) == len(STATUSES)
    assert sum(counts) == total > 100


def test_every_group_that_is_hidden_says_so_and_is_not_drawn(published: Path) -> None:
    where = section(compose(read(published)), "where")
    with duckdb.connect(str(published), read_only=True) as connection:
        hidden = connection.execute(
            "select dimension_value from adoption_rates where program_id = 'all'"
            " and tool_id = 'all' and dimension = 'role_group' and is_suppressed"
            " and adoption_rate is null and checkpoint_day = 90"
        ).fetchall()
    assert hidden
    rows = {row[0]: row for row in where.table.rows}
    for (group,) in hidden:
        assert rows[named(group)][2] == "hidden"
        assert named(group) not in where.describes


def test_the_page_needs_no_script_and_no_network(published: Path) -> None:
    html = page.html(compose(read(published)))
    assert len(html) < 5_000_000
    addresses = set(re.findall(r"https?://[^\"'\s)<]+", html))
    assert addresses <= NAMESPACES
    for tag, attributes in elements(html):
        assert tag not in {"script", "link", "iframe", "img", "object", "embed", "form"}
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert (attributes.get("href") or "#").startswith("#")
    assert "@import" not in html and "url(" not in html.replace("url(#", "")


def test_every_drawing_is_described_and_has_its_numbers_as_a_table(published: Path) -> None:
    report = compose(read(published))
    drawn = [part for part in report.sections if part.drawing]
    assert len(drawn) >= 8
    for part in drawn:
        assert part.describes and part.legend and part.table and part.table.rows, part.name
        assert all(len(row) == len(part.table.columns) for row in part.table.rows)
    described = [
        attributes for tag, attributes in elements(page.html(report)) if attributes.get("role")
    ]
    assert len(described) >= len(drawn)
    assert all(attributes.get("aria-label") for attributes in described)


def test_a_drawing_has_only_colours_that_a_dark_page_changes(published: Path) -> None:
    report = compose(read(published))
    allowed = {"#ffffff", charts.ON_SHADE}
    for part in report.sections:
        if part.drawing:
            left = set(re.findall(r"#[0-9a-f]{6}", charts.themed(part.drawing, part.name)))
            assert left <= allowed, part.name
    style = (Path(page.TEMPLATES) / "report.css").read_text()
    for name in [*charts.LIGHT, *(f"heat-{number}" for number in range(len(charts.HEAT)))]:
        assert f"--{name}:" in style


def test_names_from_data_cannot_write_html_or_typst(changed) -> None:
    path = changed(
        "update dim_programs set program_name = '<script>alert(1)</script>#panic(\"x\")'"
        " where program_id = (select min(program_id) from dim_programs where program_id <> 'all')"
    )
    report = compose(read(path))
    assert any("<script>" in text for text in texts(report))
    html = page.html(report)
    assert "<script" not in html and "&lt;script&gt;" in html
    assert board_pack.pdf(report).startswith(b"%PDF")


def test_both_files_are_written_and_the_page_is_the_same_each_time(
    published: Path, tmp_path: Path
) -> None:
    first = write(published, tmp_path / "a")
    second = write(published, tmp_path / "b")
    assert first.html.read_bytes() == second.html.read_bytes()
    assert first.html.name == f"{NAME}.html"
    pdf = first.pdf.read_bytes()
    assert pdf.startswith(b"%PDF") and pdf.rstrip().endswith(b"%%EOF")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        f"{NAME}.html",
        f"{NAME}.pdf",
    ]


def test_a_published_database_without_rows_gives_a_report_that_says_so(
    published: Path, changed
) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = [row[0] for row in connection.execute("show tables").fetchall()]
    report = compose(read(changed(*(f"delete from {table}" for table in tables))))
    assert report.sentence == "No adoption rate has been published yet."
    assert not report.tiles
    for part in report.sections:
        assert part.drawing is None
        assert part.says
    assert "None" not in "".join(texts(report)).replace("None of", "")
    assert page.html(report)
    assert board_pack.pdf(report).startswith(b"%PDF")


def test_tables_that_are_not_published_are_left_out(changed) -> None:
    path = changed("drop table training_effects", "drop table manager_activation_effects")
    report = compose(read(path))
    assert "Cannot tell" in section(report, "effect").says[0]
    assert section(report, "managers").says == ["Not published: nothing can be said."]
    assert section(report, "where").drawing


def test_a_table_that_is_missing_is_no_good_news(changed) -> None:
    report = compose(read(changed("drop table data_quality", "drop table program_diagnostics")))
    for name in ("health", "failure-modes"):
        assert section(report, name).says == ["Not published: nothing can be said."]


def test_a_name_with_a_control_character_is_drawn(changed) -> None:
    report = compose(read(changed("update dim_tools set tool_name = 'A' || chr(11) || tool_name")))
    assert page.html(report)
    assert any("A\ufffd" in row[0] for row in section(report, "programs").table.rows)


def test_names_that_several_have_are_told_apart(changed) -> None:
    path = changed(
        "update dim_programs set program_name = 'Twice' where program_id <> 'all'",
        "update dim_tools set tool_name = 'Twice'",
    )
    for name in ("programs", "effect", "roles-and-tools"):
        rows = section(compose(read(path)), name).table.rows
        keys = [tuple(row[:2]) if name == "roles-and-tools" else row[0] for row in rows]
        assert len(set(keys)) == len(keys) > 1, name


def test_thousands_of_teams_are_told_in_bands(changed) -> None:
    path = changed(
        "insert into manager_cohorts by name select cohorts.* exclude (manager_key, n_eligible,"
        " n_adopted, adoption_rate, adoption_rate_low, adoption_rate_high), i::varchar as"
        " manager_key, 20 as n_eligible, i % 21 as n_adopted, (i % 21) / 20 as adoption_rate,"
        " 0 as adoption_rate_low, 1 as adoption_rate_high from manager_cohorts as cohorts,"
        " range(3000) as numbers(i) where program_id = 'all' and tool_id = 'all'"
        " and checkpoint_day = 90 and cohorts.manager_key = (select max(manager_key)"
        " from manager_cohorts)"
    )
    report = compose(read(path))
    teams = section(report, "teams")
    assert len(teams.table.rows) == 10
    assert sum(int(row[1].replace(",", "")) for row in teams.table.rows) > 2_900
    assert len(page.html(report)) < 1_000_000


def test_the_headline_names_whom_the_rate_is_of(published: Path) -> None:
    report = compose(read(published))
    judged = report.tiles[3].detail.split(" ")[2]
    assert f"Of the {judged} certified who can be judged 90 days later" in report.sentence


def test_of_a_company_of_five_no_number_is_shown(built: Built) -> None:
    written = built.result["report"]
    html = Path(written["html"]).read_text(encoding="utf-8")
    assert Path(written["pdf"]).read_bytes().startswith(b"%PDF")
    report = compose(read(built.company.published))
    assert not any(part.drawing for part in report.sections)
    assert {tile.value for tile in report.tiles} <= {"hidden", "–"}
    assert "Nothing can be said at 90 days yet" in html


def test_without_a_published_database_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no published database") as missing:
        write(tmp_path / "published.duckdb", tmp_path / "report")
    assert "certgap build" in str(missing.value.remedy)
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("create table t (x int)").close()
    with pytest.raises(UserError, match="holds no table adoption_rates"):
        write(other, tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_folder_that_takes_no_file_is_named(published: Path, tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot be written") as refused:
        write(published, tmp_path / "report")
    assert "CERTGAP_REPORT" in refused.value.remedy
