"""What is seen of a fault: the check of deliveries first, then the build of what passed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import duckdb

from certgap.build import plain_words
from certgap.deliveries import check
from certgap.deliveries.store import FAILED, NOT_CHECKED
from certgap.faults.fault import Fault
from certgap.faults.healthy import FAULTY, HEALTHY, Healthy
from certgap.faults.replay import Node, Replayed, replay
from certgap.proofs.dbt_in_process import WITHOUT_TESTS, DbtFailed
from certgap.reference import unreadable_files

# Figures: every mart and published table but those that say what is wrong, and which build it was.
FIGURES = {"marts", "published"}
NO_FIGURES = {
    "data_quality", "published__data_quality", "publication_log", "published__publication_log",
    "join_audit", "unmatched_identities", "identity_collisions", "identity_match_rates",
    "alias_override_suggestions", "restatements", "published__restatements", "dim_metric_rules",
    "published__dim_metric_rules",
}  # fmt: skip
STATUSES = ("ok", "inferred", "warn", "nothing_delivered", "fail")
# From what rise of a share on a reader of data_quality is told something.
TOLD_SHARE = 0.02
HOOK_MODELS = ["stg_intake__read_files"]


@dataclass
class Observation:
    """Everything that was said of a fault, and what it changed."""

    failed_files: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    refused: str = ""
    warnings: list[str] = field(default_factory=list)
    tests: dict[str, str] = field(default_factory=dict)
    quality: list[str] = field(default_factory=list)
    quarantined: Counter[tuple[str, str]] = field(default_factory=Counter)
    n_broken: int = 0
    different: list[str] = field(default_factory=list)
    # Tables that differ from the company in which the broken rows were never delivered, or from
    # what is right; None where that was not asked.
    unlike_the_rest: list[str] | None = None
    unlike_right: list[str] | None = None
    n_models: int = 0
    n_tests: int = 0


class Observer:
    """Puts faults into one healthy company."""

    def __init__(self, healthy: Healthy) -> None:
        """The healthy company's quarantine and quality are what is compared with."""
        self.healthy, self.raw = healthy, healthy.raw
        with healthy.open(HEALTHY) as connection:
            self.quarantined = _quarantined(connection)
            self.quality = _quality(connection)
        healthy.fresh_copy()
        self.known_notes = {r.source_file: (r.verdict, r.notes) for r in self._records(None)}
        healthy.keep_checks()

    def observe(self, fault: Fault) -> Observation:
        """Inject it, watch, and put everything back."""
        seen = Observation()
        try:
            self.healthy.fresh_copy()
            fault.change(self.raw)
            seen.n_broken = self.raw.broken
            self._check(seen)
            if not seen.failed_files and not seen.refused:
                self._build(seen, fault)
        finally:
            self.raw.put_back()
        return seen

    def _records(self, feeds: frozenset[str] | None) -> list[Any]:
        """Judge what changed of these feeds (None: of all)."""
        options = check.Options(write_docs=False, feeds=feeds)
        report = check.run(self.healthy.project, options, lambda *_: None)
        self._late = [*report.late, *report.errors]
        return [record for records in report.feeds.values() for record in records]

    def _check(self, seen: Observation) -> None:
        """Delivery checks; for reference files what ``certgap build`` asks first."""
        folder = self.healthy.project.reference
        seen.refused = "; ".join(str(file.problem) for file in unreadable_files(folder))
        names = (n for n in self.raw.touched if not n.startswith("reference/"))
        # What other feeds say of a fault is not asked: that could only be more.
        feeds = frozenset("/".join(name.split("/")[:3]) for name in names)
        for record in self._records(feeds) if feeds else []:
            known = self.known_notes.get(record.source_file)
            if record.verdict in (FAILED, NOT_CHECKED) and (known or ("",))[0] != record.verdict:
                seen.failed_files[record.source_file] = record.reason
            elif record.notes and record.notes != (known or ("", ""))[1]:
                seen.notes[record.source_file] = record.notes
        seen.late = list(self._late) if feeds else []

    def _build(self, seen: Observation, fault: Fault) -> None:
        done = self._replay(seen, with_tests=True)
        if done is None or seen.refused:
            return
        figures = {
            n.id: n.name
            for n in self.healthy.kept.nodes
            if _is_figure(n) and n.name not in fault.lists
        }
        healthy = self.healthy.kept.checksums
        seen.different = _different(figures, done.checksums, healthy)
        if not seen.different:
            return
        if fault.right:
            other = self._other(fault, leaves_out=False)
            seen.unlike_right = _different(figures, done.checksums, other)
        elif sum(seen.quarantined.values()) == seen.n_broken > 0:
            other = self._other(fault, leaves_out=True)
            seen.unlike_the_rest = _different(figures, done.checksums, other)

    def _other(self, fault: Fault, *, leaves_out: bool) -> dict[str, str]:
        """Checksums of the company without the broken rows, or with what is right."""
        self.raw.put_back()
        self.healthy.fresh_copy()
        self.raw.leaves_out = leaves_out
        try:
            (fault.change if leaves_out else fault.right or fault.change)(self.raw)
        finally:
            self.raw.leaves_out = False
        # Its files are judged as the healthy ones were: what is asked is what they say.
        self._check(Observation())
        done = self._replay(Observation(), with_tests=False)
        return done.checksums if done else {}

    def _replay(self, seen: Observation, *, with_tests: bool) -> Replayed | None:
        """The build's own start where files or headers are others, then its statements."""
        changed = self._changed_inputs()
        if self._has_other_files():
            has_seeds = any(name.startswith("reference/") for name in self.raw.touched)
            seeds = ["resource_type:seed"] if has_seeds else []
            try:
                self.healthy.dbt.run(
                    FAULTY, self.healthy.sources, {},
                    [*WITHOUT_TESTS, "--threads", "1", "--select", *HOOK_MODELS, *seeds],
                )  # fmt: skip
            except DbtFailed as error:
                seen.refused = " ".join(plain_words(str(error)).split())
                return None
            seen.warnings = [" ".join(text.split()) for text in self.healthy.dbt.warnings]
        kept = self.healthy.kept
        with self.healthy.open(FAULTY) as connection:
            done = replay(connection, kept.nodes, kept.checksums, changed, with_tests=with_tests)
            seen.n_models, seen.n_tests = done.n_models, done.n_tests
            if done.broken:
                seen.refused = done.broken
                return done
            seen.tests = {k: v for k, v in done.failed.items() if k not in kept.failed}
            seen.quarantined = _quarantined(connection) - self.quarantined
            seen.quality = worse(self.quality, _quality(connection))
        return done

    def _changed_inputs(self) -> set[str]:
        """dbt's ids of the sources and seeds whose files were touched."""
        kept, changed = self.healthy.kept, set()
        for name in self.raw.touched:
            if name.startswith("reference/"):
                changed.add(kept.seeds[name])
                continue
            feed = kept.feeds.get("/".join(name.split("/")[:3]))
            changed |= {feed} if feed else set()
        if self._has_raw():
            changed |= {kept.feeds[name] for name in kept.feeds if "/" not in name}
        return changed

    def _has_raw(self) -> bool:
        return any(not name.startswith("reference/") for name in self.raw.touched)

    def _has_other_files(self) -> bool:
        """Whether the views over the raw files must be made anew."""
        for name in self.raw.touched:
            healthy = self.raw.healthy / "raw" / name
            if name.startswith("reference/") or not healthy.is_file():
                return True
            now = self.raw.raw / name
            if not now.is_file() or name.endswith((".parquet", ".gz")):
                return True
            if name.endswith(".csv") and _first_line(now.read_bytes()) != _first_line(
                healthy.read_bytes()
            ):
                return True
        return False


