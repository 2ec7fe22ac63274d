"""What ``certgap new-source`` says when it is done."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from certgap.new_source.scaffold import NewSource


def render(made: NewSource, console: Console) -> None:
    """The files, the sample's columns and the next steps."""

    def say(text: str) -> None:
        console.print(escape(text), highlight=False, soft_wrap=True)

    for path in made.written:
        say(f"made     {path.as_posix()}")
    for path in made.changed:
        say(f"changed  {path.as_posix()}")
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("raw column", "delivered as", "filled", "different", "reads as"):
        table.add_column(heading, overflow="fold")
    for column in made.sample.columns:
        table.add_row(
            escape(column.name),
            escape(column.raw_name),
            f"{column.filled} of {made.sample.rows}",
            str(column.different),
            column.reads_as,
        )
    console.print(table)
    console.print()
    for note in made.sample.notes:
        say(note)
    if made.sample.elements:
        say(f"Its rows are taken from {made.sample.elements}.")
    feed = f"{made.category}/{made.vendor}/{made.feed}"
    say(f"Next: 1. put a delivery into $CERTGAP_RAW/{feed}/<YYYY-MM-DD>{made.sample.extension}")
    say(f"      2. add {made.vendor} to enabled_sources in dbt_project.yml and build: it is green")
    say(f"      3. fill in the mapping under MAP HERE in {made.mapping_file.as_posix()};")
    say(f"         needed: {', '.join(made.relation.required)}")
    say("docs/how-to/read-a-csv-nobody-has-seen.md goes through it step by step.")
