"""The quarantine holds the row as it came, also what a cast would have made NULL.

Rule: the raw text of each quarantined CSV row is one of its file's rows, the columns its source
declares joined by commas; worked out here from the files.
"""

from __future__ import annotations

import pytest
import yaml

import test_hris_usage_samples
import test_lms_samples
from vendor_samples import PROJECT, csv_rows

DELIVERED = {**test_hris_usage_samples.DELIVERED, **test_lms_samples.DELIVERED}
OWN = {"source_file", "extracted_at"}
# Vendors whose samples have rows to refuse.
REFUSED = {"cornerstone", "m365_copilot", "workday"}


def csv_feeds() -> dict[tuple[str, str], list[str]]:
    """(vendor, feed) → declared columns of every CSV feed that the samples deliver."""
    delivered = {tuple(name.split("/")[1:3]) for name in DELIVERED}
    feeds = {}
    for path in PROJECT.glob("models/staging/*/*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"]:
                meta = table.get("config", {}).get("meta", {})
                feed = (path.parent.name, table["name"])
                if meta.get("format") == "csv" and feed in delivered:
                    names = [column["name"] for column in table["columns"]]
                    feeds[feed] = [name for name in names if name not in OWN]
    return feeds


def row_as_delivered(row: dict[str, str], columns: list[str]) -> str:
    values = {name.strip().lower(): value for name, value in row.items()}
    return ",".join(values.get(column.lower(), "") for column in columns)


@pytest.mark.parametrize("vendor", sorted(REFUSED))
def test_the_raw_text_of_a_refused_row_is_the_row_in_its_file(sample_warehouse, vendor) -> None:
    found = 0
    for (owner, feed), columns in csv_feeds().items():
        if owner != vendor:
            continue
        for file, raw_text in sample_warehouse.execute(
            f"select source_file, raw_text from staging.base_{vendor}__{feed}"
            " where row_status = 'quarantined'"
        ).fetchall():
            rows = csv_rows(DELIVERED[file])
            assert raw_text in {row_as_delivered(row, columns) for row in rows}, (feed, raw_text)
            found += 1
    assert found
