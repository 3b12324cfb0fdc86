"""Dog searches of the period by area: how much of what there is has been searched."""

from __future__ import annotations

import pandas as pd

from geodata.language import gettext as _
from geodata.language import number
from maps.appendix.model import Source
from maps.appendix.words import count, source_line, unknown
from maps.paper import Block, Heading, Paragraph, Table


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
    rows = tuple(_row(row) for row in table.to_dict("records"))
    header = (
        _("Område"),
        _("Entréer"),
        _("Sökta gånger"),
        _("Sök per 100 entréer"),
        _("Med fynd"),
    )
    caption = _("Hundsök per område, {period}").format(period=facts.period)
    note = source_line_of_searches(source)
    blocks.append(Table(header, rows, caption=caption, note=note))
    notes = source.notes("search_areas")
    if notes:
        blocks.append(Paragraph(" ".join(notes), small=True))
    return blocks


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
    return source_line(source, text)
