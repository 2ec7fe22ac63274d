"""What a measure that is not as expected means, and what to do about it."""

from __future__ import annotations

SEND_AGAIN = "Have it sent again."
LOOK = "Ask the vendor; if it is right, accept it (--accept) or change the suite."

WORDS: dict[str, tuple[str, str]] = {
    "cannot_be_read": (
        "{value}",
        "Have it sent again as UTF-8, comma-separated CSV or as Parquet (or as the vendor's JSON), "
        "with its date in its name.",
    ),
    "missing_columns": (
        "lacks the column(s) {value}",
        "Have the export corrected; a column it may lack is marked optional in the sources YAML.",
    ),
    "new_columns": ("has columns its predecessor had not: {value}", ""),
    "rows": ("has {value} rows", SEND_AGAIN),
    "rows_to_usual": ("has {value} times the usual number of rows", LOOK),
    "rows_to_weekday": (
        "has {value} times the usual number of rows of its weekday, and as many as a quiet weekday "
        "(a public holiday?)",
        "",
    ),
    "ragged_share": (
        "{percent} of its lines have too many or too few fields",
        "Have fields with commas quoted.",
    ),
    "unreadable_rows_share": ("{percent} of its records are no JSON object", SEND_AGAIN),
    "days_overdue": (
        "the next delivery is {value} days later than the longest usual gap",
        "Ask the vendor for it.",
    ),
    "days_since_newest_day": (
        "is stale: its newest day is {value} days before its date",
        SEND_AGAIN,
    ),
    "outside_days_share": (
        "{percent} of its rows have a day after the delivery or long before it",
        "Have the dates corrected.",
    ),
    "days_without_rows": ("has no rows for {value} days in a row within its span", LOOK),
    "same_as": ("is the same file as {value}", "Ask whether it was sent in another's place."),
    "newest_day_change": (
        "its newest day is {value} days farther from its date than any of the latest deliveries' "
        "(below 0: nearer)",
        LOOK,
    ),
    "days_skipped": ("{value} days before its first day came in no delivery", "Ask for them."),
    "null_share": ("{percent} of '{column}' is empty", "Have the column filled."),
    "null_share_change": ("the empty share of '{column}' moved by {percent} of all rows", LOOK),
    "unreadable_share": (
        "{percent} of '{column}' cannot be read as its type",
        "Have it written as dates YYYY-MM-DD, plain numbers or true/false.",
    ),
    "distinct_values": ("'{column}' has {value} different values", "Have the ids corrected."),
    "distinct_to_usual": (
        "'{column}' has {value} times the usual share of different values",
        LOOK,
    ),
    "concealed_share": (
        "{percent} of '{column}' is concealed (hashes in place of names)",
        "Have the concealment of names switched off in the vendor's admin centre.",
    ),
    "drift": ("the distribution of '{column}' moved (stability index {value})", LOOK),
}
OF_SAMPLE = ("{percent} of the sampled values of '{column}' are not as expected", LOOK)


def words_for(measure: str, over: str | None = None) -> str:
    """The sentence, with {value}, {percent} and {column} to fill in."""
    return (OF_SAMPLE if over == "sample" else WORDS[measure.partition(".")[0]])[0]


def remedy_for(measure: str, over: str | None = None) -> str:
    """What to do; empty where nothing need be done."""
    return (OF_SAMPLE if over == "sample" else WORDS[measure.partition(".")[0]])[1]
