"""Dog searches of the period by area: how much of what there is has been searched."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geodata.language import gettext as _
from geodata.language import number
from maps.appendix.model import WIDE_MM, Source
from maps.appendix.places import area_frame, kind_of
from maps.appendix.words import count, source_line, unknown
from maps.paper import Block, Heading, Paragraph, Picture, Table
from maps.printed import common_classes, printed_map
from maps.printed.themes import area_layer, choropleth_layer

MAP_MM: Final = (WIDE_MM, 95.0)


def searches(source: Source) -> list[Block]:
    """Return the coverage of dog searches by area."""
    facts = source.facts
    blocks: list[Block] = [Heading(_("Hundsök per område"))]
    if "search_areas" not in source.released:
        text = _("Uppgift saknas: projektet har inget register med resultat av hundsök.")
        return [*blocks, Paragraph(text)]
    table = source.table("search_areas")
    if table is None:
        return [*blocks, Paragraph(" ".join(source.notes("search_areas")))]
    blocks += _map(source, table)
    rows = tuple(_row(row) for row in table.to_dict("records"))
    header = (
        _("Område"),
        _("Entréer"),
        _("Sökta gånger"),
        _("Sök per 100 entréer"),
        _("Med fynd"),
    )
    caption = _("Hundsök per område, {period}").format(period=facts.period)
    note = " ".join([source_line_of_searches(source), *source.notes("search_areas")])
    return [*blocks, Table(header, rows, caption=caption, note=note)]


def _map(source: Source, table: pd.DataFrame) -> list[Block]:
    """Return the map of searches by area, where any area has a count to show."""
    frame = area_frame(source)
    if frame is None or kind_of(source) != "est_area" or not (table["n_searches"] > 0).any():
        return []
    facts, kinds = source.facts, ("est_area",)
    released = source.released["search_areas"]
    inside = released.part(table["area_id"].notna())
    areas = source.released["areas"]
    title = _("Hundsök per område, {period}").format(period=facts.period)
    classes = common_classes([inside], "n_searches")
    layers = (
        choropleth_layer(
            areas,
            inside,
            "n_searches",
            classes,
            title=_("Sökta gånger"),
            on=facts.last,
            kinds=kinds,
        ),
        area_layer(areas, on=facts.last, kinds=kinds),
    )
    made = printed_map(
        layers,
        source.backdrop,
        facts.map,
        source.options,
        frame=frame,
        title=title,
        size=MAP_MM,
        furnished="figure",
    )
    note = source_line_of_searches(source)
    return [Picture(made.svg(), alt=made.alt, caption=title, width_mm=MAP_MM[0], note=note)]


def _row(row: dict) -> tuple[str, ...]:  # type: ignore[type-arg]
    hidden = bool(row.get("hidden", False))
    name = row["name"]
    entrances, done = row["n_entrances"], row["n_searches"]
    known = pd.notna(entrances) and pd.notna(done)
    per = number(100 * float(done) / float(entrances)) if known and entrances else "–"
    return (
        str(name) if pd.notna(name) else _("Utanför områdena"),
        count(entrances, hidden=hidden),
        count(done, hidden=hidden),
        per if known else (unknown() if not hidden else _("dolt")),
        count(row["n_finds"], hidden=hidden),
    )


def source_line_of_searches(source: Source) -> str:
    """Return the line beneath figures of dog searches."""
    text = _("En sökning är en entré en vecka. Inga fynd är ett vanligt utfall.")
    return source_line(source, text, origin=_("registret över hundsök"))
