"""What the usual shortcuts would say of an invented company whose truth is known.

``python -m certgap.naive`` computes every figure of the page what-naive-definitions-get-wrong.md in
docs/explanation and writes its tables. The right figures are the truth's (`certgap.truth`), the
naive ones are counted here, from the same rows.
"""
