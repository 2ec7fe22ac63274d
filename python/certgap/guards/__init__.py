"""Every join is declared, and every declaration is a join.

`check(project_dir, target_dir)` reads what dbt compiled and compares it with the declarations in
`meta.joins`. The data itself is tested by the generic test `guarded_joins`.
"""

from certgap.guards.check import Failure, Report, check

__all__ = ["Failure", "Report", "check"]
