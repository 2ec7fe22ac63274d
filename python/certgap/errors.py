"""Errors a user can act on. The command line prints them without a traceback."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can put right: what is wrong, and what to do about it.

    Exit code 2: nothing was judged, because a setting, a file or a command was not as needed.
    """

    exit_code = 2

    def __init__(self, problem: str, remedy: str = "") -> None:
        """``remedy`` is a sentence or two; empty where ``problem`` already says it."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


class CheckFailed(UserError):
    """The work was done and its verdict is no: a test, a gate, a comparison. Exit code 1."""

    exit_code = 1
