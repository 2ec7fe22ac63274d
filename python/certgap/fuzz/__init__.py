"""Mutated deliveries: whatever arrives, no crash, no row lost in silence, no row invented.

``python -m certgap.fuzz`` mutates what every vendor delivers, lets ``check-deliveries`` and dbt read
it as a user would, and compares the outcome with what Python finds in the files. The rules are in
oracle.py (what is in a file) and verdict.py (what may become of it).
"""
