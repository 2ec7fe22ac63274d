"""Sphinx for `make docs`: the Markdown of docs/ as a site that opens from a folder, without network.

The pages are written for plain Git hosting: an index page is a list of links. Sphinx wants a
`toctree`, so one is made here from those links, in their order; a page that no index links to is a
warning, and warnings are errors.
"""

from __future__ import annotations

import posixpath
import re

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

project = "Certification Gap"
author = "the project's contributors"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["_site"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
# Reference pages hold @ and {} in prose; only links and tables are wanted of the dialect.
myst_enable_extensions: list[str] = []
language = "en"
# Words after a code fence that Pygments has no colours for.
lexers["csv"] = TextLexer()
smartquotes = False

html_theme = "furo"
html_title = "Certification Gap"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "lineage.html",
        "sidebar/scroll-end.html",
    ]
}
# A summary of each hit would be fetched, which a browser refuses a page opened from a folder.
html_show_search_summary = False
html_use_index = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False

LINK = re.compile(r"\]\((?!https?:)([^)#\s]+\.md)(?:#[^)]*)?\)")


def _add_toctree(_app: object, page: str, source: list[str]) -> None:
    """The pages an index links to, as the navigation."""
    if posixpath.basename(page) != "index":
        return
    folder = posixpath.dirname(page)
    pages: list[str] = []
    for link in LINK.findall(source[0]):
        name = posixpath.normpath(posixpath.join(folder, link)).removesuffix(".md")
        if name not in pages and not name.startswith("..") and _is_below(name, page):
            pages.append(name)
    entries = "\n".join(f"/{name}" for name in pages)
    source[0] += f"\n```{{toctree}}\n:hidden:\n:titlesonly:\n\n{entries}\n```\n"


def _is_below(name: str, index: str) -> bool:
    """Whether a page belongs to this index: the root has the indexes, they have the rest."""
    return (posixpath.basename(name) == "index") == (index == "index") and name != index


def setup(app: object) -> None:
    """Sphinx calls this."""
    app.connect("source-read", _add_toctree)
