"""SQL statements to a Thrift server, one argument each. Rows are printed, tab-separated.

Run by the Python of ``.venv-spark``, which has pyhive and not this package:
``python spark_statements.py PORT STATEMENT …``
"""

from __future__ import annotations

import sys

from pyhive import hive


def main(port: int, statements: list[str]) -> None:
    """Run the statements one after the other."""
    with hive.connect("127.0.0.1", port=port, username="dbt") as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
            # A statement without a result has a description all the same, and fetching fails.
            if statement.lower().startswith(("select", "show")):
                for row in cursor.fetchall():
                    print(*row, sep="\t")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
