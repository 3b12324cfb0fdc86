"""Packages that import late offer all they name, and a project file needs few of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from geodata.lazily import lazily

ROOT = Path(__file__).parents[2]
LATE = sorted(
    file.parent.relative_to(ROOT).as_posix().replace("/", ".")
    for room in ("geodata", "areas", "hotspots", "maps", "scripts")
    for file in (ROOT / room).rglob("__init__.py")
    if "__getattr__ = lazily(" in file.read_text(encoding="utf-8")
)


def test_there_are_such_packages() -> None:
    assert "hotspots.accuracy" in LATE


@pytest.mark.parametrize("package", LATE)
def test_every_name_is_there_and_none_is_that_of_a_module(package: str) -> None:
    # in a process of its own: here others have imported the modules already
    code = f"""
import {package} as one, pkgutil
modules = {{m.name for m in pkgutil.iter_modules(one.__path__)}}
assert not modules & set(one.__all__), modules & set(one.__all__)
print(*(name for name in one.__all__ if getattr(one, name) is None))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == ""


def test_what_is_not_offered_is_missed_as_usual() -> None:
    load = lazily("geodata.times", {"nothing": "clocks"})
    with pytest.raises(AttributeError, match="has no attribute 'anything'"):
        load("anything")
    with pytest.raises(AttributeError):
        load("nothing")


def test_the_settings_are_read_without_the_methods_they_set() -> None:
    code = "import sys, scripts.config; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unasked = {"hotspots.accuracy.trial", "hotspots.sightlines.shares", "areas.picture.making"}
    assert not unasked & set(found.stdout.split())
