"""The words of the proofs that build: kills, readers, schedules."""

from __future__ import annotations

from certgap.proofs import kills, readers, schedules
from certgap.proofs.one_page import today


def of_kills(outcome: kills.Outcome) -> str:
    """The part on kills: a table of where they fell and what was read."""
    groups: dict[tuple[str, str, str], list[kills.Trial]] = {}
    for trial in outcome.trials:
        groups.setdefault((trial.kind, trial.phase, trial.victim), []).append(trial)
    lines = [
        f"{today()}: {len(outcome.trials) + len(outcome.faults)} kills, {len(outcome.faults)} "
        "faults. After each the published file passed its own audit and was the old or the new "
        "version in every table; the same command then succeeded by itself and gave, row for row, "
        "what an undisturbed one gives.",
        "",
        "| killed | moment drawn from | who was killed | kills | seconds after the start | old "
        "version read | new version read | had ended before |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (kind, phase, victim), trials in sorted(groups.items()):
        times = [trial.seconds for trial in trials]
        n_new = sum(trial.read == kills.NEW for trial in trials)
        n_ended = sum(trial.is_finished for trial in trials)
        lines.append(
            f"| {kind} | {phase} | {victim} | {len(trials)} | {min(times):.1f} to {max(times):.1f}"
            f" | {len(trials) - n_new} | {n_new} | {n_ended} |"
        )
    lines += ["", *(f"- FAULT: {fault}" for fault in outcome.faults)]
    return "\n".join(lines)


def of_readers(outcome: readers.Outcome) -> str:
    """The part on readers."""
    reads = ", ".join(f"{count:,} {kind}" for kind, count in sorted(outcome.n_reads.items()))
    lines = [
        f"{today()}: {outcome.n_builds} builds under two readers in a loop: {reads}. "
        f"{len(outcome.errors)} errors or mixed versions. Every answer had all tables of one of "
        f"{len(outcome.versions)} publications.",
    ]
    lines += ["", *(f"- FAULT: {error}" for error in outcome.errors[:20])]
    return "\n".join(lines)


def of_schedules(outcome: schedules.Outcome, kept: set[str]) -> str:
    """The part on delivery schedules; ``kept`` are models that keep rows of earlier builds."""
    events, n_equal = outcome.events, outcome.n_schedules - len(outcome.different)
    lines = [
        f"{today()}: {outcome.n_schedules} random delivery schedules, {events['builds']} "
        f"incremental builds; {n_equal} equal to a full refresh in every table built by month, "
        f"{outcome.n_whole} of the schedules compared in all published tables, too "
        f"({outcome.n_tables} tables): {outcome.n_rows:,} rows, column by column.",
        "",
        "Only these models keep rows of an earlier build, all others are made anew each time, "
        "so that what is published is equal where these are: "
        + ", ".join(f"`{name}`" for name in sorted(kept))
        + ". Nothing published reads `join_audit`.",
        "",
        "| what happened in the schedules | times |",
        "|---|---|",
        *(f"| {name} | {count:,} |" for name, count in sorted(events.items())),
    ]
    if outcome.different:
        lines += ["", f"- FAULT: schedules {sorted(outcome.different)} differ."]
    return "\n".join(lines)
