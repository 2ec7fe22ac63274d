"""`make docs`: a site that opens from a folder and asks nothing of a network.

Rule: Sphinx builds it without a warning (a broken link, a page in no index); no page loads anything
from elsewhere; every link inside leads to a file and an anchor; the search needs no request. Needs
.venv-docs, which `make test-long` makes.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from companies import PROJECT

SPHINX = PROJECT / ".venv-docs/bin/sphinx-build"
# What a browser loads by itself, of an element.
LOADED = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src",
    "embed": "src", "object": "data", "link": "href", "image": "href", "use": "href",
}  # fmt: skip
# dbt's own page, which `make docs` puts beside the others.
DBT = "dbt.html"


class Page(HTMLParser):
    """What a page loads, links to and can be linked at."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attributes}
        if tag in LOADED and of.get(LOADED[tag]):
            self.loads.append(of[LOADED[tag]])
        self.loads += re.findall(r"url\(['\"]?([^)'\"]+)", of.get("style", ""))
        if tag == "a" and "href" in of:
            self.links.append(of["href"])
        if "id" in of:
            self.ids.add(of["id"])


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def is_elsewhere(address: str) -> bool:
    return bool(re.match(r"([a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE))


def loaded_by_style(css: str) -> Iterator[str]:
    """Addresses that a style sheet loads; data: is in the file itself."""
    for address in re.findall(r"@import\s+['\"]([^'\"]+)|url\(\s*['\"]?([^)'\"]+)", css):
        yield "".join(address)


def test_the_check_sees_what_a_page_would_load(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<script src="https://cdn.example/x.js"></script><img src="//cdn.example/y.png">'
        '<p style="background: url(http://cdn.example/z)"><a href="https://example.com">out</a>'
    )
    page = read(path)
    assert [address for address in page.loads if is_elsewhere(address)] == page.loads
    assert len(page.loads) == 3
    assert list(loaded_by_style("@import 'https://a/b.css'; p {background: url(https://c/d)}")) == [
        "https://a/b.css",
        "https://c/d",
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert SPHINX.is_file(), "make test-long makes .venv-docs first"
    result = subprocess.run(
        [
            SPHINX, "-q", "-W", "--keep-going", "-c", PROJECT / "docs/_site",
            "-d", folder / "doctrees", PROJECT / "docs", folder / "html",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return folder / "html"


@pytest.mark.long
def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    for path in pages:
        loads = read(path).loads
        assert loads and not [address for address in loads if is_elsewhere(address)], path
    for path in site.rglob("*.css"):
        addresses = [a for a in loaded_by_style(path.read_text("utf-8"))]
        assert not [address for address in addresses if is_elsewhere(address)], path
    for path in site.rglob("*.js"):
        # searchtools.js may fetch summaries, of pages of its own; they are switched off.
        if path.name != "searchtools.js":
            assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(", path.read_text("utf-8")), (
                path
            )
    assert "SHOW_SEARCH_SUMMARY: false" in (site / "_static/documentation_options.js").read_text()


@pytest.mark.long
def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    pages = {path: read(path) for path in site.rglob("*.html")}
    broken, to_dbt = [], 0
    for path, page in pages.items():
        for link in [*page.links, *page.loads]:
            target, _, anchor = unquote(link).partition("#")
            if is_elsewhere(link) or re.match(r"[a-z]+:", link) or link == "#":
                continue
            target = target.split("?")[0]
            at = (path.parent / target).resolve() if target else path
            if at == site / DBT:
                to_dbt += 1
            elif not at.is_file() or (anchor and at in pages and anchor not in pages[at].ids):
                broken.append((str(path.relative_to(site)), link))
    assert not broken
    assert to_dbt >= len(pages) - 1


@pytest.mark.long
def test_the_search_index_is_a_script_and_knows_every_page(site: Path) -> None:
    """A script is what a page opened from a folder may load; a JSON file is not."""
    index = (site / "searchindex.js").read_text("utf-8")
    assert index.startswith("Search.setIndex(")
    for page in (PROJECT / "docs").rglob("*.md"):
        assert f'"{page.relative_to(PROJECT / "docs").with_suffix("").as_posix()}"' in index
    assert "searchindex.js" in (site / "search.html").read_text("utf-8")


def test_dbts_page_tracks_nobody() -> None:
    """Its only request is a tracker that the project's flag keeps off; all else is in the page."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))
    assert settings["flags"]["send_anonymous_usage_stats"] is False
    package = importlib.util.find_spec("dbt.task.docs")
    assert package and package.origin
    text = (Path(package.origin).parent / "index.html").read_text("utf-8")
    assert not [address for address in _loads_of_text(text) if is_elsewhere(address)]
    # The tracker is loaded by this function only, and that one is called only when `track` is true.
    assert text.count("cloudfront.net") == 1
    assert re.search(r"!0===e\.track&&r\.turn_on_tracking\(\)", text)
    assert re.search(r"\.init\(\{track:\w+\.send_anonymous_usage_stats,", text)


def _loads_of_text(text: str) -> list[str]:
    page = Page()
    page.feed(text)
    return page.loads
