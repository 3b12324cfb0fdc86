"""Events of one series by week, with what was to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.pictures.svg import picture, share, tag

FOOT: Final = 5
"""Pixels below the bars, for the marks of missing weeks."""


def weeks_picture(
    key: str,
    name: str,
    counts: Sequence[float],
    expected: Sequence[float],
    *,
    upper: float,
    first: int,
    height: int,
) -> Markup:
    """Draw one thin bar a week, the watched one last and dark, and the expected number as a line.

    Parameters
    ----------
    key
        Id of the picture on the page.
    name
        Of the series.
    counts
        Events a week, oldest first; NaN where the week is missing, drawn as a grey mark.
    expected
        Events to expect, of the same length; NaN where nothing is.
    upper
        Least number that would be a signal in the watched week, or NaN.
    first
        Position of the first week whose events are part of the signal; those bars are dark. The
        last position for a signal of one week, or for none.
    height
        Pixels.
    """
    n, room = len(counts), height - FOOT
    most = max([1.0, *(one for one in (*counts, *expected, upper) if np.isfinite(one))])
    parts: list[Markup] = []
    for dark in (False, True):
        at = [i for i in range(n) if (i >= first) == dark and counts[i] > 0]
        strokes = " ".join(f"M{i + 0.5:g} {room}V{room - room * counts[i] / most:.1f}" for i in at)
        if strokes:
            parts.append(tag("path", class_="now" if dark else "then", d=strokes))
    gone = " ".join(f"M{i} {room + 3}h1" for i in range(n) if not np.isfinite(counts[i]))
    if gone:
        parts.append(tag("path", class_="gone", d=gone))
    line = _line(expected, room, most)
    if line:
        parts.append(tag("path", class_="level", d=line))
    if np.isfinite(upper):
        y = room - room * upper / most
        parts.append(tag("path", class_="limit", d=f"M{n - max(n / 20, 1):.1f} {y:.1f}H{n}"))
    drawing = tag(
        "svg",
        *parts,
        viewBox=f"0 0 {n} {height}",
        preserveAspectRatio="none",
        width="100%",
        height=height,
    )
    base = tag("line", class_="base", x1="0", x2=share(1.0), y1=room, y2=room)
    title = _("Händelser per vecka: {name}").format(name=name)
    return picture(
        key, title, _words(counts, expected[-1], most), drawing, base, class_="weeks", height=height
    )


def _line(values: Sequence[float], room: int, most: float) -> str:
    """Return the path of a line that is broken where a value is missing."""
    pieces = []
    for known, run in groupby(enumerate(values), key=lambda one: bool(np.isfinite(one[1]))):
        if known:
            points = [f"{i + 0.5:g} {room - room * value / most:.1f}" for i, value in run]
            pieces.append("M" + "L".join(points))
    return "".join(pieces)


def _words(counts: Sequence[float], expected: float, most: float) -> str:
    text = ngettext("{n} vecka visad.", "{n} veckor visade.", len(counts)).format(
        n=number(len(counts))
    )
    if np.isfinite(counts[-1]) and np.isfinite(expected):
        text += " " + _("Senast {n}, {expected} att vänta; högst {most}.").format(
            n=number(counts[-1]), expected=number(expected, 1), most=number(most)
        )
    return text
