"""A made-up town, and a real headless Chromium whose network is watched."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_town as made_up

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SETTLED = "return document.documentElement.dataset.drawnMs || null"


@pytest.fixture(scope="session")
def town():
    return made_up.town(1200, 10)


@pytest.fixture(scope="session")
def make_town():
    return made_up


@dataclass
class Browser:
    """A driver that opens a page from disk and tells what the page asked the network for."""

    driver: object
    folder: Path

    def open(self, html: str) -> None:
        page = self.folder / "page.html"
        page.write_text(html, encoding="utf-8")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(page.as_uri())
        self.wait(SETTLED)

    def wait(self, script: str):
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, 20, 0.05).until(lambda d: d.execute_script(script))

    def run(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def requests(self) -> list[str]:
        """Return what the page asked the network for since `open`, refused or not."""
        return [url for url, _reason in self.asked()]

    def asked(self) -> list[tuple[str, str]]:
        """Return each address asked for with the reason it was stopped by the browser, or ``""``."""
        entries = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        stopped = {
            e["params"]["requestId"]: e["params"].get("blockedReason", "")
            for e in entries
            if e["method"] == "Network.loadingFailed"
        }
        asked = [e["params"] for e in entries if e["method"] == "Network.requestWillBeSent"]
        return [
            (p["request"]["url"], stopped.get(p["requestId"], ""))
            for p in asked
            if not p["request"]["url"].startswith(("data:", "blob:"))
        ]

    def complaints(self) -> list[str]:
        return [e["message"] for e in self.driver.get_log("browser")]

    def resize(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )


@pytest.fixture(scope="session")
def _driver() -> Iterator[object]:
    named = os.environ.get("CHROME")
    chrome = named or next((p for p in map(shutil.which, BROWSERS) if p), None)
    if chrome is None:
        pytest.skip("no Chromium or Chrome on this machine (name one in CHROME)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chrome
    for switch in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--window-size=1400,900",
    ):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = shutil.which("chromedriver")
    driver = webdriver.Chrome(options=options, service=Service(found) if found else Service())
    yield driver
    driver.quit()


@pytest.fixture
def browser(_driver, tmp_path) -> Browser:
    page = Browser(_driver, tmp_path)
    page.resize(1400, 900)
    return page
