"""Data Docs that open offline: Great Expectations words the results, nothing is loaded.

Its own page frame refers to a dozen scripts and styles on the internet and builds its index by
script. Here its sections stand in a plain page with a style of ours, under an index of all feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from certgap.deliveries.store import FAILED, NOT_CHECKED, Record
from certgap.deliveries.unread import Unread
from certgap.errors import UserError

LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)
# What a browser would fetch, or run from elsewhere.
EXTERNAL = re.compile(
    r"<(?:script|link|img|iframe|object|embed|source|video|audio|base|form)\b"
    r"|\b(?:src|href|action|poster|data)\s*=\s*[\"']?\s*(?:https?:)?//|url\(|@import",
    re.IGNORECASE,
)

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
  color: #1c2430; background: #fff; }
a { color: #0b5cad; } h1 { font-size: 1.5rem; } h5, h6 { font-size: 1rem; margin: .4rem 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; }
th, td { border-bottom: 1px solid #d9dee5; }
th { background: #f2f4f7; } td.number { text-align: right; }
.alert { background: #eef1f5; padding: .3rem .7rem; border-radius: .3rem; }
.badge { background: #e3e8ef; border-radius: .3rem; padding: 0 .35rem; font-family: monospace; }
.text-danger, .failed { color: #a8201a; } .text-success, .passed { color: #1d7a3a; }
.text-warning, .not_checked { color: #8a5a00; }
.fa-times::before { content: "\\2717"; } .fa-check-circle::before { content: "\\2713"; }
.fa-exclamation-triangle::before { content: "!"; } .note { color: #55606f; }
.collapse { display: none; }
"""


def page(title: str, body: str) -> str:
    """A whole page, refused where it would load anything."""
    html = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
    found = EXTERNAL.search(html)
    if found:
        raise UserError(f"The page '{title}' would load something from elsewhere: {found[0]}.")
    return html


def sections(result: Any) -> str:
    """The results of one validation, as Great Expectations words them."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaSectionView

    document = ValidationResultsPageRenderer().render(result)
    view = DefaultJinjaSectionView()
    parts = [
        view.render({"section": section.to_json_dict(), "section_loop": {"index": number}})
        for number, section in enumerate(document.sections, start=1)
    ]
    return LINK.sub(r"\1", "\n".join(parts))


def file_name(folder: str) -> str:
    """`usage/generic/tool_usage_daily` → its page."""
    return folder.replace("/", "-") + ".html"


def write_feed(folder: Path, name: str, records: Sequence[Record], results: Iterable[Any]) -> None:
    """The page of one feed: its deliveries that did not pass, then what was expected."""
    told = [record for record in records if record.verdict != "passed" or record.notes]
    rows = "".join(
        f'<tr><td>{escape(record.source_file)}</td><td class="{record.verdict}">'
        f"{record.verdict.replace('_', ' ')}</td><td>{escape(record.reason)}"
        f"{_note(record.notes)}</td></tr>"
        for record in told
    )
    table = f"<table><tr><th>delivery</th><th>verdict</th><th>why</th></tr>{rows}</table>"
    body = (
        '<p><a href="index.html">All feeds</a></p>'
        f"<p>{len(records)} deliveries of this feed are known."
        f"{' Those to look at:' if told else ' All passed.'}</p>{table if told else ''}"
        "<p>Expectations of the deliveries judged last:</p>"
        + "\n<hr>\n".join(sections(result) for result in results)
    )
    (folder / file_name(name)).write_text(page(name, body), encoding="utf-8")


def _note(notes: str) -> str:
    return f'<br><span class="note">{escape(notes)}</span>' if notes else ""


def write_index(
    folder: Path,
    feeds: dict[str, Sequence[Record]],
    late: Sequence[str],
    unread: Sequence[Unread] = (),
) -> Path:
    """All feeds with how their deliveries were judged, and what nothing reads."""
    rows = []
    for name, records in sorted(feeds.items()):
        counts = {
            verdict: sum(record.verdict == verdict for record in records)
            for verdict in ("passed", "accepted", FAILED, NOT_CHECKED)
        }
        has_page = (folder / file_name(name)).is_file()
        title = f'<a href="{file_name(name)}">{escape(name)}</a>' if has_page else escape(name)
        numbers = "".join(
            f'<td class="number{" " + verdict if count else ""}">{count:,}</td>'
            for verdict, count in counts.items()
        )
        rows.append(f"<tr><td>{title}</td>{numbers}</tr>")
    body = (
        "<p>Is each delivery what its vendor promises? Judged by "
        "<code>certgap check-deliveries</code> with the suites in <code>expectations/</code>. "
        "A failed delivery is not read by the build.</p>"
        + "".join(f'<p class="failed">{escape(text)}</p>' for text in late)
        + "<table><tr><th>feed</th><th>passed</th><th>accepted</th><th>failed</th>"
        f"<th>not checked</th></tr>{''.join(rows)}</table>"
    )
    if unread:
        others = "".join(
            f'<tr><td>{escape(one.place)}</td><td class="number">{one.n_files:,}</td>'
            f"<td>{escape(one.reason)}</td></tr>"
            for one in unread
        )
        body += (
            "<p>Not read, because no adapter reads it:</p>"
            f"<table><tr><th>folder or file</th><th>files</th><th>why</th></tr>{others}</table>"
        )
    path = folder / "index.html"
    path.write_text(page("Deliveries", body), encoding="utf-8")
    return path
