"""Hour by weekday of one source, as a heat map with the unknown hours in a column of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from geodata.evidence_report import MatrixReport
from geodata.language import N_, number
from geodata.language import gettext as _
from maps import style
from maps.pictures.svg import decimals, picture, share, step, tag

DAYS: Final = (
    (N_("mån"), N_("måndag")),
    (N_("tis"), N_("tisdag")),
    (N_("ons"), N_("onsdag")),
    (N_("tors"), N_("torsdag")),
    (N_("fre"), N_("fredag")),
    (N_("lör"), N_("lördag")),
    (N_("sön"), N_("söndag")),
)
"""Short and whole names, Monday first."""
HOURS: Final = 24
NOTHING: Final = "#ffffff"
"""Colour of a cell without events."""

_CLASSES: Final = 5
# Places along the picture, 0–1: names of the days, the hours, a gap, and the unknown hours.
_FIRST, _HOUR, _UNKNOWN = 0.085, 0.0325, 0.115
# Pixels downwards.
_TOP, _ROW, _FOOT = 20.0, 25.0, 20.0


@dataclass(frozen=True)
class Scale:
    """Classes of equal width above nothing.

    Attributes
    ----------
    width
        Of each class, in events; 0 when there is nothing to show.
    colours
        From low to high.
    """

    width: float
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        """Return the colour of a cell; a value on a limit is of the class below it."""
        if value <= 0 or not self.colours:
            return NOTHING
        at = math.ceil(round(value / self.width, 9)) - 1
        return self.colours[min(max(at, 0), len(self.colours) - 1)]

    def legend(self) -> list[tuple[str, str]]:
        """Return colour and limits of each class, nothing first."""
        if not self.colours:
            return [(NOTHING, number(0))]
        digits = decimals(self.width)
        return [(NOTHING, number(0))] + [
            (colour, f"{number(i * self.width, digits)}–{number((i + 1) * self.width, digits)}")
            for i, colour in enumerate(self.colours)
        ]


def scale(matrix: npt.NDArray[np.float64]) -> Scale:
    """Return the classes of a matrix, by its known hours.

    Parameters
    ----------
    matrix
        Shape (7, 25), the last column unknown hours: whole days, which no hour compares to.
    """
    top = float(matrix[:, :HOURS].max())
    if top <= 0:
        return Scale(0.0, ())
    width = step(top, _CLASSES)
    return Scale(width, style.SEQUENTIAL[math.ceil(round(top / width, 9))])


def matrix_picture(key: str, report: MatrixReport) -> Markup:
    """Draw the matrix, with a frame around the smallest window.

    Parameters
    ----------
    key
        Id of the picture on the page.
    report
        Of one source.
    """
    parts = [*_names(), *_cells(report.matrix), *_unknown(report.matrix[:, HOURS])]
    parts += _window(frozenset(report.hours))
    title = _("Timme och veckodag: {source}").format(source=report.source)
    height = f"{_TOP + 7 * _ROW + _FOOT:g}"
    return picture(key, title, _words(report), *parts, class_="matrix", height=height)


def edges(hours: frozenset[int]) -> list[tuple[int, int, bool, bool]]:
    """Return the runs of hours as first, one past the last, and whether each end is closed.

    An end at midnight is open where the window goes on on the other side.
    """
    found: list[tuple[int, int, bool, bool]] = []
    for first in sorted(h for h in hours if h == 0 or h - 1 not in hours):
        end = first
        while end in hours:
            end += 1
        around = len(hours) < HOURS and 0 in hours and HOURS - 1 in hours
        found.append((first, end, not (around and first == 0), not (around and end == HOURS)))
    return found


def _across(hour: int) -> float:
    return _FIRST + hour * _HOUR


def _down(day: int) -> float:
    return _TOP + day * _ROW


def _names() -> list[Markup]:
    parts = [
        tag("text", _(short), class_="axis-text", x="0", y=_down(i) + _ROW / 2 + 4)
        for i, (short, _whole) in enumerate(DAYS)
    ]
    for hour in range(0, HOURS + 1, 3):
        end = "end" if hour == HOURS else "start" if hour == 0 else "middle"
        x = share(_across(hour))
        y = _down(7) + 15
        parts.append(tag("text", f"{hour:02d}", class_="axis-text", x=x, y=y, text_anchor=end))
    unknown = _("okänt klockslag")
    parts.append(tag("text", unknown, class_="axis-text", x="100%", y=_TOP - 7, text_anchor="end"))
    return parts


def _cells(matrix: npt.NDArray[np.float64]) -> list[Markup]:
    classes = scale(matrix)
    parts = []
    for day, (_short, whole) in enumerate(DAYS):
        for hour in range(HOURS):
            value = float(matrix[day, hour])
            hint = f"{_(whole)} {hour:02d}–{hour + 1:02d}: {number(value, 1)}"
            parts.append(
                tag(
                    "rect",
                    tag("title", hint),
                    class_="cell",
                    x=share(_across(hour)),
                    y=_down(day),
                    width=share(_HOUR),
                    height=_ROW,
                    fill=classes.colour(value),
                )
            )
    return parts


def _unknown(counts: npt.NDArray[np.float64]) -> list[Markup]:
    """Return the last column: figures without colour, since days don't compare to hours."""
    parts = []
    for day, value in enumerate(counts.tolist()):
        box = {"x": share(1 - _UNKNOWN), "width": share(_UNKNOWN)}
        parts.append(tag("rect", class_="unknown", y=_down(day), height=_ROW, **box))
        text = number(value, 0 if float(value).is_integer() else 1)
        x, y = share(1 - _UNKNOWN / 2), _down(day) + _ROW / 2 + 4
        parts.append(tag("text", text, class_="axis-text", x=x, y=y, text_anchor="middle"))
    return parts


def _window(hours: frozenset[int]) -> list[Markup]:
    parts: list[Markup] = []
    top, bottom = _down(0), _down(7)
    for first, end, left, right in edges(hours):
        x1, x2 = share(_across(first)), share(_across(end))
        ends = [(x1, x2, top, top), (x1, x2, bottom, bottom)]
        ends += [(x1, x1, top, bottom)] if left else []
        ends += [(x2, x2, top, bottom)] if right else []
        parts += [tag("line", class_="window", x1=a, x2=b, y1=c, y2=d) for a, b, c, d in ends]
    return parts


def _words(report: MatrixReport) -> str:
    known = report.matrix[:, :HOURS]
    if known.max() <= 0:
        return _("Ingen händelse har känt klockslag.")
    day, hour = divmod(int(np.argmax(np.round(known, 9))), HOURS)
    busiest = _("Flest {day} kl. {hour}: {n} händelser.").format(
        day=_(DAYS[day][1]), hour=f"{hour:02d}–{hour + 1:02d}", n=number(known[day, hour], 1)
    )
    return f"{report.sentence} {busiest}"
