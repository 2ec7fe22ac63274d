"""Fault injection on raw deliveries: what becomes of a delivery that is wrong?

Each fault of the catalogue changes the raw files of a healthy company. What follows is measured, at
the boundary and in the build, and judged: caught, quarantined, harmless or, which must never be,
silent. ``python -m certgap.faults`` writes docs/reference/faults.md.
"""
