"""Areas shaded by their events, in classes that are the same for all periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.language import gettext as _
from geodata.language import number
from maps import style
from maps.layers.base import MapLayer, Popups, Swatch

KEY: Final = "areas_shaded"
BASES: Final = ("areas_regso", "areas_est_area")
"""Layers whose areas are shaded, the first there is: areas of one layer never overlap."""
_READABLE: Final = 10.0
_UNITS_KM2: Final = (1, 10, 100)


def shading_layer(
    layers: Sequence[MapLayer],
    areas: gpd.GeoDataFrame,
    table: pd.DataFrame,
    years: Sequence[float],
    periods: Sequence[str],
    classes: int,
) -> MapLayer | None:
    """Return a layer that fills the areas by events per surface and year, off until asked for.

    Parameters
    ----------
    layers
        Those made of the areas; the shapes of one of them are drawn.
    areas
        Boundaries in force, as in the layer.
    table
        Released table ``period_counts``.
    years
        Length of each period that is counted, years.
    periods
        Names of the periods in `table`, in order.
    classes
        Most classes. They are the same for the whole time and each period: two periods are
        compared by colour, and a period that is only counted in part isn't paler for it.

    Returns
    -------
    MapLayer or None
        ``None`` where no area has events.
    """
    base = next((one for key in BASES for one in layers if one.key == key), None)
    if base is None:
        return None
    n = _counts(table, base.ids, periods)
    if not n.any():
        return None
    km2 = areas.set_index("area_id").geometry.area.loc[list(base.ids)].to_numpy() / 1e6
    rates = np.column_stack([n.sum(axis=1) / sum(years), n / np.asarray(years)]) / km2[:, None]
    high = float(np.quantile(rates[rates > 0], 0.75))
    unit = next((one for one in _UNITS_KM2 if high * one >= _READABLE), _UNITS_KM2[-1])
    whole = np.rint(rates * unit).astype(np.int64)
    starts = style.class_starts(np.maximum(whole[n.sum(axis=1) > 0].ravel(), 1), classes)
    words = style.class_texts(starts, int(whole.max()))
    step = (len(style.SHADES) - 1) / max(len(words) - 1, 1)
    colours = tuple(style.SHADES[round(i * step)] for i in range(len(words)))
    numbers = style.classify(np.maximum(whole, 1), starts)
    numbers[:, 0][n.sum(axis=1) == 0] = -1
    numbers[:, 1:][n == 0] = -1
    popups = Popups(titles=base.data["popups"]["titles"])
    popups.lead = [_rate(one * unit, unit) for one in rates[:, 0]]
    return MapLayer(
        key=KEY,
        title=_("Händelser per yta"),
        data={
            "kind": "shading",
            "of": base.key,
            "classes": numbers.T.tolist(),
            "colours": list(colours),
            "popups": popups.json(),
        },
        legend=tuple(Swatch("fill", c, w) for c, w in zip(colours, words, strict=True)),
        note=_unit_words(unit),
        level="area",
        ids=base.ids,
    )


def _counts(
    table: pd.DataFrame, ids: Sequence[str], periods: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Return events by area and period, shape (areas, periods)."""
    mine = table.loc[(table["level"] == "area") & table["object_id"].isin(list(ids))]
    wide = mine.pivot_table(
        index="object_id", columns="period", values="n_events", aggfunc="sum", observed=True
    )
    return wide.reindex(index=list(ids), columns=list(periods)).fillna(0).to_numpy(np.int64)


def _unit_words(unit: int) -> str:
    if unit == 1:
        return _("Händelser per km² och år")
    return _("Händelser per {n} km² och år").format(n=number(unit))


def _rate(value: float, unit: int) -> str:
    if unit == 1:
        return _("{n} händelser per km² och år").format(n=number(value, 1))
    return _("{n} händelser per {km2} km² och år").format(n=number(value, 1), km2=number(unit))
