"""Write the executive report of a published database: `executive-report.html` and `.pdf`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from certgap.errors import UserError
from certgap.report import board_pack, page
from certgap.report.content import compose
from certgap.report.reading import read

NAME = "executive-report"


@dataclass(frozen=True)
class Written:
    """The files of a report."""

    html: Path
    pdf: Path

    def as_json(self) -> dict[str, str]:
        """For ``--json``."""
        return {"html": str(self.html), "pdf": str(self.pdf)}


def write(published: Path, folder: Path) -> Written:
    """Write both files, replacing those of an earlier report.

    Raises UserError where there is nothing published or the folder takes no file.
    """
    report = compose(read(published))
    written = Written(folder / f"{NAME}.html", folder / f"{NAME}.pdf")
    contents = {written.html: page.html(report).encode(), written.pdf: board_pack.pdf(report)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            # A reader of the old file never meets half of the new one.
            unfinished = path.with_name(f".{path.name}")
            unfinished.write_bytes(content)
            unfinished.replace(path)
    except OSError as error:
        raise UserError(
            f"The report cannot be written to {folder}: {error.strerror}. The published database "
            "is not touched by this.",
            "Name a folder that takes files with `certgap report --out` or CERTGAP_REPORT.",
        ) from None
    return written
