"""The page of an inspection: the verdict, every check, and every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.disclosure import Profile
from geodata.language import number
from maps.sheet import render


@dataclass(frozen=True)
class Check:
    """A check: what it says, and for each finding the file and the words."""

    text: str
    found: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class File:
    """A file: its name, its size in bytes, the profile on it, and how many findings it has."""

    name: str
    size: int
    mark: str
    findings: int


def inspection_html(
    *,
    folder: str,
    profile: Profile,
    verdict: str,
    passed: bool,
    checks: Sequence[Check],
    files: Sequence[File],
    notes: Sequence[str],
) -> str:
    """Make the page of an inspection, for the house alone.

    Parameters
    ----------
    folder
        Name of the folder.
    profile
        What it was held to.
    verdict
        The outcome in one sentence.
    passed
        Whether nothing was found.
    checks, files, notes
        What was looked for and found; every file; what a person has to look at.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Every text is escaped.
    """
    return render(
        "inspection.html",
        profile="intern",
        title=folder,
        synthetic=False,
        styles=("inspection.css",),
        held=profile,
        verdict=verdict,
        passed=passed,
        checks=checks,
        files=[(one, _size(one.size)) for one in files],
        notes=notes,
    )


def _size(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1_000_000:
        return f"{number(max(round(size / 1000), 1))}\u00a0kB"
    return f"{number(round(size / 1_000_000, 1), decimals=1)}\u00a0MB"
