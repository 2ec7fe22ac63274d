"""Takes people out of raw deliveries and reference files, for good and again in what comes later.

The build makes every table from these files: who is in none of them is in no table either.
``identifiers`` says what names a person and how it is spelled and hashed, ``people`` which columns
of which feed do, ``tables`` and ``documents`` take rows out of one file, ``erase`` goes through all
of them, ``record`` is what is kept about it.
"""
