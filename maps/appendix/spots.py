"""Strategic tier: hot spots by how they have lasted, camera sites by the state of their papers."""

from __future__ import annotations

from typing import Any, Final, cast

import geopandas as gpd
import pandas as pd

from geodata.labels import label
from geodata.language import day, ngettext, number, percent
from geodata.language import gettext as _
from maps.appendix.model import WIDE_MM, Source
from maps.appendix.places import kind_of
from maps.appendix.words import count, source_line
from maps.paper import Block, Heading, Paragraph, Picture, Table
from maps.printed import Look, common_frame, printed_map
from maps.printed.themes import Status, area_layer, hotspot_layer, site_layer
from maps.printed.themes.sites import BLUE

MAP_MM: Final = (WIDE_MM, 132.0)
LEAST_M: Final = 1_000.0
"""Least ground on a map of hot spots or cameras, so that a reader sees where it is."""

LISTED: Final = 25
"""Hot spots in the table, those of best rank."""


def hotspots(source: Source) -> list[Block]:
    """Return hot spots by persistence: a map and a table."""
    blocks: list[Block] = [Heading(_("Hot spots efter varaktighet"))]
    table = source.spatial("hotspots")
    if table is None:
        return [*blocks, Paragraph(" ".join(source.notes("hotspots")))]
    if table.empty:
        return [*blocks, Paragraph(_("Inga hot spots enligt valda gränser."))]
    facts = source.facts
    title = _("Hot spots efter varaktighet, {period}").format(period=facts.period)
    layers = [
        *_borders(source),
        hotspot_layer(source.released["hotspots"], by_persistence=True, ids=LISTED),
    ]
    made = printed_map(
        layers,
        source.backdrop,
        facts.map,
        source.options,
        frame=common_frame([table], least_m=LEAST_M),
        title=title,
        size=MAP_MM,
        furnished="figure",
    )
    blocks.append(
        Picture(
            made.svg(), alt=made.alt, caption=title, width_mm=MAP_MM[0], note=source_line(source)
        )
    )
    blocks.append(_spot_table(source, table))
    notes = source.notes("hotspots")
    if notes:
        blocks.append(Paragraph(" ".join(notes), small=True))
    return blocks


def _borders(source: Source) -> list:  # type: ignore[type-arg]
    kind = kind_of(source)
    if not kind:
        return []
    on = source.facts.last
    return [area_layer(source.released["areas"], on=on, kinds=(kind,), names=True)]


def _outside(source: Source) -> str:
    """Return how a place in no area is told; a dash where there are no areas at all."""
    return _("Utanför områdena") if kind_of(source) else "–"


def _spot_table(source: Source, table: gpd.GeoDataFrame) -> Table:
    areas = source.table("areas")
    names = {} if areas is None else dict(zip(areas["area_id"], areas["name"], strict=True))
    shown = table.sort_values("rank", kind="stable").head(LISTED)
    rows, outside = [], _outside(source)
    for row in shown.to_dict("records"):
        area = row["area_id"]
        lasting = row["persistence"]
        rows.append(
            (
                str(row["hotspot_id"]),
                str(names.get(area, "–")) if pd.notna(area) else outside,
                label(str(lasting)) if pd.notna(lasting) else "–",
                _("osäker") if row["uncertain"] else "–",
                count(row["n_events"]),
                count(row["n_days"], hidden=bool(row.get("hidden", False))),
                percent(row["stability"]) if pd.notna(row["stability"]) else "–",
            )
        )
    header = (
        _("Hot spot"),
        _("Område"),
        _("Varaktighet"),
        _("Läge"),
        _("Händelser"),
        _("Olika månader") if source.facts.by_month else _("Olika dagar"),
        _("Stabilitet"),
    )
    more = ""
    if len(table) > LISTED:
        more = _("De {n} med högst rang av {all}.").format(n=number(LISTED), all=number(len(table)))
    legend = _(
        "Varaktighet: kvartal för kvartal bakåt i hela uttaget. Stabilitet: hur ofta den hittas "
        "när lägena flyttas inom sin osäkerhet."
    )
    return Table(
        header,
        tuple(rows),
        caption=_("Hot spots, {period}").format(period=source.facts.period),
        left=4,
        widths=(0.1, 0.22, 0.17, 0.1, 0.14, 0.14, 0.13),
        note=source_line(source, more, legend),
    )


