"""What an appendix must know beside its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, get_args

import pandas as pd

from geodata.disclosure import Profile, Released
from geodata.language import gettext as _

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.indicators import Item, Standing
    from maps.interactive import MapFacts
    from maps.printed import Backdrop, PrintOptions

Tier = Literal["strategic", "normative"]
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)

WIDE_MM: Final = 170.0
"""Width of what is printed on an upright A4."""


def tier_name(tier: Tier) -> str:
    """Return what a tier is called, with whom it is for."""
    names = {
        "strategic": _("Strategisk nivå (chefssamråd)"),
        "normative": _("Normativ nivå (brottsförebyggande rådet)"),
    }
    return names[tier]


@dataclass(frozen=True, kw_only=True)
class AppendixFacts:
    """What a reader must know to judge an appendix; told on its cover and beside its figures.

    Attributes
    ----------
    tier
        Whom it is for.
    map
        What is printed with maps: project, profile, caveat, extract date, period, sources.
    period
        Name of the period asked for.
    first, last
        Days that it tells of: the period's, or those of it that the extract holds.
    compared
        Name of the period that it is held against; empty without one.
    unfinished
        Whether the period goes on after the extract.
    early_days
        Days from the period's end to the extract, where these are too few for late reports.
    moved
        Areas whose boundary was changed within the periods, with the days.
    classes
        Names of the classes of the project's own count.
    drugs
        Whether all of these are drug offences.
    by_month
        Whether events are known by month only.
    rows
        The account of the export's rows.
    settings
        Sentences on how it was counted.
    notices
        What to look at.
    standing, items
        The standing texts, and the seven promise items.
    operations, existing_cameras
        Measures begun in the period and cameras that there are; ``None`` where nobody tells.
    has_indicators
        Whether there is a list of indicators.
    """

    tier: Tier
    map: MapFacts
    period: str
    first: date
    last: date
    compared: str
    unfinished: bool
    early_days: int | None
    moved: tuple[tuple[str, tuple[date, ...]], ...]
    classes: tuple[str, ...]
    drugs: bool
    by_month: bool
    rows: Mapping[str, int]
    settings: tuple[str, ...]
    notices: tuple[str, ...]
    standing: Standing
    items: tuple[Item, ...]
    operations: int | None
    existing_cameras: int | None
    has_indicators: bool

    @property
    def profile(self) -> Profile:
        """Return whom it is for."""
        return self.map.profile

    @property
    def strategic(self) -> bool:
        """Whether it is of the strategic tier."""
        return self.tier == "strategic"


@dataclass(frozen=True, eq=False)
class Source:
    """The released tables of an appendix and what its maps are drawn on.

    Attributes
    ----------
    released
        By name of `geodata.all_tables`, all of the profile of `facts`.
    backdrop
        The project's own layers.
    facts, options
        What is told, and the settings of printed maps.
    """

    released: Mapping[str, Released]
    backdrop: Backdrop
    facts: AppendixFacts
    options: PrintOptions

    def table(self, name: str) -> pd.DataFrame | None:
        """Return what may be shown of a table; ``None`` where there is none or all is withheld."""
        found = self.released.get(name)
        return None if found is None else found.table

    def notes(self, name: str) -> tuple[str, ...]:
        """Return what was hidden or withheld of a table, and why."""
        found = self.released.get(name)
        return () if found is None else found.notes

    def spatial(self, name: str) -> gpd.GeoDataFrame | None:
        """Return a table with geometry, as `table`."""
        from typing import cast

        return cast("gpd.GeoDataFrame | None", self.table(name))
