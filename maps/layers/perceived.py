"""Perceived safety beside what is reported, as squares of nine colours; off until asked for."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np

from geodata.language import gettext as _
from geodata.language import number
from maps import style
from maps.layers.base import MapLayer, Popups, Swatch, TextTable
from maps.layers.grid import make_lattice

BIVARIATE: Final = (
    ("#e7e6e1", "#a9c8df", "#4b8fc4"),
    ("#f4cf9c", "#a9a29c", "#4c6c8c"),
    ("#e58a1f", "#8f5e36", "#2b2833"),
)
"""Colour by class of unsafe (row) and of reported (column), low first.

Orange grows with unsafe, blue with reported, and both darken: told apart by the colour-blind too.
"""


def class_words(unsafe: int, reported: int) -> str:
    """Return what a pair of classes means."""
    felt = (_("lite otrygghet"), _("viss otrygghet"), _("mycket otrygghet"))[unsafe]
    told = (_("få rapporter"), _("några rapporter"), _("många rapporter"))[reported]
    return f"{felt}, {told}"


def disagreement_words(kind: str) -> str:
    """Return how feeling and reports differ, in words."""
    words = {
        "unsafe_few_reports": _("otryggt men få rapporter"),
        "safe_many_reports": _("tryggt men många rapporter"),
        "none": _("bilderna stämmer överens"),
        "unclear": _("för få svar för att säga"),
    }
    return words[kind]


def perceived_layer(cells: gpd.GeoDataFrame) -> MapLayer:
    """Return the cells of perceived safety.

    Parameters
    ----------
    cells
        Released table ``perceived_cells``.
    """
    ordered = cells.sort_values("cell_id", kind="stable").reset_index(drop=True)
    unsafe = ordered["unsafe_class"].to_numpy(dtype=np.int64)
    reported = ordered["reported_class"].to_numpy(dtype=np.int64)
    few = ordered["few"].to_numpy(dtype=bool)
    numbers = np.where(few, -1, 3 * unsafe + reported)
    present = sorted(set(numbers[~few].tolist()))
    legend = [Swatch("fill", BIVARIATE[n // 3][n % 3], class_words(n // 3, n % 3)) for n in present]
    if few.any():
        legend.append(Swatch("hidden", style.HIDDEN_FILL, _("för få svar")))
    lattice = make_lattice(ordered)
    words = [
        _("för få svar") if thin else class_words(a, b)
        for a, b, thin in zip(unsafe, reported, few, strict=True)
    ]
    popups = Popups(titles={"kind": "same", "text": _("Upplevd trygghet")})
    popups.add(_("Bilden"), words)
    popups.add(_("Svar: otryggt"), [number(int(n)) for n in ordered["n_unsafe"]])
    popups.add(_("Svar: tryggt"), [number(int(n)) for n in ordered["n_safe"]])
    popups.add(_("Rapporterade händelser"), [number(int(n)) for n in ordered["n_reported"]])
    kinds = [str(kind) for kind in ordered["disagreement"]]
    popups.add(_("Skillnad"), [disagreement_words(kind) for kind in kinds])
    differ = ordered["disagreement"].isin(("unsafe_few_reports", "safe_many_reports")).to_numpy()
    rows = tuple(
        (name, disagreement_words(kind), number(int(a)), number(int(b)), number(int(n)))
        for name, kind, a, b, n, shown in zip(
            ordered["cell_id"],
            kinds,
            ordered["n_unsafe"],
            ordered["n_safe"],
            ordered["n_reported"],
            differ,
            strict=True,
        )
        if shown
    )
    return MapLayer(
        key="perceived_cells",
        title=_("Upplevt mot rapporterat"),
        data={
            "kind": "grid",
            "lattice": lattice.json(),
            "classes": numbers.tolist(),
            "colours": [colour for row in BIVARIATE for colour in row],
            "hidden": style.HIDDEN_FILL,
            "popups": popups.json(),
        },
        legend=tuple(legend),
        note=_("Vad människor upplever, inte vad som har hänt. Rutor om {side} × {side} m.").format(
            side=number(lattice.side_m)
        ),
        table=TextTable(
            caption=_("Där upplevelse och rapporter skiljer sig"),
            header=(
                _("Ruta"),
                _("Skillnad"),
                _("Otryggt"),
                _("Tryggt"),
                _("Rapporter"),
            ),
            left=2,
            rows=rows,
        )
        if rows
        else None,
    )
