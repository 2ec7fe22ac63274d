"""Daily usage as JSON: Claude Enterprise, Claude Code, Gemini in Workspace apps."""

from __future__ import annotations

from typing import Any

from certgap.simulate.days import as_date
from certgap.simulate.usage_vendors import DailyReports, Report, Use
from certgap.simulate.writing import json_document


class ClaudeEnterprise(DailyReports):
    """Pages of users per day; the day is in the file's name, and half a day tells by its pages."""

    name = tool_id = "claude_enterprise"
    stands_for = "assistant"
    feed = "analytics_users"
    can_be_part = True

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """Two pages; of a part of the day the first one."""
        date = str(as_date(report.day))
        users = [self._user(use, date) for use in report.uses]
        half = len(users) // 2
        pages = [{"data": users[:half], "next_page": "page_2"}, {"data": users[half:]}]
        if report.is_part:
            pages = [{"data": users, "next_page": "page_2"}]
        return [
            (f"analytics_users_{number}_{date}.json", json_document(page))
            for number, page in enumerate(pages)
        ]

    def _user(self, use: Use, date: str) -> dict[str, Any]:
        """A user's day; a surface somebody did not use is zero or not there."""
        in_word = use.actions // 3 if use.employee % 4 == 0 else 0
        return {
            "chat_metrics": {
                "distinct_conversation_count": use.sessions,
                "message_count": use.actions - in_word,
            },
            "claude_code_metrics": {"core_metrics": {"distinct_session_count": 2}},
            "office_metrics": {"word": {"message_count": in_word, "distinct_session_count": 1}},
            "web_search_count": 7,
            "last_activity_date": date,
            "user": {
                "id": f"user_01{use.employee}",
                "email_address": use.mail.title() if use.employee % 9 == 0 else use.mail,
            },
        }


class ClaudeCode(DailyReports):
    """Records per actor and terminal; API keys are no people. Interactions are accepted edits."""

    name = tool_id = "claude_code"
    stands_for = "github_copilot"
    feed = "usage_report"
    can_be_part = True

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """Two pages; of a part of the day the first one."""
        date = str(as_date(report.day))
        robot = {"type": "api_actor", "api_key_name": "ci-review-bot"}
        records = [self._record(date, robot, 5, "unknown")]
        for use in report.uses:
            actor = {"type": "user_actor", "email_address": use.mail}
            in_terminal = use.actions // 2 if use.employee % 3 == 0 else 0
            records.append(self._record(date, actor, use.actions - in_terminal, "vscode"))
            if in_terminal:
                records.append(self._record(date, actor, in_terminal, "iTerm.app"))
        half = len(records) // 2
        pages = [(records[:half], True), (records[half:], False)]
        if report.is_part:
            pages = [(records, True)]
        return [
            (
                f"usage_report_claude_code_{number}_{date}.json",
                json_document({"data": rows, "has_more": more, "next_page": "p" if more else None}),
            )
            for number, (rows, more) in enumerate(pages)
        ]

    def _record(
        self, date: str, actor: dict[str, str], accepted: int, terminal: str
    ) -> dict[str, Any]:
        """An actor's day in one terminal; a session without tokens was only opened."""
        tokens = {"input": 1000 * accepted, "output": 350 * accepted}
        return {
            "date": f"{date}T00:00:00Z",
            "actor": actor,
            "organization_id": "dc9f6c26-b22c-4831-8d01-0446bada88f1",
            "customer_type": "api",
            "terminal_type": terminal,
            "core_metrics": {
                "num_sessions": 1,
                "commits_by_claude_code": 0,
                "pull_requests_by_claude_code": 0,
            },
            "tool_actions": {
                "edit_tool": {"accepted": accepted, "rejected": 1},
                "write_tool": {"accepted": 0, "rejected": 0},
            },
            "model_breakdown": [{"model": "claude-sonnet", "tokens": tokens}],
        }


class GeminiWorkspace(DailyReports):
    """An audit log of activities, each with several events; a listing asked again repeats them."""

    name = tool_id = "gemini_workspace"
    stands_for = "copilot_m365"
    feed = "activities"
    can_be_part = True

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """One listing of the day."""
        date = str(as_date(report.day))
        items = [self._activity(report.day, date, use) for use in report.uses]
        page: dict[str, Any] = {"kind": "admin#reports#activities", "etag": "x"}
        if items:
            page["items"] = items
        if report.is_part:
            page["nextPageToken"] = "A:1772463845123000"
        return [(f"activities_{date}.json", json_document(page))]

    def _activity(self, day: int, date: str, use: Use) -> dict[str, Any]:
        """What somebody did; suggestions Gemini made by itself are events too."""
        second = (use.employee * 7_919 + day) % 86_400
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        asked = {"app_name": "docs", "action": "summarize", "event_category": "active_summarize"}
        offered = {"app_name": "gmail", "action": "generate_nudge_prompts"}
        return {
            "kind": "admin#reports#activity",
            "id": {
                "time": f"{date}T{clock}.123Z",
                "uniqueQualifier": str(-4_187_652_098_123_450_000 - use.employee),
                "applicationName": "gemini_in_workspace_apps",
                "customerId": "C0example",
            },
            "actor": {"email": use.mail, "profileId": str(use.employee)},
            "events": [self._event(asked)] * use.actions + [self._event(offered)],
        }

    def _event(self, parameters: dict[str, str]) -> dict[str, Any]:
        """One event with its parameters as a list."""
        return {
            "type": "ai_usage_event",
            "name": "feature_utilization",
            "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
        }
