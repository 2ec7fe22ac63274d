"""Certification Gap: from LMS, HRIS and usage exports to adoption figures a board can read."""

__version__ = "0.1.0"
