"""A run for others than the house knows what the project's appendices have told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geodata.errors import DataError
from scripts.config import load_project
from scripts.editions import told_before
from tests.project import HEADER, good_rows, write_project


def edition(folder: Path, n: int, profile: str = "publik") -> None:
    """Write what an edition told: one number of 2024."""
    folder.mkdir(parents=True)
    held = {
        "format": 1,
        "profile": profile,
        "what": ["events/police"],
        "areas": [["hageby"]],
        "classes": [["drug_use"]],
        "days": [["2024-01-01", "2024-12-31"]],
        "counts": [[0, 0, 0, 0, n]],
    }
    (folder / "published.json").write_text(json.dumps(held), encoding="utf-8")


def test_appendices_count_by_themselves_and_named_editions_after_them(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    assert told_before(load_project(folder), "publik") == {}
    edition(folder / "resultat" / "bilagor" / "2024" / "publicerat" / "normativ", 17)
    edition(folder / "resultat" / "bilagor" / "2024" / "publicerat" / "strategisk", 99, "intern")
    assert list(told_before(load_project(folder), "publik").values()) == [17]
    edition(tmp_path / "elsewhere", 23)
    named = json.dumps([str(tmp_path / "elsewhere")])
    project = load_project(folder, (f"disclosure.earlier={named}",))
    assert list(told_before(project, "publik").values()) == [23]


def test_an_appendix_whose_numbers_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    file = folder / "resultat" / "bilagor" / "2024" / "publicerat" / "normativ" / "published.json"
    file.parent.mkdir(parents=True)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=re.escape("En tidigare utgåva")):
        told_before(load_project(folder), "publik")
    assert told_before(load_project(folder), "intern") == {}  # nothing is hidden there
