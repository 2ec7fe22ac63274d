"""The SQL of training effects on panels of any origin: public data, simulated ones.

`CompiledEstimator` runs the project's compiled models from `int_effect_sums` on; `simulated` draws
panels whose true effect is known, and `proof` counts how often the SQL is right on them.
"""
