"""Charts of the executive report: Vega-Lite by altair, drawn to SVG without a browser or network.

A drawing uses the colours of `LIGHT`. In the page `themed` turns them into custom properties, so
that one drawing serves light and dark screens; the PDF keeps them. Completion is always a square
and adoption a circle: no reading depends on colour alone. Palette: Okabe & Ito (2008).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

Row = dict[str, Any]

# Name of a custom property → its colour on white.
LIGHT = {
    "ink": "#1c2430",
    "soft": "#5b6676",
    "grid": "#e3e7ec",
    "completion": "#6b7789",
    "adoption": "#0072b2",
    "target": "#d55e00",
    "gap": "#c3cad4",
    "band": "#b9d7ea",
}
# Shades of the heat map, from little to much adoption; the ink on the last ones is light.
HEAT = ("#eef4f9", "#cfe2f0", "#a5cae3", "#6faed3", "#2f7cae", "#0b5a91")
# Ink on the light shades, which are light on a dark screen, too.
ON_SHADE = "#1b2027"
HEAT_STEPS = (0.1, 0.2, 0.3, 0.45, 0.6)
FONT = "Inter, system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
WIDTH = 480
ROW_HEIGHT = 30
# Room for names, whatever font the reader's machine has.
LABEL_WIDTH = 230
LONG_LABEL_WIDTH = 330
PERCENT = alt.Axis(format=".0%", title=None, tickCount=6, grid=True)


def themed(svg: str, name: str) -> str:
    """The drawing with custom properties for colours, for a page with a dark mode.

    Ids get the name of the drawing: Vega counts them through a process, so that they would differ
    from run to run.
    """
    ids = {found: f"{name}-{n}" for n, found in enumerate(re.findall(r'\bid="([^"]+)"', svg))}
    for found, new in ids.items():
        svg = svg.replace(f'id="{found}"', f'id="{new}"').replace(f"#{found})", f"#{new})")
    for property_name, colour in LIGHT.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{property_name})"')
    for number, colour in enumerate(HEAT):
        svg = svg.replace(f'"{colour}"', f'"var(--heat-{number})"')
    return svg


def _drawn(chart: alt.LayerChart | alt.Chart) -> str:
    styled = (
        chart.configure(background="transparent", font=FONT, padding=6, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=LIGHT["ink"],
            labelFontSize=13,
            labelLimit=LONG_LABEL_WIDTH,
            gridColor=LIGHT["grid"],
            domainColor=LIGHT["grid"],
            tickColor=LIGHT["grid"],
            titleColor=LIGHT["soft"],
            titleFontSize=12,
            titleFontWeight="normal",
        )
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict(), vl_version="6.1")
    # Whoever places a drawing describes it; roles of its parts would only be read out between.
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)


def _names(rows: Sequence[Row], width: int = LABEL_WIDTH) -> alt.Y:
    """One line per row, in the order of the rows."""
    return alt.Y(
        "name:N",
        sort=[row["name"] for row in rows],
        title=None,
        axis=alt.Axis(minExtent=width, maxExtent=width, domain=False, ticks=False),
    )


def _counts(rows: Sequence[Row]) -> alt.X:
    """Bars of counts, with room for a label at the end of the longest."""
    return alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, 1.7 * max(row["n"] for row in rows)]))


def _data(rows: Sequence[Row]) -> alt.Data:
    return alt.Data(values=list(rows))


def gaps(rows: Sequence[Row]) -> str | None:
    """Completion and adoption of each group on one line, the gap between them.

    Rows: name, completion_rate, adoption_rate, adoption_rate_low, adoption_rate_high (each may be
    None), target_rate.
    """
    shown = [row for row in rows if row["adoption_rate"] is not None]
    if not shown:
        return None
    base = alt.Chart(_data(shown)).encode(y=_names(shown))
    scale = alt.Scale(domain=[0, 1])
    layers = [
        base.transform_filter("isValid(datum.completion_rate)")
        .mark_rule(color=LIGHT["gap"], strokeWidth=2)
        .encode(x=alt.X("adoption_rate:Q", scale=scale, axis=PERCENT), x2="completion_rate:Q"),
        base.mark_rule(color=LIGHT["band"], strokeWidth=9).encode(
            x=alt.X("adoption_rate_low:Q", scale=scale), x2="adoption_rate_high:Q"
        ),
        base.mark_tick(color=LIGHT["target"], thickness=2, size=18).encode(x="target_rate:Q"),
        base.mark_point(filled=True, opacity=1, size=95, color=LIGHT["adoption"]).encode(
            x="adoption_rate:Q"
        ),
        base.transform_filter("isValid(datum.completion_rate)")
        .mark_point(filled=True, opacity=1, size=85, shape="square", color=LIGHT["completion"])
        .encode(x="completion_rate:Q"),
    ]
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=ROW_HEIGHT * len(shown)))


def heat(rows: Sequence[Row]) -> str | None:
    """Adoption by role group (rows) and tool (columns). Hidden cells say so.

    Rows: group, tool, adoption_rate (None: hidden or nobody), label.
    """
    if not any(row["adoption_rate"] is not None for row in rows):
        return None
    cells = []
    for row in rows:
        shade = _shade(row["adoption_rate"])
        ink = LIGHT["ink"] if shade == "none" else "#ffffff" if shade in HEAT[-2:] else ON_SHADE
        cells.append(row | {"shade": shade, "ink": ink})
    base = alt.Chart(_data(cells)).encode(
        x=alt.X(
            "tool:N",
            title=None,
            axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False),
        ),
        y=alt.Y(
            "group:N",
            title=None,
            axis=alt.Axis(domain=False, ticks=False, minExtent=LABEL_WIDTH, maxExtent=LABEL_WIDTH),
        ),
    )
    names = [*HEAT, "none"]
    boxes = base.mark_rect(stroke="transparent", cornerRadius=3).encode(
        color=alt.Color(
            "shade:N",
            scale=alt.Scale(domain=names, range=[*HEAT, LIGHT["grid"]]),
            legend=None,
        )
    )
    words = base.mark_text(fontSize=13).encode(
        text="label:N",
        color=alt.Color("ink:N", scale=None),
    )
    n_groups = len({row["group"] for row in rows})
    n_tools = len({row["tool"] for row in rows})
    return _drawn(
        alt.layer(boxes, words).properties(width=min(WIDTH, 170 * n_tools), height=34 * n_groups)
    )


def _shade(rate: float | None) -> str:
    if rate is None:
        return "none"
    return HEAT[sum(rate >= step for step in HEAT_STEPS)]


def funnel(stages: Sequence[Row]) -> str | None:
    """Bars from assigned to habitual. Rows: name, n, label; n None: hidden."""
    shown = [row for row in stages if row["n"] is not None]
    return _bars(shown, LIGHT["adoption"], 20, ROW_HEIGHT)


def statuses(rows: Sequence[Row]) -> str | None:
    """Bars of counts of which none is a part of another. Rows: name, n, label; 0 has no bar."""
    return _bars([row for row in rows if row["n"]], LIGHT["completion"], 18, 28)


def _bars(shown: Sequence[Row], colour: str, thickness: int, height: int) -> str | None:
    if not shown:
        return None
    base = alt.Chart(_data(shown)).encode(y=_names(shown), x=_counts(shown))
    bars = base.mark_bar(color=colour, cornerRadiusEnd=3, height=thickness)
    words = base.mark_text(align="left", dx=6, fontSize=13, color=LIGHT["ink"]).encode(
        text="label:N"
    )
    return _drawn(alt.layer(bars, words).properties(width=WIDTH, height=height * len(shown)))


def curve(weeks: Sequence[Row]) -> str | None:
    """Share active by week, with its interval. Rows: week_number, active_rate, …_low, …_high."""
    shown = [row for row in weeks if row["active_rate"] is not None]
    if len(shown) < 2:
        return None
    base = alt.Chart(_data(shown)).encode(
        x=alt.X(
            "week_number:Q",
            title="weeks before and after the training",
            axis=alt.Axis(grid=False, tickMinStep=1),
        )
    )
    band = base.mark_area(color=LIGHT["band"], opacity=1).encode(
        y=alt.Y("active_rate_low:Q", title=None, axis=PERCENT, scale=alt.Scale(zero=True)),
        y2="active_rate_high:Q",
    )
    line = base.mark_line(color=LIGHT["adoption"], strokeWidth=2.5).encode(y="active_rate:Q")
    dots = base.mark_point(filled=True, opacity=1, size=28, color=LIGHT["adoption"]).encode(
        y="active_rate:Q"
    )
    training = (
        alt.Chart(_data([{"week_number": 0}]))
        .mark_rule(color=LIGHT["target"], strokeDash=[4, 3])
        .encode(x="week_number:Q")
    )
    return _drawn(
        alt.layer(band, line, dots, training).properties(width=WIDTH + LABEL_WIDTH, height=240)
    )


def rates(rows: Sequence[Row]) -> str | None:
    """Rates with intervals, one line each. Rows: name, rate, low, high."""
    shown = [row for row in rows if row["rate"] is not None]
    if not shown:
        return None
    x = alt.X("low:Q", axis=PERCENT, scale=alt.Scale(zero=True))
    layers = _intervals(shown, "rate", x, LABEL_WIDTH)
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=ROW_HEIGHT * len(shown)))


def _intervals(shown: Sequence[Row], value: str, x: alt.X, width: int) -> list[alt.Chart]:
    """A circle and its interval per row, on the axis of the interval's low end."""
    base = alt.Chart(_data(shown)).encode(y=_names(shown, width))
    return [
        base.mark_rule(color=LIGHT["band"], strokeWidth=9).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, opacity=1, size=95, color=LIGHT["adoption"]).encode(
            x=f"{value}:Q"
        ),
    ]


