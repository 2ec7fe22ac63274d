"""Random small companies: the project's SQL and the truth on worlds nobody designed.

`RandomCompany` is drawn from a seed, full of corners; `CompiledModels` runs the project's compiled
SQL on it without a dbt run of its own. Rule: a company states each fact once, and gives it both to
the raw feeds and to the truth's World. `retelling` tells a company otherwise, and `properties` says
what must be the same then; no truth is needed for that.
"""
