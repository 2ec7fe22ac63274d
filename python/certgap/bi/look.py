"""Opens the dashboard in Chromium and tells what went wrong as a JSON list; runs in .venv-bi.

Not imported by anything: the project's own environment has no Playwright.
"""

from __future__ import annotations

import json
import os
import sys
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, sync_playwright

ADDRESS = os.environ["CERTGAP_BI_ADDRESS"]
WIDTH, STEP = 1440, 700
WAIT_MS = 120_000


def main() -> int:
    """Log in, open, scroll, wait for every chart, take the picture."""
    charts = json.loads(os.environ["CERTGAP_BI_CHARTS"])
    faults: list[str] = []
    answers: list[int] = []

    def heard(response: Response) -> None:
        if "/api/v1/chart/data" in response.url:
            answers.append(response.status)
            if response.status != 200:
                faults.append(f"a chart's query was answered {response.status}")
        host = urlsplit(response.url).hostname
        if host not in (None, "127.0.0.1") and not response.url.startswith(("data:", "blob:")):
            faults.append(f"a request left this machine: {host}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CERTGAP_BI_BROWSER"], args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
        page.on("response", heard)
        page.goto(f"{ADDRESS}/login/", wait_until="load")
        page.fill("input[name=username], #username", "admin")
        page.fill("input[name=password], #password", os.environ["CERTGAP_BI_PASSWORD"])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=WAIT_MS)
        page.goto(f"{ADDRESS}/superset/dashboard/{os.environ['CERTGAP_BI_DASHBOARD']}/")
        page.wait_for_selector("[data-test=dashboard-header-container]", timeout=WAIT_MS)
        _scroll(page, faults, charts)
        # Bars grow for a second.
        page.wait_for_timeout(2500)
        page.screenshot(path=os.environ["CERTGAP_BI_PICTURE"], full_page=True)
        for alert in page.locator("[role=alert]").all_inner_texts():
            faults.append(f"the page shows an error: {' '.join(alert.split())[:200]}")
        browser.close()
    if len(answers) < len(charts):
        faults.append(f"{len(answers)} charts were asked for, of {len(charts)}")
    json.dump(faults, sys.stdout)
    return 0


def _scroll(page: Page, faults: list[str], charts: list[str]) -> None:
    """Charts are asked for when they come into view: go down, then wait until none is loading."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height + STEP, STEP):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(400)
    page.set_viewport_size({"width": WIDTH, "height": min(height + 200, 12_000)})
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
