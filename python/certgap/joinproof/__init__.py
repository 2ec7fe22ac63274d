"""The proof that guards of joins work: every declared join broken in every way, each time caught.

What can break is derived from the declaration (`breakages`), done to the tables of a built company
within a transaction (`trial`), and judged by the project's own tests as dbt renders them
(`session`). `make joins` runs all and writes docs/reference/joins.md.
"""
