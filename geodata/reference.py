"""The project's own layers: buildings, streets, water, green, entrances, poles.

Read in the project's system, held to the kind of geometry that is due, broken rings mended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.crs import to_crs_table
from geodata.errors import DataError, Fault, Notice
from geodata.language import N_, ngettext, number
from geodata.language import gettext as _
from geodata.vectors import KINDS, layer_fault, open_layer

KIND_NAMES: Final[Mapping[str, str]] = {
    "point": N_("punkter"),
    "line": N_("linjer"),
    "polygon": N_("ytor"),
}


@dataclass(frozen=True)
class Layer:
    """A layer and what there is to tell of it."""

    table: gpd.GeoDataFrame
    notices: tuple[Notice, ...] = ()


def read_layer(
    path: Path,
    *,
    crs: str,
    kinds: Sequence[str],
    layer: str | None = None,
    source_crs: str | None = None,
) -> Layer:
    """Read a layer in the project's system.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile (also zipped) or Parquet with WKB.
    crs
        The project's system.
    kinds
        Which geometries are due: ``point``, ``line``, ``polygon`` (multi-geometries included).
    layer
        Name of the layer, needed where the file holds several that could be meant.
    source_crs
        System of a file that doesn't state one.

    Returns
    -------
    Layer
        The file's columns and geometry in `crs`, rows in the file's order; without rows that lack
        a geometry or have another kind, which notices tell. Broken rings are mended by
        `shapely.make_valid` (method ``structure``), counted in a notice and in
        ``table.attrs["mended"]``.

    Raises
    ------
    DataError
        As `open_layer`, and ``wrong_geometry_kind`` when no row is of the kinds that are due.
    """
    table = open_layer(path, layer=layer, source_crs=source_crs, kinds=kinds)
    wanted = np.isin([KINDS.get(name, "") for name in table.geom_type], list(kinds))
    if not wanted.any():
        raise DataError(_wrong_kind(path, table, kinds))
    notices = []
    if not wanted.all():
        notices.append(_left_out(path, int((~wanted).sum()), kinds))
    projected = to_crs_table(table[wanted].reset_index(drop=True), crs)
    mended, count = mend(projected)
    if count:
        notices.append(_mended(path, count, len(projected) - len(mended)))
    mended.attrs = {"mended": count, "source": path.name}
    return Layer(mended, tuple(notices))


def mend(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Return the table with broken rings mended, and how many there were.

    What has no area left after mending, such as a ring of two points, is left out.
    """
    broken = np.flatnonzero(~table.geometry.is_valid.to_numpy())
    if not len(broken):
        return table, 0
    geometry = table.geometry.to_numpy().copy()
    geometry[broken] = [
        _same_kind(shapely.make_valid(shape, method="structure", keep_collapsed=False), shape)
        for shape in geometry[broken]
    ]
    mended = table.set_geometry(gpd.GeoSeries(geometry, index=table.index, crs=table.crs))
    return mended[~mended.geometry.is_empty].reset_index(drop=True), len(broken)


def _same_kind(mended: Any, before: Any) -> Any:  # noqa: ANN401 (shapely geometries)
    """Return the parts of `mended` of the kind that it was before."""
    kind = KINDS.get(before.geom_type)
    if KINDS.get(mended.geom_type) == kind:
        return mended
    parts = [part for part in shapely.get_parts(mended) if KINDS.get(part.geom_type) == kind]
    return shapely.union_all(parts)


def _names(kinds: Sequence[str]) -> str:
    return _(" eller ").join(_(KIND_NAMES[kind]) for kind in kinds)


def _wrong_kind(path: Path, table: gpd.GeoDataFrame, kinds: Sequence[str]) -> Fault:
    found = sorted({KINDS[name] for name in table.geom_type if name in KINDS})
    return layer_fault(
        path,
        "wrong_geometry_kind",
        _("Lagret har {found}, men här ska det vara {due}.").format(
            found=_names(found) if found else _("annan geometri"), due=_names(kinds)
        ),
        next_step=_("Ange ett lager med {due}.").format(due=_names(kinds)),
    )


def _left_out(path: Path, count: int, kinds: Sequence[str]) -> Notice:
    text = ngettext(
        "{file}: {n} rad är inte {due} och har utelämnats.",
        "{file}: {n} rader är inte {due} och har utelämnats.",
        count,
    )
    return Notice(
        code="other_kinds_left_out",
        text=text.format(file=path.name, n=number(count), due=_names(kinds)),
        level="warning",
        data={"file": path.name, "rows": count},
    )


def _mended(path: Path, count: int, dropped: int) -> Notice:
    text = ngettext(
        "{file}: {n} trasig yta har lagats.", "{file}: {n} trasiga ytor har lagats.", count
    ).format(file=path.name, n=number(count))
    if dropped:
        text += " " + ngettext(
            "{n} av dem saknade utsträckning och har utelämnats.",
            "{n} av dem saknade utsträckning och har utelämnats.",
            dropped,
        ).format(n=number(dropped))
    return Notice(
        code="rings_mended",
        text=text,
        level="info",
        data={"file": path.name, "mended": count, "dropped": dropped},
    )
