"""Hour by weekday as a printed figure: darker is more, unknown hours in a column of their own."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import language, number
from maps.fonts import FAMILY
from maps.pictures.matrix import DAYS, HOURS, Scale, scale
from maps.pictures.svg import tag

WIDE_MM: Final = 170.0
_LEFT, _TOP, _CELL, _ROW, _GAP, _UNKNOWN = 13.0, 7.0, 5.55, 6.4, 2.5, 21.0
_TEXT_MM: Final = 2.9
_EDGE: Final = "#8a8f94"


def heat_picture(matrix: npt.NDArray[np.float64]) -> tuple[str, str]:
    """Draw a matrix of events.

    Parameters
    ----------
    matrix
        Shape (7, 25): Monday to Sunday by hour, the last column without known hour.

    Returns
    -------
    tuple of str
        The SVG and its text alternative.
    """
    classes = scale(matrix)
    parts = [*_axes(), *_cells(matrix, classes), *_without_hour(matrix[:, HOURS])]
    parts += _legend(classes)
    high = _TOP + 7 * _ROW + 13.0
    alt = heat_alt(matrix)
    drawn = tag(
        "svg",
        tag("title", _("Händelser per timme och veckodag")),
        tag("desc", alt),
        tag("rect", width=WIDE_MM, height=high, fill="#ffffff"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        width=f"{WIDE_MM:g}mm",
        height=f"{high:g}mm",
        viewBox=f"0 0 {WIDE_MM:g} {high:g}",
        role="img",
        font_family=f"'{FAMILY}', 'Segoe UI', Arial, sans-serif",
        font_size=_TEXT_MM,
        fill="#1d2327",
        lang=language(),
    )
    return str(drawn), alt


def heat_alt(matrix: npt.NDArray[np.float64]) -> str:
    """Return the matrix in words: its total, its busiest hour, and how much has no hour."""
    known, total = matrix[:, :HOURS], float(matrix.sum())
    if known.max() <= 0:
        return _("Ingen händelse har känt klockslag.")
    weekday, hour = divmod(int(np.argmax(np.round(known, 9))), HOURS)
    return _(
        "{n} händelser per timme och veckodag. Flest {day} kl. {hour}: {most}. Okänt klockslag: "
        "{unknown}. Talen per veckodag och del av dygnet står i tabellerna."
    ).format(
        n=number(total),
        day=_(DAYS[weekday][1]),
        hour=f"{hour:02d}–{hour + 1:02d}",
        most=number(known[weekday, hour], 1),
        unknown=number(float(matrix[:, HOURS].sum())),
    )


def _axes() -> list[Markup]:
    parts = [
        tag("text", _(DAYS[row][1])[:3], x=0, y=_TOP + (row + 0.5) * _ROW + 1) for row in range(7)
    ]
    parts += [
        tag("text", f"{hour:02d}", x=_LEFT + hour * _CELL, y=_TOP - 1.6, text_anchor="middle")
        for hour in range(0, HOURS + 1, 3)
    ]
    middle = _LEFT + HOURS * _CELL + _GAP + _UNKNOWN / 2
    parts.append(tag("text", _("okänt"), x=middle, y=_TOP - 1.6, text_anchor="middle"))
    return parts


def _cells(matrix: npt.NDArray[np.float64], classes: Scale) -> list[Markup]:
    return [
        tag(
            "rect",
            x=_LEFT + hour * _CELL,
            y=_TOP + row * _ROW,
            width=_CELL,
            height=_ROW,
            fill=classes.colour(float(matrix[row, hour])),
            stroke=_EDGE,
            stroke_width=0.12,
        )
        for row in range(7)
        for hour in range(HOURS)
    ]


def _without_hour(counts: npt.NDArray[np.float64]) -> list[Markup]:
    left = _LEFT + HOURS * _CELL + _GAP
    parts = []
    for row, value in enumerate(counts.tolist()):
        y = _TOP + row * _ROW
        box = {"x": left, "y": y, "width": _UNKNOWN, "height": _ROW}
        parts.append(tag("rect", fill="#f1f0ec", stroke=_EDGE, stroke_width=0.12, **box))
        text = number(value, 0 if float(value).is_integer() else 1)
        at = left + _UNKNOWN / 2
        parts.append(tag("text", text, x=at, y=y + _ROW / 2 + 1, text_anchor="middle"))
    return parts


def _legend(classes: Scale) -> list[Markup]:
    y = _TOP + 7 * _ROW + 4.0
    parts = [tag("text", _("Händelser per timme:"), x=0, y=y + 3.0)]
    x = 29.0
    for colour, text in classes.legend():
        box = {"x": x, "y": y, "width": 6, "height": 4}
        parts.append(tag("rect", fill=colour, stroke=_EDGE, stroke_width=0.12, **box))
        parts.append(tag("text", text, x=x + 7.2, y=y + 3.0))
        x += 22.0
    return parts
