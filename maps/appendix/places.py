"""Areas: the overview, and several years side by side."""

from __future__ import annotations

from typing import Final, cast

import geopandas as gpd
import pandas as pd

from geodata.disclosure import Released
from geodata.language import gettext as _
from maps.appendix.leads import where
from maps.appendix.model import WIDE_MM, Source
from maps.appendix.words import (
    boundary_note,
    capital,
    count,
    noun,
    own_source,
    rate_words,
    source_line,
    unknown,
)
from maps.paper import Block, Heading, Paragraph, Picture, Table
from maps.printed import (
    Classes,
    Layer,
    Panel,
    common_classes,
    common_frame,
    printed_map,
    small_multiples,
)
from maps.printed.layer import Frame
from maps.printed.themes import area_layer, choropleth_layer

MAP_MM: Final = (WIDE_MM, 112.0)
SMALL_MM: Final = (WIDE_MM, 84.0)
_DASH: Final = "–"
ONE_PERIOD: Final = 1


def areas(source: Source) -> list[Block]:
    """Return the overview of areas: a map, tables, and the periods side by side."""
    blocks: list[Block] = [Heading(_("Områden"), new_page=True)]
    counts = source.table("appendix_counts")
    if counts is None:
        return [*blocks, Paragraph(" ".join(source.notes("appendix_counts")))]
    lead = where(source)
    blocks += [Paragraph(lead, lead=True)] if lead else []
    overview, several = _maps(source)
    tables = _by_period(source, counts)
    blocks += [*overview, *tables[:1], *_by_class(source, counts), *several, *tables[1:]]
    notes = source.notes("appendix_counts")
    return [*blocks, *([Paragraph(" ".join(notes), small=True)] if notes else [])]


def kind_of(source: Source) -> str:
    """Return the kind of area that is told of; empty when there are none."""
    counts, table = source.table("appendix_counts"), source.table("areas")
    if counts is None or table is None:
        return ""
    ids = counts.loc[counts["unit"].astype(str) == "area", "area_id"]
    kinds = table.loc[table["area_id"].isin(ids), "kind"].astype(str)
    return "" if kinds.empty else str(kinds.iloc[0])


def area_frame(source: Source) -> Frame | None:
    """Return the ground that the areas' maps show; ``None`` without areas."""
    table, kind = source.spatial("areas"), kind_of(source)
    if table is None or not kind:
        return None
    own = cast("gpd.GeoDataFrame", table[table["kind"].astype(str) == kind])
    return common_frame([own])


def _maps(source: Source) -> tuple[list[Block], list[Block]]:
    """Return the map of the period told of, and the maps of all periods side by side."""
    facts, frame = source.facts, area_frame(source)
    if frame is None:
        return [Paragraph(_("Inga områden är inlästa, så ingen karta över områden visas."))], []
    shown = _by_map(source)
    what = capital(noun(facts, own_source(source), "counted"))
    classes = common_classes([one for _name, one in shown], "rate", decimals=1)
    heading = _("{what} {per}").format(what=what, per=rate_words(source))
    first_name, first = shown[0]
    title = _("{what} per område, {period}").format(what=what, period=first_name)
    made = printed_map(
        _coloured(source, first, classes, heading),
        source.backdrop,
        facts.map,
        source.options,
        frame=frame,
        title=title,
        size=MAP_MM,
        furnished="figure",
    )
    overview = Picture(
        made.svg(),
        alt=made.alt,
        caption=title,
        width_mm=MAP_MM[0],
        note=source_line(source, boundary_note(facts)),
    )
    if len(shown) == ONE_PERIOD:
        return [overview], []
    title = _("{what} per område, {n} perioder").format(what=what, n=len(shown))
    panels = [
        Panel(name, _coloured(source, one, classes, heading, names=False))
        for name, one in reversed(shown)
    ]
    several = small_multiples(
        panels,
        source.backdrop,
        facts.map,
        source.options,
        frame=frame,
        title=title,
        size=SMALL_MM,
        furnished="figure",
    )
    note = _("Samma utsnitt och klasser i alla kartor. Områdenas namn står på karta 1.")
    return [overview], [
        Picture(
            several.svg(),
            alt=several.alt,
            caption=title,
            width_mm=SMALL_MM[0],
            note=source_line(source, note),
        )
    ]


def _coloured(
    source: Source, counts: Released, classes: Classes, heading: str, *, names: bool = True
) -> tuple[Layer, ...]:
    """Return the areas coloured by their rate, with their borders."""
    areas, kinds, on = source.released["areas"], (kind_of(source),), source.facts.last
    colours = choropleth_layer(areas, counts, "rate", classes, title=heading, on=on, kinds=kinds)
    return colours, area_layer(areas, on=on, kinds=kinds, names=names)


