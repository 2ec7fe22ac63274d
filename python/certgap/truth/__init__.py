"""The independent truth: expected tables in plain Python, from a World of events, without any SQL.

Rule: nothing here reads the project's SQL, and nothing of the project reads this. The two meet only
in `certgap.compare`.
"""

from certgap.truth.expected import expected_tables, read_expected, write_expected
from certgap.truth.world import Settings, World, read_seeds

__all__ = ["Settings", "World", "expected_tables", "read_expected", "read_seeds", "write_expected"]