def teams(rows: Sequence[Row]) -> str | None:
    """Every team that may be shown, by adoption. Rows: rank, rate, low, high."""
    if len(rows) < 3:
        return None
    base = alt.Chart(_data(rows)).encode(
        x=alt.X(
            "rank:O",
            title="teams, most adoption first",
            axis=alt.Axis(labels=False, ticks=False),
        )
    )
    ends = base.mark_rule(color=LIGHT["band"], strokeWidth=6).encode(
        y=alt.Y("low:Q", title=None, axis=PERCENT), y2="high:Q"
    )
    dots = base.mark_point(filled=True, opacity=1, size=70, color=LIGHT["adoption"]).encode(
        y="rate:Q"
    )
    return _drawn(alt.layer(ends, dots).properties(width=WIDTH + LABEL_WIDTH, height=220))


def effects(rows: Sequence[Row]) -> str | None:
    """Estimates in points with intervals around none. Rows: name, points, low, high."""
    shown = [row for row in rows if row["points"] is not None]
    if not shown:
        return None
    none = (
        alt.Chart(_data([{"points": 0}]))
        .mark_rule(color=LIGHT["soft"], strokeDash=[4, 3])
        .encode(x="points:Q")
    )
    x = alt.X("low:Q", title="points of 100", axis=alt.Axis(tickCount=6))
    layers = [none, *_intervals(shown, "points", x, LONG_LABEL_WIDTH)]
    return _drawn(alt.layer(*layers).properties(width=WIDTH - 100, height=ROW_HEIGHT * len(shown)))