def _by_map(source: Source) -> list[tuple[str, Released]]:
    """Return the project's own count by area, a released table a period, told of first."""
    released = source.released["appendix_counts"]
    table = released.table
    assert table is not None
    own = (table["what"].astype(str) == "counted") & (table["by"].astype(str) == "area")
    parts = []
    for order in sorted(table.loc[own, "order"].unique()):
        rows = own & (table["order"] == order)
        parts.append((str(table.loc[rows, "period"].iloc[0]), released.part(rows)))
    return parts


def _by_period(source: Source, counts: pd.DataFrame) -> list[Block]:
    """Return a table a source: each area by period, with the rate of the period told of."""
    blocks: list[Block] = []
    keys = ["source", "what"]
    order = counts.drop_duplicates(keys)[keys].astype(str).itertuples(index=False, name=None)
    for name, what in sorted(order, key=lambda one: one[1] != "counted"):
        own = counts[(counts["source"].astype(str) == name) & (counts["what"].astype(str) == what)]
        own = own[own["by"].astype(str).isin(("whole", "area"))]
        caption = _("{what} per område och period").format(
            what=capital(noun(source.facts, name, what))
        )
        blocks.append(_period_table(source, own, counts, caption))
    return blocks


def _period_table(source: Source, own: pd.DataFrame, counts: pd.DataFrame, caption: str) -> Table:
    """Return the table of a source; a period in which it says nothing at all is not known."""
    told = set(own["order"].tolist())
    periods = counts.sort_values("order").drop_duplicates("order")[["order", "period"]]
    orders = [int(one) for one in reversed(periods["order"].tolist())]
    names = [str(one) for one in reversed(periods["period"].tolist())]
    units = own.drop_duplicates("area_id")
    if not (units["unit"].astype(str) == "area").any():  # all of it is outside: no row of its own
        units = units[units["unit"].astype(str) != "outside"]
    rated = bool(own["rate_per"].notna().any())
    units = pd.concat(
        [units[units["unit"].astype(str) != "whole"], units[units["unit"].astype(str) == "whole"]]
    )
    rows = []
    for area, name in zip(units["area_id"], units["name"], strict=True):
        cells = own[own["area_id"] == area].set_index("order")
        row = [str(name)]
        row += [_cell(cells, order, "n_events", 0, known=order in told) for order in orders]
        row += [_cell(cells, orders[-1], "rate", 1)] if rated else []
        rows.append(tuple(row))
    whole = bool(len(units) and str(units["unit"].iloc[-1]) == "whole")
    header, widths = (_("Område"), *names), (0.28, *[0.4 / len(names)] * len(names))
    if rated:
        header = (*header, _("{period}, {per}").format(period=names[-1], per=rate_words(source)))
        widths = (*widths, 0.32)
    note = source_line(
        source, boundary_note(source.facts), origin=str(own["source"].astype(str).iloc[0])
    )
    return Table(header, tuple(rows), caption=caption, note=note, total=whole, widths=widths)


def _cell(
    cells: pd.DataFrame, order: int, column: str, decimals: int, *, known: bool = True
) -> str:
    """Return a figure; a dash where the area wasn't in force, though the period is known."""
    if order not in cells.index:
        return _DASH if known else unknown()
    row = cells.loc[order]
    hidden = bool(row.get("hidden", False))
    unrated = column == "rate" and bool(pd.isna(row[column])) and not hidden
    return _DASH if unrated else count(row[column], hidden=hidden, decimals=decimals)


def _by_class(source: Source, counts: pd.DataFrame) -> list[Block]:
    own = counts[counts["by"].astype(str) == "class"]
    if own.empty:
        return []
    caption = _("{what} i hela kommunen, efter slag").format(
        what=capital(noun(source.facts, own_source(source), "counted"))
    )
    periods = own.drop_duplicates("order").sort_values("order", ascending=False)
    rows = []
    for value, cells in own.groupby("value", sort=False):
        by_order = cells.set_index("order")
        row = [capital(str(cells["name"].iloc[0]))]
        row += [_cell(by_order, int(order), "n_events", 0) for order in periods["order"]]
        rows.append(tuple(row))
        del value
    header = (_("Slag"), *periods["period"].astype(str))
    widths = (0.3, *[0.45 / len(periods)] * len(periods))
    note = source_line(source)
    return [Table(header, tuple(rows), caption=caption, note=note, widths=widths)]
