"""Pages with wide tables in the real browser, as wide as a phone."""

from __future__ import annotations

import pytest

from maps.area_page import area_pages
from tests.areas.picture_tables import picture_of, town
from tests.maps.test_area_page import FACTS, released


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1400])
def test_the_picture_does_not_stick_out_and_cuts_no_word(browser: object, width: int) -> None:
    browser.resize(width, 844)
    # few events: weeks without report, whose words are there for screen readers only
    html = area_pages(released(dict(picture_of(town(40)).tables)), FACTS)["lagesbild.html"]
    file = browser.folder / "page.html"
    file.write_text(html, encoding="utf-8")
    browser.driver.get(file.as_uri())
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.run(wide) <= 0
    # a word that is cut stands on two lines: measure each first cell that is one word
    cut = """
    return [...document.querySelectorAll('.scroll th[scope=row]')].filter(cell => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return !/[\\s-]/.test(cell.textContent.trim()) && range.getClientRects().length > 1;
    }).map(cell => cell.textContent)"""
    assert browser.run(cut) == []
