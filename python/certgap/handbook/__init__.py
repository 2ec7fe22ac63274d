"""The pages of docs/ that are made from the code, so that they cannot go stale.

``python -m certgap.handbook`` writes settings.md, seeds.md and commands.md in docs/reference, and
the list of decisions; ``--check`` only says which of them is not as it should be.
"""
