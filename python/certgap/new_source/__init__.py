"""``certgap new-source``: the folder, fixture and tests of a vendor without an adapter.

The sample is profiled, never understood: which raw column means what is left to a person, at one
marked place. Until it is filled in every row waits in the quarantine, and the build is green.
"""
