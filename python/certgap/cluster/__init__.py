"""A real Spark cluster on this machine, and the proof that it builds what DuckDB builds."""
