"""Usage segments by vivainsights, timed: run by the Python of .venv-bench, which has nothing else.

``vivainsights_segments.py PERSON_WEEKS SEGMENTS``: reads PersonId, MetricDate, Actions from one
Parquet file, writes the segments of every row to another and prints version and seconds as JSON.
"""

import json
import sys
import time
from importlib.metadata import version

import pandas as pd
import vivainsights


def main() -> None:
    """The call and the counts are timed; the rows are in memory before, as they are for the SQL."""
    source, target = sys.argv[1:]
    rows = pd.read_parquet(source)
    began = time.perf_counter()
    segments = vivainsights.identify_usage_segments(rows, metric="Actions", return_type="data")
    segments.groupby(["MetricDate", "UsageSegments_12w", "UsageSegments_4w"], dropna=False).size()
    seconds = time.perf_counter() - began
    columns = ["PersonId", "MetricDate", "UsageSegments_12w", "UsageSegments_4w"]
    segments[columns].to_parquet(target)
    print(json.dumps({"version": version("vivainsights"), "seconds": seconds}))


if __name__ == "__main__":
    main()
