"""The reference pages that are made from the code, so that they cannot go stale.

``python -m certgap.handbook`` writes settings.md, seeds.md and commands.md in docs/reference;
``--check`` only says which of them is not as it should be.
"""
