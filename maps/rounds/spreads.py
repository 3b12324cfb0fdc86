"""How a round and all searches are spread over owners, areas and tenures: pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number, percent
from maps.rounds.model import Row, table_of
from maps.rounds.pictures import Spread, fairness_picture, least_picture


@dataclass(frozen=True)
class Picture:
    """A picture with its title, and the same as a table."""

    title: str
    spread: Spread
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def least_pictures(tables: Mapping[str, Released], names: Mapping[str, str]) -> tuple[Picture, ...]:
    """Return least numbers beside what was taken, for owners and for areas."""
    table = table_of(tables, "search_minima")
    if table is None:
        return ()
    titles = {"owner": _("Ägare"), "area": _("Områden")}
    found = []
    for kind, title in titles.items():
        rows = table[(table["kind"] == kind) & ((table["least"] > 0) | (table["n_selected"] > 0))]
        if rows.empty:
            continue
        shown = tuple(names.get(name, name) for name in rows["name"])
        cells = tuple(
            (name, number(n), number(able), number(least), number(took))
            for name, n, able, least, took in zip(
                shown,
                rows["n_entrances"],
                rows["n_able"],
                rows["least"],
                rows["n_selected"],
                strict=True,
            )
        )
        header = (title, _("Entréer"), _("Får sökas"), _("Minst"), _("I rundan"))
        spread = least_picture(f"least-{kind}", title, rows, shown)
        found.append(Picture(title, spread, header, cells))
    return tuple(found)


def spread_pictures(
    tables: Mapping[str, Released], names: Mapping[str, str]
) -> tuple[Picture, ...]:
    """Return visits beside what chance gives, by owner, area and tenure."""
    table = table_of(tables, "search_fairness")
    if table is None:
        return ()
    titles = {
        "owner": _("Besök per ägare"),
        "area": _("Besök per område"),
        "tenure": _("Besök per upplåtelseform"),
    }
    return tuple(
        _fairness(kind, title, table[table["by"] == kind], names)
        for kind, title in titles.items()
        if (table["by"] == kind).any()
    )


def _fairness(kind: str, title: str, rows: pd.DataFrame, names: Mapping[str, str]) -> Picture:
    unknown = {"owner": _("utan ägare"), "area": _("utanför områden"), "tenure": _("okänd")}[kind]
    shown = tuple(
        (label(g) if kind == "tenure" else names.get(g, g)) if isinstance(g, str) else unknown
        for g in rows["group"]
    )
    cells = tuple(_fairness_row(n, r) for n, r in zip(shown, rows.to_dict("records"), strict=True))
    header = (
        title,
        _("Entréer"),
        _("Besök"),
        _("per 100 entréer"),
        _("slumpen ger"),
        _("sök med fynd"),
    )
    return Picture(title, fairness_picture(f"spread-{kind}", title, rows, shown), header, cells)


def _fairness_row(name: str, row: Row) -> tuple[str, ...]:
    chance = f"{number(row['chance_low'])}–{number(row['chance_high'])}"
    return (
        name,
        number(row["n_entrances"]),
        number(row["n_searched"]),
        number(row["per_100"], 1),
        chance,
        rate_text(row["rate"], row["rate_low"], row["rate_high"]),
    )


def rate_text(rate: Any, low: Any, high: Any) -> str:  # noqa: ANN401 (float or missing)
    """Return a rate with its interval, ``–`` where it is missing."""
    if pd.isna(rate):
        return "–"
    return _("{rate} ({low}–{high})").format(
        rate=percent(rate, 1), low=number(100 * low, 1), high=percent(high, 1)
    )