def statuses() -> dict[str, Status]:
    """Return how camera sites of each state are drawn."""
    return {
        "decided": Status(
            _("beslut finns"), "square", Look(fill=BLUE, line="#ffffff", width_mm=0.35)
        ),
        "complete": Status(
            _("underlaget är komplett"), "circle", Look(fill=BLUE, line="#ffffff", width_mm=0.35)
        ),
        "incomplete": Status(
            _("underlaget är ofullständigt"),
            "triangle",
            Look(fill="#ffffff", line=BLUE, width_mm=0.5),
        ),
        "proposed": Status(
            _("föreslagen, utan underlag"),
            "diamond",
            Look(fill="#ffffff", line=BLUE, width_mm=0.5),
        ),
    }


def cameras(source: Source) -> list[Block]:
    """Return camera sites by state: a map and a table; withheld outside ``intern``."""
    blocks: list[Block] = [Heading(_("Kameraplatser efter status"))]
    table = source.spatial("appendix_cameras")
    if table is None:
        return [*blocks, Paragraph(" ".join(source.notes("appendix_cameras")))]
    if table.empty:
        return [*blocks, Paragraph(_("Ingen kameraplats är föreslagen."))]
    facts = source.facts
    title = _("Föreslagna kameraplatser efter status, {last}").format(last=day(facts.last))
    layer = site_layer(
        source.released["appendix_cameras"],
        title=_("Kameraplatser"),
        statuses=statuses(),
        column="state",
    )
    made = printed_map(
        [*_borders(source), layer],
        source.backdrop,
        facts.map,
        source.options,
        frame=common_frame([table], least_m=LEAST_M),
        title=title,
        size=MAP_MM,
        furnished="figure",
    )
    note = source_line(
        source,
        _("En plats är ett förslag att pröva; intresseavvägningen görs av den som ansvarar."),
    )
    blocks.append(Picture(made.svg(), alt=made.alt, caption=title, width_mm=MAP_MM[0], note=note))
    return [*blocks, _camera_table(source, table)]


def _camera_table(source: Source, table: gpd.GeoDataFrame) -> Table:
    words = statuses()
    at = table["state"].astype(str).map({state: place for place, state in enumerate(words)})
    table = table.assign(at=at).sort_values(["at", "site_id"], kind="stable")
    outside = _outside(source)
    rows = [
        (
            str(row["site_id"]),
            str(row["area_name"]) if pd.notna(row["area_name"]) else outside,
            words[str(row["state"])].text,
            day(row["decided"]) if pd.notna(row["decided"]) else "–",
            day(row["review_date"]) if pd.notna(row["review_date"]) else "–",
            _missing(row["n_missing"]),
        )
        for row in cast("pd.DataFrame", table).to_dict("records")
    ]
    header = (
        _("Plats"),
        _("Område"),
        _("Status"),
        _("Bedömd"),
        _("Omprövas senast"),
        _("Saknas"),
    )
    caption = _("Kameraplatser efter status, {last}").format(last=day(source.facts.last))
    return Table(
        header,
        tuple(rows),
        caption=caption,
        left=5,
        widths=(0.08, 0.2, 0.28, 0.14, 0.17, 0.13),
        note=source_line(source, origin=_("underlagen")),
    )


def _missing(value: Any) -> str:  # noqa: ANN401 (a cell)
    if value is None or pd.isna(value):
        return "–"
    n = int(value)
    return ngettext("{n} uppgift", "{n} uppgifter", n).format(n=number(n))
