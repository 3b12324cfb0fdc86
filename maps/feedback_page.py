"""One page back to those who reported: what came in, what was done, nothing that points out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from geodata.caveats import source_caveat
from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import day, number
from geodata.language import gettext as _
from maps.area_page.facts import PictureFacts, week_name
from maps.sheet import render


@dataclass(frozen=True)
class _Bar:
    name: str
    text: str
    length: float
    hidden: bool


@dataclass(frozen=True)
class _Source:
    name: str
    total: str
    areas: tuple[_Bar, ...]
    classes: tuple[_Bar, ...]
    caveat: str


def feedback_html(
    feedback: Released,
    measures: Released | None,
    facts: PictureFacts,
    *,
    first: date,
    last: date,
) -> str:
    """Make the feedback sheet, one A4 page.

    Parameters
    ----------
    feedback, measures
        Released tables ``feedback`` and ``feedback_measures`` of the profile that the sheet is for;
        small counts are hidden in them already.
    facts
        Title and whether the data are made up; its profile is not used.
    first, last
        The days that the sheet tells of.

    Raises
    ------
    ValueError
        If the figures were released to ``intern``: the sheet leaves the house.
    """
    if feedback.profile == "intern" or feedback.table is None:
        msg = "the feedback sheet is made of figures released to samverkan or publik"
        raise ValueError(msg)
    table = feedback.table
    names = table["source"].drop_duplicates().tolist()
    done = None if measures is None else measures.table
    return render(
        "feedback.html",
        profile=feedback.profile,
        title=facts.title,
        synthetic=facts.synthetic,
        styles=("feedback.css",),
        period=_("{first} – {last}").format(first=day(first), last=day(last)),
        weeks=_("{first} till {last}").format(first=week_name(first), last=week_name(last))
        if facts.week is not None
        else "",
        sources=[_source(table[table["source"] == name], name) for name in names],
        measures=_measures(done),
        known_measures=done is not None,
        withheld=measures is not None and done is None and bool(measures.notes),
        notes=feedback.notes,
    )


def _source(own: pd.DataFrame, name: str) -> _Source:
    total = own.loc[own["by"] == "all", "n_events"].iloc[0]
    return _Source(
        name=label(name),
        total=_("dolt") if pd.isna(total) else number(int(total)),
        areas=_bars(own[own["by"] == "area"], keep=True),
        classes=_bars(own[own["by"] == "class"], keep=False),
        caveat=source_caveat(name),
    )


def _bars(rows: pd.DataFrame, *, keep: bool) -> tuple[_Bar, ...]:
    """Return the rows as bars, most first; with `keep` those without any too, in their order."""
    counts = rows["n_events"]
    most = max(1, int(counts.max()) if counts.notna().any() else 1)
    bars = [
        _Bar(
            str(name),
            _("dolt") if pd.isna(n) else number(int(n)),
            0.0 if pd.isna(n) else int(n) / most,
            bool(pd.isna(n)),
        )
        for name, n in zip(rows["name"], counts, strict=True)
        if keep or pd.isna(n) or n > 0
    ]
    return tuple(bars if keep else sorted(bars, key=lambda bar: (bar.hidden, -bar.length)))


def _measures(table: pd.DataFrame | None) -> Sequence[tuple[str, str, str, str]]:
    if table is None:
        return ()
    return [
        (str(name), str(kind), number(int(n)), number(int(days)))
        for name, kind, n, days in zip(
            table["name"], table["kind"], table["n_measures"], table["days"], strict=True
        )
    ]
