"""Daily usage as CSV: a tenant's own reports of Agentforce and Now Assist, Purview's audit log."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from certgap.simulate.days import as_date
from certgap.simulate.usage_vendors import DailyReports, Report, Use
from certgap.simulate.writing import vendor_csv


class TenantReport(DailyReports):
    """A report the tenant built: who did how much with which feature, zeros included."""

    stands_for = "assistant"
    feed = "daily_usage"
    features = ("case summary", "reply draft")

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """One file; the row of a service account keeps a quiet day from being empty."""
        date = str(as_date(report.day))
        rows = [(date, "service.account@example.com", self.features[0], 0, 0)]
        for use in report.uses:
            second = use.actions // 3 if use.employee % 4 == 0 else 0
            mail = use.mail.title() if use.employee % 9 == 0 else use.mail
            rows.append((date, mail, self.features[0], use.actions - second, use.sessions))
            if second:
                rows.append((date, mail, self.features[1], second, 1))
        names = ("usage_date", "user_email", "feature", "actions", "sessions")
        columns = [pa.array([str(row[place]) for row in rows]) for place in range(len(names))]
        table = pa.table(dict(zip(names, columns, strict=True)))
        return [(f"daily_usage_{date}_{report.number}.csv", vendor_csv(table))]


class Agentforce(TenantReport):
    """Salesforce Agentforce and Einstein."""

    name = tool_id = "agentforce"


class ServicenowNowAssist(TenantReport):
    """ServiceNow Now Assist."""

    name = "servicenow_now_assist"
    tool_id = "now_assist"
    features = ("incident summary", "code generation")


class Purview(DailyReports):
    """An audit search per day: prompts and answers as JSON in a CSV, and records of other tools."""

    name = "purview"
    tool_id = stands_for = "copilot_m365"
    feed = "copilot_interactions"
    alias_type = "upn"

    def files(self, report: Report) -> list[tuple[str, bytes]]:
        """One export; a second search of the day finds the same records again."""
        nobody = Use(0, "automation@example.com", 1, 1)
        other = self._record(report.day, nobody)
        other |= {"Id": f"other-{report.day}", "AppIdentity": "Copilot.Security.SecurityCopilot"}
        records = [other, *(self._record(report.day, use) for use in report.uses)]
        table = pa.table(
            {
                "RecordId": pa.array([record["Id"] for record in records]),
                "CreationDate": pa.array([f"{r['CreationTime']}.0000000Z" for r in records]),
                "RecordType": pa.array(["261"] * len(records)),
                "Operation": pa.array(["CopilotInteraction"] * len(records)),
                "UserId": pa.array([record["UserId"] for record in records]),
                "AuditData": pa.array([json.dumps(record) for record in records]),
            }
        )
        name = f"AuditLog_CopilotInteraction_{as_date(report.day)}_{report.number}.csv"
        return [(name, vendor_csv(table))]

    def _record(self, day: int, use: Use) -> dict[str, Any]:
        """What somebody asked that day; answers are messages too."""
        second = (use.employee * 7_919 + day) % 86_400
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        asked: bool | str = "true" if use.employee % 3 == 0 else True
        prompts = [{"Id": str(number), "isPrompt": asked} for number in range(use.actions)]
        return {
            "CreationTime": f"{as_date(day)}T{clock}",
            "Id": f"a{day}-{use.employee}",
            "Operation": "CopilotInteraction",
            "RecordType": 261,
            "Workload": "Copilot",
            "UserId": use.mail.title() if use.employee % 9 == 0 else use.mail,
            "AppIdentity": "Copilot.MicrosoftCopilot.BizChat",
            "CopilotEventData": {
                "AppHost": ("Word", "Teams", "BizChat")[use.employee % 3],
                "Messages": [*prompts, {"Id": "answer", "isPrompt": False}],
            },
        }
