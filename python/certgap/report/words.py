"""Numbers and names as a reader meets them."""

from __future__ import annotations

HIDDEN = "hidden"
NOBODY = "–"
NAMES = {
    "unknown": "not known",
    "no_manager": "no manager",
    "not_activated": "Manager not trained",
    "after_report": "Manager trained after the report",
    "0-27": "Up to 4 weeks before",
    "28-42": "4 to 6 weeks before (recommended)",
    "43+": "More than 6 weeks before",
    "completion": "after completing",
    "assignment": "after being assigned",
    "matched": "among people alike before",
    "team_mates": "untrained, once a team mate is trained",
    "few_people": "too few people",
    "few_managers": "too few managers",
    "differing_pretrends": "the groups differed before the training",
    "untested_pretrends": "too little is known from before the training",
    "small_sample": "too few people to see an effect of 10 points",
    "open_licence": "no seats",
    "no_licence_feed": "not delivered",
    "nothing_delivered": "nothing delivered",
    "inferred": "assumed complete",
    "warn": "to look at",
    "failed": "failed",
}


def named(value: str | None) -> str:
    """A word of a table in plain English; others with blanks for underscores."""
    if value is None:
        return NAMES["unknown"]
    return NAMES.get(value) or value.replace("_", " ")


def percent(rate: float | None, *, hidden: bool = False) -> str:
    """A rate (0-1) as a percentage with one decimal."""
    if rate is None:
        return HIDDEN if hidden else NOBODY
    return f"{100 * rate:.1f}%"


def interval(low: float | None, high: float | None) -> str:
    """Both ends of an interval of a rate, in percent."""
    return NOBODY if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f}%"


def points(value: float | None) -> str:
    """Points of 100, signed."""
    return NOBODY if value is None else f"{value:+.1f}"


def count(number: int | float | None, *, hidden: bool = False) -> str:
    """A whole number."""
    if number is None:
        return HIDDEN if hidden else NOBODY
    return f"{number:,.0f}"


def spread(low: float | None, high: float | None) -> str:
    """A range of amounts; one number where both ends are the same."""
    if low is None:
        return NOBODY
    if high is None:
        return f"at least {low:,.0f}"
    return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"


def listed(words: list[str]) -> str:
    """a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
