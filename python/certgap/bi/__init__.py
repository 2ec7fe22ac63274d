"""A Superset dashboard over the published database: its bundle, a local server, its test."""
