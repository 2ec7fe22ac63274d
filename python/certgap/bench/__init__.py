"""``make bench``: what a build costs at the reference load, measured against copying its files.

The yardstick is the copy of every raw Parquet file into tables of a fresh DuckDB file: it moves
with the machine, so ratios to it can be compared between machines and years. A timing is never a
test; only what must be equal is (one more day against a full refresh, counts of usage segments).
"""
