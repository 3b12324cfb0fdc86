"""The pages say what the code does: generated ones equal it, links lead somewhere."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from geodata.exports import ReadOptions
from geodata.incidents import ImportOptions
from scripts import docs
from scripts.cli import build
from scripts.config import TABLES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return docs.pages()


@pytest.mark.parametrize("name", ["settings.md", "tables.md", "commands.md"])
def test_generated_pages_are_what_the_code_makes(made: dict[str, str], name: str) -> None:
    written = (docs.DOCS / name).read_text(encoding="utf-8")
    assert written == made[name], "run python -m scripts.docs"


def test_every_generated_page_is_held(made: dict[str, str]) -> None:
    assert set(made) == {"settings.md", "tables.md", "commands.md"}


def test_readme_names_every_verb() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    group = build()
    verbs = group.list_commands(click.Context(group))
    assert verbs
    for verb in verbs:
        assert f"| `{verb}` |" in readme, verb


@pytest.mark.parametrize("cls", [ReadOptions, ImportOptions, *TABLES.values()])
def test_every_setting_is_explained(cls: type) -> None:
    for f in fields(cls):
        text = str(f.metadata.get("help", ""))
        assert text.endswith("."), f"{cls.__name__}.{f.name}"


def test_every_table_of_settings_has_a_page_part(made: dict[str, str]) -> None:
    for name in TABLES:
        assert f"## [{name}]" in made["settings.md"]
    assert "## [[input]]" in made["settings.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if not target.startswith(("https://", "http://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