def _first_line(content: bytes) -> bytes:
    return content.splitlines()[0] if content else b""


def _is_figure(node: Node) -> bool:
    return node.kind == "model" and node.folder in FIGURES and node.name not in NO_FIGURES


def _different(names: dict[str, str], some: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for key, name in names.items() if some.get(key) != other.get(key))


def _quarantined(connection: duckdb.DuckDBPyConnection) -> Counter[tuple[str, str]]:
    rows = connection.execute(
        "select feed, reason, sum(n_rows) from canonical.quarantined_rows group by all"
    ).fetchall()
    return Counter({(feed, reason): int(count) for feed, reason, count in rows})


Quality = dict[tuple[str, ...], tuple[str, float]]


def _quality(connection: duckdb.DuckDBPyConnection) -> Quality:
    rows = connection.execute(
        "select source_system, feed, tool_id, check_name, reason, status,"
        " coalesce(affected_rate, 0) from data_quality"
    ).fetchall()
    return {tuple(row[:5]): (row[5], row[6]) for row in rows}


def worse(before: Quality, after: Quality) -> list[str]:
    """Rows of data_quality that say more is wrong than they did."""
    told = []
    for key, (status, share) in sorted(after.items()):
        status_before, share_before = before.get(key, ("ok", 0.0))
        is_worse = STATUSES.index(status) > STATUSES.index(status_before)
        if is_worse or (status in ("warn", "fail") and share >= share_before + TOLD_SHARE):
            source, feed, tool, name, reason = key
            told.append(f"{name} of {source} {feed} ({tool}, {reason}): {status}, {share:.1%}")
    return told
