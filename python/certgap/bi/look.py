"""Opens the dashboard in Chromium: what it was given, and what went wrong, as JSON.

Runs in .venv-bi and is not imported by anything: the project's own environment has no Playwright.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request, Response, sync_playwright

ADDRESS = os.environ["CERTGAP_BI_ADDRESS"]
WIDTH, STEP = 1440, 700
WAIT_MS = 120_000


class Seen:
    """Rows of each chart by its number, and faults."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.faults: list[str] = []
        self.asked_elsewhere: list[Request] = []

    def asks(self, request: Request) -> None:
        """A request, whether or not anything answers it."""
        host = urlsplit(request.url).hostname
        if host not in (None, "127.0.0.1") and not request.url.startswith(("data:", "blob:")):
            self.asked_elsewhere.append(request)

    def fails(self, request: Request) -> None:
        """What the page's own security policy forbids never leaves the browser."""
        if request in self.asked_elsewhere and request.failure == "csp":
            self.asked_elsewhere.remove(request)

    def hears(self, response: Response) -> None:
        """An answer to a chart; the filters ask for their values in the same way, without one."""
        if "/api/v1/chart/data" not in response.url:
            return
        if response.status != 200:
            self.faults.append(f"a chart's query was answered {response.status}")
            return
        form = parse_qs(urlsplit(response.url).query).get("form_data", ["{}"])[0]
        number = json.loads(form).get("slice_id")
        if number is not None:
            self.answers[str(number)] = response.json()["result"][0]["data"]


def main() -> int:
    """Log in, open, scroll, wait for every chart, take the picture."""
    charts = json.loads(os.environ["CERTGAP_BI_CHARTS"])
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CERTGAP_BI_BROWSER"], args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        page.set_default_timeout(WAIT_MS)
        page.on("request", seen.asks)
        page.on("requestfailed", seen.fails)
        page.on("response", seen.hears)
        page.goto(f"{ADDRESS}/login/", wait_until="load")
        page.fill("input[name=username], #username", os.environ["CERTGAP_BI_USER"])
        page.fill("input[name=password], #password", os.environ["CERTGAP_BI_PASSWORD"])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{ADDRESS}/superset/dashboard/{os.environ['CERTGAP_BI_DASHBOARD']}/")
        page.wait_for_selector("[data-test=dashboard-header-container]")
        _scroll(page, seen.faults, charts)
        # Bars grow for a second.
        page.wait_for_timeout(2500)
        page.screenshot(path=os.environ["CERTGAP_BI_PICTURE"], full_page=True)
        for alert in page.locator("[role=alert]").all_inner_texts():
            seen.faults.append(f"the page shows an error: {' '.join(alert.split())[:200]}")
        browser.close()
    for host in sorted({urlsplit(request.url).hostname or "" for request in seen.asked_elsewhere}):
        seen.faults.append(f"a request leaves this machine: {host}")
    json.dump({"answers": seen.answers, "faults": seen.faults}, sys.stdout)
    return 0


def _scroll(page: Page, faults: list[str], charts: list[str]) -> None:
    """Charts are asked for when they come into view: go down, then wait until none is loading."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height + STEP, STEP):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(400)
    page.set_viewport_size({"width": WIDTH, "height": min(height + 200, 12_000)})
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(1500)
    # Not by a condition in the page: its security policy forbids evaluating one.
    deadline = time.monotonic() + WAIT_MS / 1000
    while page.locator("[data-test=loading-indicator]").count():
        if time.monotonic() > deadline:
            faults.append("charts are still loading")
            break
        page.wait_for_timeout(500)
    titles = page.locator("[data-test=slice-header]").all_inner_texts()
    for title in charts:
        if not any(title in found for found in titles):
            faults.append(f"the page has no chart called {title}")


if __name__ == "__main__":
    sys.exit(main())
