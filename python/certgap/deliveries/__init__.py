"""``certgap check-deliveries``: is each delivery what its vendor promises?

Asked before staging reads it. A delivery is measured by DuckDB (one profile per file, kept as
history), and the profile and a sample of the file are judged by Great Expectations with the suite
of its feed (``expectations/``). Whether the *model* is right is dbt's matter, and no rule stands in
both.
"""
