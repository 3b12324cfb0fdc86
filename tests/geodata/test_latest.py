"""Where ``senaste.html`` leads: the newest whole run, with newer parts listed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from geodata.files.latest import leading_page
from geodata.files.manifest import MANIFEST

WHOLE, LATER = "2026-01-05_120000", "2026-01-12_093000"


def put(base: Path, name: str, **manifest: object) -> None:
    (base / name).mkdir()
    text = json.dumps({"program": "lagesbild", **manifest})
    (base / name / MANIFEST).write_text(text, encoding="utf-8")


def part(base: Path, name: str, held: str = "Veckans bevakning") -> None:
    put(base, name, whole=False, part=held, profile="intern")


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


def test_the_newest_whole_run_is_gone_to_at_once(tmp_path: Path) -> None:
    put(tmp_path, "2026-01-01_120000", whole=True)
    part(tmp_path, "2026-01-02_120000")
    put(tmp_path, WHOLE, whole=True)
    page = leading_page(tmp_path, WHOLE, "index.html")
    assert links(page) == [f"{WHOLE}/index.html"]
    assert f'content="0; url={WHOLE}/index.html"' in page


def test_newer_parts_are_listed_newest_first_and_nobody_is_sent_on(tmp_path: Path) -> None:
    put(tmp_path, WHOLE, whole=True)
    part(tmp_path, LATER, "Uppföljning <b>")
    part(tmp_path, "2026-01-13_080000")
    page = leading_page(tmp_path, "2026-01-13_080000", "index.html")
    assert [one.partition("/")[0] for one in links(page)] == [WHOLE, "2026-01-13_080000", LATER]
    assert "refresh" not in page
    assert "Veckans bevakning: 2026-01-13 08.00" in page
    assert "Uppföljning &lt;b&gt;: 2026-01-12 09.30" in page


def test_without_a_whole_run_the_only_part_is_gone_to(tmp_path: Path) -> None:
    part(tmp_path, LATER)
    assert "refresh" in leading_page(tmp_path, LATER, "index.html")
    part(tmp_path, "2026-01-13_080000")
    page = leading_page(tmp_path, "", "index.html")
    assert len(links(page)) == 2
    assert "refresh" not in page


def test_a_run_of_before_counts_as_whole_and_another_profile_is_said(tmp_path: Path) -> None:
    put(tmp_path, WHOLE)  # a manifest that doesn't say
    put(tmp_path, LATER, whole=False, profile="publik")
    page = leading_page(tmp_path, LATER, "index.html")
    assert [one.partition("/")[0] for one in links(page)] == [WHOLE, LATER]
    assert "En del: 2026-01-12 09.30, publik" in page


def test_a_clock_that_went_back_does_not_hide_the_run_just_made(tmp_path: Path) -> None:
    put(tmp_path, LATER, whole=True)
    put(tmp_path, WHOLE, whole=True)
    assert links(leading_page(tmp_path, WHOLE, "index.html")) == [f"{WHOLE}/index.html"]


def test_no_run_no_page(tmp_path: Path) -> None:
    assert leading_page(tmp_path, "", "index.html") == ""
