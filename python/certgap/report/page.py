"""The report as one HTML file: no script, no request, one drawing for light and dark screens."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from certgap.report.charts import themed
from certgap.report.content import Report

TEMPLATES = Path(__file__).parent / "templates"


def html(report: Report) -> str:
    """The page. Everything that came from data is escaped; drawings are our own SVG."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    drawings = {
        section.name: Markup(themed(section.drawing, section.name))
        for section in report.sections
        if section.drawing
    }
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return environment.get_template("report.html.j2").render(
        report=report, drawings=drawings, style=style
    )
