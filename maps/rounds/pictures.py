"""Pictures of a round: how searches are spread beside what chance gives, and least numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import number
from maps.pictures.svg import decimals, picture, share, step, tag

ROW: Final = 30
FOOT: Final = 22
_MOST_TICKS: Final = 6
KEY_BOX: Final = "-11 -7 22 14"


@dataclass(frozen=True)
class Spread:
    """A picture of rows with their names beside it, and what its marks mean."""

    names: tuple[str, ...]
    drawing: Markup
    legend: tuple[tuple[Markup, str], ...]


def fairness_picture(key: str, title: str, rows: pd.DataFrame, names: tuple[str, ...]) -> Spread:
    """Draw visits of groups beside the interval that pure chance gives.

    Parameters
    ----------
    key, title
        Of the picture on the page.
    rows
        Of table ``search_fairness``, one kind of group.
    names
        Of the groups, aligned.
    """
    top = float(max(rows["chance_high"].max(), rows["n_searched"].max(), 1.0))
    parts, reach = _ground(top, len(rows))
    for i, row in enumerate(rows.to_dict("records")):
        y = ROW * (i + 0.5)
        low, high = float(row["chance_low"]) / reach, float(row["chance_high"]) / reach
        parts.append(
            tag("rect", class_="band", x=share(low), width=share(high - low), y=y - 7, height=14)
        )
        parts.append(_upright("mean", float(row["chance_mean"]) / reach, y, 7))
        outside = bool(row["outside"])
        dot = tag(
            "circle",
            tag("title", _said(names[i], row)),
            class_="out-dot" if outside else "seen-dot",
            cx=share(float(row["n_searched"]) / reach),
            cy=y,
            r=5,
        )
        parts.append(dot)
    told = [_said(name, row) for name, row in zip(names, rows.to_dict("records"), strict=True)]
    drawing = picture(key, title, " ".join(told), *parts, height=ROW * len(rows) + FOOT)
    return Spread(names, drawing, _fairness_legend(bool(rows["outside"].any())))


def _said(name: str, row: dict[object, object]) -> str:
    text = _("{name}: {n} besök; slumpen ger {low}–{high}.")
    return text.format(
        name=name,
        n=number(_float(row["n_searched"])),
        low=number(_float(row["chance_low"])),
        high=number(_float(row["chance_high"])),
    )


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]


def _fairness_legend(outside: bool) -> tuple[tuple[Markup, str], ...]:
    band = tag("rect", class_="band", x=-11, y=-5, width=22, height=10)
    mean = tag("line", class_="mean", x1=0, x2=0, y1=-5, y2=5)
    dot = tag("circle", class_="seen-dot", r=5)
    found = [
        (_key(dot), _("besök hittills")),
        (_key(band + mean), _("vad ren slump ger (95 %) och dess medel")),
    ]
    if outside:
        ring = tag("circle", class_="out-dot", r=5)
        found.insert(1, (_key(ring), _("besök utanför vad slumpen ger")))
    return tuple(found)


def least_picture(key: str, title: str, rows: pd.DataFrame, names: tuple[str, ...]) -> Spread:
    """Draw how many entrances each group has in the round beside its least number.

    Parameters
    ----------
    key, title
        Of the picture on the page.
    rows
        Of table ``search_minima``, one kind of group.
    names
        Of the groups, aligned.
    """
    top = float(max(rows["n_selected"].max(), rows["least"].max(), 1))
    parts, reach = _ground(top, len(rows))
    told = []
    for i, row in enumerate(rows.to_dict("records")):
        y = ROW * (i + 0.5)
        n, least = int(row["n_selected"]), int(row["least"])
        text = _("{name}: {n} i rundan, minst {least}.").format(
            name=names[i], n=number(n), least=number(least)
        )
        told.append(text)
        parts.append(
            tag(
                "rect",
                tag("title", text),
                class_="took",
                x=0,
                width=share(n / reach),
                y=y - 6,
                height=12,
            )
        )
        if least:
            parts.append(_upright("wanted", least / reach, y, 10))
    drawing = picture(key, title, " ".join(told), *parts, height=ROW * len(rows) + FOOT)
    bar = tag("rect", class_="took", x=-11, y=-5, width=22, height=10)
    mark = tag("line", class_="wanted", x1=0, x2=0, y1=-7, y2=7)
    legend = ((_key(bar), _("entréer i rundan")), (_key(mark), _("minsta antal")))
    return Spread(names, drawing, legend)


def need_bar(need: float, most: float) -> Markup:
    """Return the need of an entrance as a bar, of the highest need on the page."""
    filled = tag("rect", width=share(need / most if most > 0 else 0.0), height=10)
    return tag("svg", filled, class_="need-bar", aria_hidden="true")


def _ground(top: float, n: int) -> tuple[list[Markup], float]:
    """Return lines and scale behind the rows, and what the full width stands for."""
    width = max(step(top, _MOST_TICKS), 1.0)
    ticks = np.arange(0.0, top + width, width)
    reach = float(ticks[-1]) * 1.03
    parts = []
    for i in range(n):
        y = ROW * (i + 1) - 0.5
        parts.append(tag("line", class_="rowline", x1="0", x2="100%", y1=y, y2=y))
    for tick in ticks.tolist():
        x = share(tick / reach)
        parts.append(tag("line", class_="tick", x1=x, x2=x, y1=0, y2=ROW * n))
        anchor = "start" if tick == 0 else "middle"
        text = number(tick, decimals(width))
        parts.append(tag("text", text, x=x, y=ROW * n + 16, text_anchor=anchor))
    return parts, reach


def _upright(kind: str, at: float, y: float, half: float) -> Markup:
    return tag("line", class_=kind, x1=share(at), x2=share(at), y1=y - half, y2=y + half)


def _key(inside: Markup) -> Markup:
    return tag("svg", inside, class_="key", viewBox=KEY_BOX, aria_hidden="true")
