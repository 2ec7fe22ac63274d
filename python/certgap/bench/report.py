"""The report: docs/benchmarks.md, written from the results of one run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Results = dict[str, Any]
GIB = 2**30


def variants(size: Results) -> list[str]:
    """Which builds were measured: without tests, with all tests, or both."""
    return [name for name in ("without tests", "all tests") if f"full build, {name}" in size]


def table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """A Markdown table; every column but the first is right-aligned."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|---|" + "---:|" * (len(head) - 1))
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]


def seconds(value: float) -> str:
    """Seconds, one decimal below a hundred."""
    return f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"


def as_bytes(value: int) -> str:
    """Bytes as GiB, as MiB below a tenth of one."""
    return f"{value / GIB:.1f} GiB" if value * 10 >= GIB else f"{value / 2**20:.0f} MiB"


def by_size(results: Results) -> list[Results]:
    """Results of every size, smallest first."""
    return [size for _, size in sorted(results["sizes"].items(), key=lambda item: int(item[0]))]


def _builds(size: Results) -> list[list[str]]:
    yard = size["yardstick"]["wall_seconds"]
    rows = [
        [
            "copy of the raw files (yardstick)",
            seconds(yard),
            "1.0",
            "",
            as_bytes(size["yardstick"]["peak_memory_bytes"]),
            as_bytes(size["yardstick"]["peak_spill_bytes"]),
            as_bytes(size["yardstick"]["bytes_read"]),
        ]
    ]
    kinds = ("full build", "one more day")
    names = [f"{kind}, {tests}" for kind in kinds for tests in variants(size)]
    for name in [*names, "full refresh"]:
        build = size[name]
        rows.append(
            [
                name if name != "full refresh" else "full refresh with that day, without tests",
                seconds(build["seconds"]),
                f"{build['seconds'] / yard:.1f}",
                seconds(build["startup_seconds"]),
                as_bytes(build["peak_memory_bytes"]),
                as_bytes(build["peak_spill_bytes"]),
                as_bytes(build["bytes_read"]),
            ]
        )
    return table(["", "time", "ratio", "dbt start-up", "memory", "spilled", "read"], rows)


def _shares(size: Results) -> list[str]:
    lines = []
    for tests in variants(size):
        full, day = size[f"full build, {tests}"], size[f"one more day, {tests}"]
        lines.append(
            f"- One more day, {tests}: {day['seconds'] / full['seconds']:.1%} of the full build's "
            f"time, {day['bytes_read'] / max(full['bytes_read'], 1):.1%} of the bytes it read."
        )
    tables = size[f"equality, {variants(size)[-1]}"]
    added = size["next day"]
    lines.append(
        f"- Equal to the full refresh, row for row: {len(tables)} tables, "
        f"{sum(t['n_rows'] for t in tables):,} rows (every column; builds' own ids and times in "
        "`join_audit` aside)."
    )
    lines.append(
        f"- The day: {added['n_usage_rows']:,} usage rows of {added['day']}, "
        f"{added['n_restated_rows']:,} rows of {added['restated_day']} delivered once more, "
        f"{added['n_learning_events']:,} learning events, an HRIS snapshot with changes of "
        "manager, leavers and hires, unchanged snapshots of the rest."
    )
    return lines


def _layers(size: Results) -> list[str]:
    last = variants(size)[-1]
    builds = [size[f"full build, {last}"], size[f"one more day, {last}"]]
    names = sorted(set(builds[0]["layers"]) | set(builds[1]["layers"]))
    rows = [[name, *(seconds(b["layers"].get(name, 0.0)) for b in builds)] for name in names]
    return table(["layer (time of its nodes, two at a time)", "full build", "one more day"], rows)


def _slowest(size: Results) -> list[str]:
    rows = [
        [f"`{'.'.join(unique_id.split('.')[2:])}`", seconds(took)]
        for unique_id, took in size[f"full build, {variants(size)[-1]}"]["slowest"]
    ]
    return table(["slowest nodes of the full build", "time"], rows)


def _queries(size: Results) -> list[str]:
    rows = [
        [q["name"], f"{q['n_rows']:,}", f"{q['p50_ms']:.1f} ms", f"{q['p95_ms']:.1f} ms"]
        for q in size["queries"]
    ]
    return table(["query", "rows", "p50", "p95"], rows)


def _segments(size: Results) -> list[str]:
    both = size["segments"]
    times = both["vivainsights_seconds"] / both["seconds"]
    name = f"vivainsights {both['vivainsights_version']}"
    people = ", ".join(f"{segment} {n:,}" for segment, n in both["counts"].items())
    return [
        "",
        "## Usage segments",
        "",
        f"People by week and segment, over 12 and over 4 weeks, of {both['n_person_weeks']:,}",
        f"person-weeks of `{both['tool_id']}` in memory, by {name} and by the SQL of",
        "`int_segment_spans` and `int_usage_segments` (median of five runs).",
        "",
        *table(
            ["", "time", "times as fast"],
            [
                [name, f"{both['vivainsights_seconds']:.2f} s", "1"],
                ["certgap", f"{both['seconds']:.2f} s", f"{times:.0f}"],
            ],
        ),
        "",
        f"Row for row the same in the {both['n_compared_12w']:,} person-weeks with 12 weeks behind "
        f"them and the {both['n_compared_4w']:,} with four ({people}).",
        "Where the definitions differ:",
        "",
        "- A shorter history: vivainsights judges it by the weeks there are, so that one week of",
        "  use can make a novice; here it is `insufficient_history`.",
        "- A tool that reports use without counting it: vivainsights, given the counts, finds",
        "  non-users; here its people are habitual or low, by their weeks.",
        "- Weeks without a row: vivainsights counts the rows there are, so a person's last twelve",
        "  rows may span a year; here the twelve weeks are those of the calendar.",
        "- Days no delivery covers: vivainsights cannot tell them from days without use; here they",
        "  are counted beside each segment.",
    ]


def _growth(sizes: list[Results]) -> list[str]:
    if len(sizes) < 2:
        return []
    small, large = sizes[0], sizes[-1]
    times = large["employees"] / small["employees"]
    lines = [""]
    for tests in variants(small):
        name = f"full build, {tests}"
        if name not in large:
            continue
        ratio = large[name]["seconds"] / small[name]["seconds"]
        lines.append(f"- {times:.0f} times the people, {name}: {ratio:.1f} times the time.")
    return lines


def text(results: Results) -> str:
    """The whole page."""
    sizes = by_size(results)
    largest = sizes[-1]
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {results['date']}. Ratios count in copies of the raw Parquet",
        "files into a DuckDB file, measured in the same run with the same threads and memory:",
        "they can be compared between machines, seconds cannot. Time is without dbt's start-up",
        "(reading its own project), which stands apart. Memory is the peak over all processes of",
        "the build; *read* is what they asked of their files, cached or not.",
        "",
        *table(["", ""], [[name, value] for name, value in results["machine"].items()]),
    ]
    for size in reversed(sizes):
        rows = size["yardstick"]["n_rows"]
        lines += ["", f"## {size['employees']:,} employees, {rows:,} raw rows", ""]
        lines += [*_builds(size), "", *_shares(size)]
        if size is largest:
            lines += _growth(sizes)
            lines += ["", *_layers(size), "", *_slowest(size)]
            lines += [
                "",
                "## Dashboard queries",
                "",
                f"On the published file of {size['employees']:,} employees, opened read-only,",
                "each warmed once and asked 20 times (`python/certgap/bench/queries/`).",
                "",
                *_queries(size),
            ]
            if "segments" in size:
                lines += _segments(size)
    return "\n".join(lines) + "\n"
