"""The method card: PAI of each method at each share of the area, as dots with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.evidence_report import AccuracyReport
from geodata.language import gettext as _
from geodata.language import number, percent
from maps.pictures.svg import decimals, picture, share, step, tag

_LEFT, _SPAN = 0.05, 0.88
_TICKS: Final = 4
SHAPES: Final = {
    "used": "M0-7L7 0L0 7L-7 0Z",
    "reference": "M-5-5H5V5H-5Z",
    "other": "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z",
}
"""Marks differ in shape as well as in colour, around (0, 0)."""


@dataclass(frozen=True)
class Panel:
    """The picture of one share.

    Attributes
    ----------
    title
        Which share.
    drawing
        The SVG; its height is set by the page's style from the number of methods.
    """

    title: str
    drawing: Markup


def share_text(value: float) -> str:
    """Return a share of the area, with as many decimals as it needs, at most two."""
    digits = next((d for d in (0, 1) if abs(round(100 * value, d) - 100 * value) < 1e-9), 2)
    return _("{share} av ytan").format(share=percent(value, digits))


def kind(method: str, reference: bool, used: str) -> str:
    """Return the key of `SHAPES` for a method; the one in use comes before the reference."""
    if method == used:
        return "used"
    return "reference" if reference else "other"


def accuracy_panels(report: AccuracyReport, order: list[str]) -> list[Panel]:
    """Draw one picture a share, the methods from top to bottom.

    Parameters
    ----------
    report
        The method card.
    order
        Names of the methods, first at the top.
    """
    return [
        _panel(f"pai-{i}", at, rows.set_index("method").reindex(order), report.used)
        for i, (at, rows) in enumerate(report.table.groupby("share", sort=True), start=1)
    ]


def _panel(key: str, at: object, rows: pd.DataFrame, used: str) -> Panel:
    height = 1 / (len(rows) + 1)  # one row below the methods, for the axis
    highest = float(np.nanmax(rows[["pai", "pai_high"]].to_numpy(dtype=float), initial=1.0))
    parts = _axis(highest, height)
    reference = rows.loc[rows["reference"], "pai"]
    if len(reference) and np.isfinite(reference.iloc[0]):
        x = share(_LEFT + _SPAN * float(reference.iloc[0]) / highest)
        parts.append(tag("line", class_="ref", x1=x, x2=x, y1="0", y2=share(1 - height)))
    for i, row in enumerate(rows.itertuples()):
        y = share((i + 0.5) * height)
        parts.append(tag("text", str(row.Index), class_="row-name", x=share(_LEFT), y=y))
        parts += _marks(row, kind(str(row.Index), bool(row.reference), used), y, highest)
    title = share_text(float(str(at)))
    name = _("PAI vid {share}").format(share=title)
    return Panel(title, picture(key, name, _words(rows), *parts, class_="panel"))


def _axis(highest: float, height: float) -> list[Markup]:
    width = step(highest, _TICKS)
    parts = []
    for i in range(int(highest / width + 1e-9) + 1):
        x = share(_LEFT + _SPAN * i * width / highest)
        foot = share(1 - height)
        parts.append(tag("line", class_="tick", x1=x, x2=x, y1="0", y2=foot))
        text = number(i * width, decimals(width))
        y = share(1 - height / 2)
        parts.append(tag("text", text, class_="axis-text", x=x, y=y, text_anchor="middle"))
    return parts


def _marks(row: object, shape: str, y: str, highest: float) -> list[Markup]:
    pai, low, high = (float(getattr(row, name)) for name in ("pai", "pai_low", "pai_high"))
    if not np.isfinite(pai):
        return []
    parts = []
    if np.isfinite(low) and np.isfinite(high):
        x1, x2 = (share(_LEFT + _SPAN * max(value, 0.0) / highest) for value in (low, high))
        parts.append(tag("line", class_=f"whisker {shape}", x1=x1, x2=x2, y1=y, y2=y))
    mark = tag("path", class_=f"dot-{shape}", d=SHAPES[shape])
    x = share(_LEFT + _SPAN * pai / highest)
    parts.append(tag("svg", mark, x=x, y=y, overflow="visible", class_="at"))
    return parts


def _words(rows: pd.DataFrame) -> str:
    told = []
    for row in rows.itertuples():
        figures = [float(getattr(row, name)) for name in ("pai", "pai_low", "pai_high")]
        if not np.isfinite(figures).all():
            continue
        pai, low, high = (number(value, 1) for value in figures)
        told.append(
            _("{method} {pai} ({low}–{high})").format(method=row.Index, pai=pai, low=low, high=high)
        )
    return "; ".join(told)
