"""What the pages of the picture must say beside their figures, and what they are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geodata.disclosure import Profile
from geodata.language import gettext as _

WHOLE_FILE = "lagesbild.html"
FOLDER = "lagesbild"


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """What a reader must know to judge the figures.

    Attributes
    ----------
    title
        Name of the project.
    profile
        Whom the pages are for: ``intern``.
    caveat
        The standing sentence on what reports show and do not show.
    caveats
        Of each source, by its code.
    week
        Monday of the week now; ``None`` where only months are known.
    first, last
        Days that counts and rates are of.
    recent_weeks, quiet_weeks, min_reports
        As of ``[picture]``: how places are told new, returning and gone.
    notes
        How it was made, in sentences.
    warnings
        What to look at first.
    synthetic
        The data are made up.
    """

    title: str
    profile: Profile
    caveat: str
    week: date | None
    first: date
    last: date
    recent_weeks: int = 4
    quiet_weeks: int = 12
    min_reports: int = 2
    caveats: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    synthetic: bool = False


def week_name(start: date) -> str:
    """Return a week as people say it: ``v. 52 2025``."""
    year, week, _day = start.isocalendar()
    return _("v. {week} {year}").format(week=week, year=year)


def file_names(area_ids: Sequence[str]) -> dict[str, str]:
    """Return the page of each area, in the folder of pages; ASCII and distinct.

    Parameters
    ----------
    area_ids
        Distinct, in any order; the names don't depend on it.
    """
    names: dict[str, str] = {}
    used: set[str] = set()
    for area in sorted(area_ids):
        plain = unicodedata.normalize("NFKD", area).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "omrade"
        name, n = base, 1
        while name in used:
            n += 1
            name = f"{base}-{n}"
        used.add(name)
        names[area] = f"{FOLDER}/{name}.html"
    return names
