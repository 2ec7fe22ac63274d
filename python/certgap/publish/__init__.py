"""The published database: what BI reads, written only from a complete build without errors."""
