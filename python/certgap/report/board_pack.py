"""The report as a PDF for a board pack, set by Typst: no browser, no system library, no network."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import typst

from certgap.report.content import Report

TEMPLATE = Path(__file__).parent / "templates" / "board_pack.typ"


def pdf(report: Report) -> bytes:
    """The PDF, with bookmarks and a description of every drawing."""
    with tempfile.TemporaryDirectory(prefix="certgap-report-") as temporary:
        folder = Path(temporary)
        content = asdict(report)
        for section in content["sections"]:
            drawing = section.pop("drawing")
            section["drawing"] = None
            if drawing:
                section["drawing"] = f"{section['name']}.svg"
                (folder / section["drawing"]).write_text(drawing, encoding="utf-8")
        (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
        main = folder / "main.typ"
        main.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        # Fonts of Typst itself only: the same file on every machine.
        return typst.compile(main, root=folder, format="pdf", ignore_system_fonts=True)
