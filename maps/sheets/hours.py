"""Hour by weekday as a small picture that a page and a PDF show alike."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from geodata.forms.fields import Intrusion
from geodata.forms.hours import proposed_hours
from geodata.language import N_, number
from geodata.language import gettext as _
from maps.pictures.svg import tag
from maps.style import SEQUENTIAL

DAYS: Final = (N_("må"), N_("ti"), N_("on"), N_("to"), N_("fr"), N_("lö"), N_("sö"))
LONG_DAYS: Final = (
    N_("måndag"), N_("tisdag"), N_("onsdag"), N_("torsdag"), N_("fredag"), N_("lördag"),
    N_("söndag"),
)  # fmt: skip
WIDTH_MM: Final = 150.0
_CELL: Final = (25.0, 17.0)
_LEFT, _TOP, _UNKNOWN = 30.0, 18.0, 44.0
WORDS: Final[dict[str, str | float]] = {
    "font_size": 12,
    "font_family": "Source Sans Pro, sans-serif",
    "fill": "#1d2327",
}


def hours_picture(matrix: npt.NDArray[np.float64], form: Intrusion) -> tuple[str, str]:
    """Draw a matrix of events.

    Parameters
    ----------
    matrix
        Shape (7, 25): Monday to Sunday by hour, the last column without known hour.
    form
        Its proposed hours are framed.

    Returns
    -------
    tuple of str
        The SVG and its text alternative.
    """
    width, height = _CELL
    most = float(matrix[:, :24].max())
    chosen = proposed_hours(form)
    parts = []
    for hour in range(0, 25, 3):
        x = _LEFT + hour * width
        parts.append(tag("text", f"{hour:02d}", x=x, y=12, text_anchor="middle", **WORDS))
    parts.append(
        tag("text", _("okänt"), x=_LEFT + 24 * width + 28, y=12, text_anchor="middle", **WORDS)
    )
    for day in range(7):
        y = _TOP + day * height
        parts.append(tag("text", _(DAYS[day]), x=0, y=y + height - 4, **WORDS))
        for hour in range(24):
            fill = _colour(float(matrix[day, hour]), most)
            box = {"x": _LEFT + hour * width, "y": y, "width": width, "height": height}
            parts.append(tag("rect", fill=fill, stroke="#ffffff", stroke_width=1, **box))
        value = float(matrix[day, 24])
        if value:
            text = number(value, 0 if value.is_integer() else 1)
            x = _LEFT + 24 * width + 28
            parts.append(tag("text", text, x=x, y=y + height - 4, text_anchor="middle", **WORDS))
    if chosen is not None:
        parts.append(_frame(chosen))
    whole = _LEFT + 24 * width + 8 + _UNKNOWN
    alt = _alt(matrix)
    drawing = tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {whole:g} {_TOP + 7 * height + 3:g}",
        width=f"{WIDTH_MM:g}mm",
        height=f"{WIDTH_MM * (_TOP + 7 * height + 3) / whole:.2f}mm",
        role="img",
        aria_label=alt,
    )
    return str(drawing), alt


def _colour(value: float, most: float) -> str:
    if value <= 0 or most <= 0:
        return "#f1f0ec"
    colours = SEQUENTIAL[5]
    return colours[min(int(value / most * len(colours)), len(colours) - 1)]


def _frame(chosen: npt.NDArray[np.bool_]) -> Markup:
    """Return the outline of the chosen hours as one path."""
    width, height = _CELL
    lines = []
    padded = np.pad(chosen, 1)
    for row in range(8):
        for column in range(24):
            if padded[row, column + 1] != padded[row + 1, column + 1]:
                x, y = _LEFT + column * width, _TOP + row * height
                lines.append(f"M{x:g} {y:g}h{width:g}")
    for row in range(7):
        for column in range(25):
            if padded[row + 1, column] != padded[row + 1, column + 1]:
                x, y = _LEFT + column * width, _TOP + row * height
                lines.append(f"M{x:g} {y:g}v{height:g}")
    return tag("path", d="".join(lines), fill="none", stroke="#1c1b22", stroke_width=2)


def _alt(matrix: npt.NDArray[np.float64]) -> str:
    known = matrix[:, :24]
    if known.max() <= 0:
        return _("Ingen händelse har känt klockslag.")
    day, hour = divmod(int(np.argmax(np.round(known, 9))), 24)
    return _("Händelser per timme och veckodag; flest {day} kl. {hour}: {n}.").format(
        day=_(LONG_DAYS[day]), hour=f"{hour:02d}–{hour + 1:02d}", n=number(known[day, hour], 1)
    )
