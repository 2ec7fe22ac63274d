"""The usage vendors: who writes what about which tool."""

from __future__ import annotations

from certgap.simulate.assistant_exports import ClaudeCode, ClaudeEnterprise, GeminiWorkspace
from certgap.simulate.chatgpt_exports import ChatgptEnterprise
from certgap.simulate.github_exports import write_github_seats, write_github_usage
from certgap.simulate.m365_exports import (
    AdminCenterForm,
    PagesForm,
    ReportForm,
    write_m365,
)
from certgap.simulate.reports_by_day import Agentforce, Purview, ServicenowNowAssist
from certgap.simulate.usage_vendors import Setting, UsageVendor


class M365Copilot(UsageVendor):
    """Last activity dates per app at each refresh, in one of three forms."""

    name = "m365_copilot"
    tool_id = stands_for = "copilot_m365"

    def __init__(self, form: ReportForm | None = None) -> None:
        """The CSV of Graph, unless it is said."""
        self.form = form or ReportForm()
        self.other_feed = form.feed if form else ""

    def write(self, setting: Setting) -> None:
        """A report per refresh."""
        write_m365(
            setting.out,
            setting.company,
            setting.truth,
            setting.with_truth,
            setting.mail_is_listed,
            setting.progress,
            self.form,
        )


class GithubCopilot(UsageVendor):
    """Daily rows of people with activity, and seat lists."""

    name = "github_copilot"
    tool_id = stands_for = "github_copilot"
    has_seats = True

    def write(self, setting: Setting) -> None:
        """Usage and seats; the vendor's list knows no suspended seat."""
        company, truth = setting.company, setting.truth
        company.seats[self.tool_id].is_suspended[:] = False
        write_github_usage(setting.out, company, truth, setting.progress)
        write_github_seats(setting.out, company, truth)


USAGE: dict[str, UsageVendor] = {
    vendor.choice: vendor
    for vendor in (
        M365Copilot(),
        GithubCopilot(),
        ChatgptEnterprise(),
        ClaudeEnterprise(),
        ClaudeCode(),
        GeminiWorkspace(),
        Purview(),
        Agentforce(),
        ServicenowNowAssist(),
        M365Copilot(PagesForm()),
        M365Copilot(AdminCenterForm()),
    )
}
