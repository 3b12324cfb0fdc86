"""The Lorenz curve: how unevenly events lie over places or cells (Lorenz 1905)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from geodata.evidence_report import LorenzReport
from geodata.language import gettext as _
from geodata.language import number, percent
from maps.pictures.svg import picture, tag

Floats = npt.NDArray[np.float64]

_LEFT, _TOP, _SIDE = 46.0, 12.0, 320.0
_WIDTH: Final = _LEFT + _SIDE + 14
_HEIGHT: Final = _TOP + _SIDE + 46
_POINTS: Final = 200
"""Points of the drawn curve; more wouldn't show."""
_APART: Final = 19.0
"""Least distance between two labels."""


def lorenz_picture(key: str, report: LorenzReport) -> Markup:
    """Draw the curve under the diagonal of an even spread, with the busiest units marked.

    Parameters
    ----------
    key
        Id of the picture on the page.
    report
        Curve from (0, 0) to (1, 1), busiest last.
    """
    xs, ys = thinned(report)
    curve = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in zip(xs, ys, strict=True))
    diagonal = tag("line", class_="even", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1))
    parts = [
        *_axes(),
        tag("polygon", class_="between", points=curve),
        diagonal,
        tag("polyline", class_="curve", points=curve),
        tag("text", _("helt jämnt spritt"), class_="note", transform=_along(0.07), dy="-7"),
        *_marks(report),
    ]
    title = _("Lorenzkurva: {title}").format(title=report.title)
    box = f"0 0 {_WIDTH:g} {_HEIGHT:g}"
    return picture(key, title, _words(report), *parts, class_="lorenz", viewBox=box)


def thinned(report: LorenzReport) -> tuple[Floats, Floats]:
    """Return some points of the curve, evenly along it, the first and the last among them."""
    xs = report.curve["share_units"].to_numpy(dtype=np.float64)
    ys = report.curve["share_events"].to_numpy(dtype=np.float64)
    if len(xs) <= _POINTS:
        return xs, ys
    along = xs + ys  # grows all the way, also where the curve is flat or upright
    wanted = np.linspace(along[0], along[-1], _POINTS)
    return np.interp(wanted, along, xs), np.interp(wanted, along, ys)


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _along(share: float) -> str:
    """Return the transform that sets a text along the diagonal."""
    return f"translate({_x(share):g} {_y(share):g}) rotate(-45)"


def _axes() -> list[Markup]:
    parts = [tag("rect", class_="frame", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE)]
    for at in (0.0, 0.25, 0.5, 0.75, 1.0):
        if 0 < at < 1:
            parts.append(tag("line", class_="tick", x1=_x(at), x2=_x(at), y1=_y(0), y2=_y(1)))
            parts.append(tag("line", class_="tick", x1=_x(0), x2=_x(1), y1=_y(at), y2=_y(at)))
        end = "end" if at == 1 else "middle"
        parts.append(
            tag("text", percent(at), class_="axis-text", x=_x(at), y=_y(0) + 17, text_anchor=end)
        )
        if at:
            parts.append(
                tag(
                    "text", percent(at), class_="axis-text", x=_LEFT - 6, y=_y(at) + 4,
                    text_anchor="end",
                )
            )  # fmt: skip
    below = _("andel av enheterna, de med flest händelser sist")
    parts.append(
        tag("text", below, class_="axis-name", x=_x(0.5), y=_y(0) + 38, text_anchor="middle")
    )
    aside = _("andel av händelserna")
    parts.append(
        tag("text", aside, class_="axis-name", x=_LEFT + 9, y=_TOP + 20, text_anchor="start")
    )
    return parts


def _marks(report: LorenzReport) -> list[Markup]:
    """Return the busiest units as dots on the curve, each with a line to its label."""
    rows = sorted(zip(report.top["share_units"], report.top["share_events"], strict=True))
    parts: list[Markup] = []
    before = -np.inf
    for units, events in rows:
        x, y = _x(1 - units), _y(1 - events)
        label = min(max(y + 4, before + _APART), _y(0) - 6)
        before = label
        text = _("{units}: {events} av händelserna").format(
            units=percent(units, 0 if units >= 0.01 else 1), events=percent(events)
        )
        left = _x(0.86)
        parts += [
            tag("line", class_="leader", x1=left + 4, y1=label - 4, x2=x, y2=y),
            tag("circle", class_="top", cx=x, cy=y, r=4),
            tag("text", text, class_="label", x=left, y=label, text_anchor="end"),
        ]
    return parts


def _words(report: LorenzReport) -> str:
    gini = _("Ginikoefficient {gini}.").format(gini=number(report.gini, 2))
    return f"{report.sentence} {gini}"
