"""Long proofs of what a build and a publication promise: kills, delivery schedules, readers.

Each has a make target, and writes its part of docs/reference/proofs.md.
"""
