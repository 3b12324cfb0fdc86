"""The star: geodata knows nobody, the verbs know only geodata, scripts knows all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "geodata": {"geodata"},
    "areas": {"areas", "geodata"},
    "hotspots": {"hotspots", "geodata"},
    "maps": {"maps", "geodata"},
    "scripts": {"scripts", "geodata", "areas", "hotspots", "maps"},
}
MODULES = [path for room in ALLOWED for path in sorted((ROOT / room).rglob("*.py"))]


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names & set(ALLOWED)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_import_only_what_the_star_allows(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    assert imported_rooms(path) <= ALLOWED[room]


def test_only_crs_module_reprojects() -> None:
    users = [p for p in MODULES if "benchmarks" not in p.parts and ".to_crs(" in p.read_text()]
    assert [p.relative_to(ROOT).as_posix() for p in users] in ([], ["geodata/crs.py"])


def test_no_module_outgrows_its_idea() -> None:
    long = {
        p.relative_to(ROOT).as_posix(): n
        for p in MODULES
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
