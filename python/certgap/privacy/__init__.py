"""Looks for people in what must not hold any: published files, reports, logs, dbt's artifacts."""
