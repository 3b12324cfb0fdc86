"""The pictures of the follow-up: a ratio with its interval, and blocks before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import number
from maps.pictures.svg import picture, share, tag

SPAN: Final = 4.0
"""Ratios are drawn from 1 / SPAN to SPAN, each doubling as wide; what goes beyond is cut off."""
HEIGHT: Final = 22
SERIES_HEIGHT: Final = 92
_FOOT: Final = 4


def ratio_picture(key: str, ratio: float, low: float, high: float, *, certain: bool) -> Markup:
    """Draw a ratio as a dot with its interval, on a scale of doublings with 1 in the middle.

    Parameters
    ----------
    key
        Id of the picture on the page.
    ratio, low, high
        NaN where it is not known; without `ratio` only the lower limit is drawn.
    certain
        Whether the interval excludes 1; the dot is then filled.
    """
    middle = HEIGHT / 2
    parts = [
        tag("line", class_="scale-line", x1="0", x2="100%", y1=middle, y2=middle),
        tag("line", class_="one", x1="50%", x2="50%", y1=2, y2=HEIGHT - 2),
    ]
    words = _("Ingen kvot: för få händelser.")
    if np.isfinite(low):
        end = high if np.isfinite(high) else np.inf
        left, right = _at(low), _at(end)
        kind = "whisker used" if certain else "whisker"
        parts.append(
            tag("line", class_=kind, x1=share(left), x2=share(right), y1=middle, y2=middle)
        )
        for value, x in ((low, left), (end, right)):
            inside = 1 / SPAN <= value <= SPAN
            if inside:
                parts.append(
                    tag("line", class_=kind, x1=share(x), x2=share(x), y1=middle - 4, y2=middle + 4)
                )
        if np.isfinite(ratio):
            dot = "dot-used" if certain else "dot-other"
            parts.append(tag("circle", class_=dot, cx=share(_at(ratio)), cy=middle, r=5))
            words = _("{ratio} ({low} till {high})").format(
                ratio=number(ratio, 2), low=number(low, 2), high=number(high, 2)
            )
        else:
            words = _("minst {low}").format(low=number(low, 2))
    return picture(
        key, _("Kvot med osäkerhetsintervall"), words, *parts, class_="ratio", height=HEIGHT
    )


def _at(value: float) -> float:
    """Return the place of a ratio along the scale, 0–1."""
    if value <= 1 / SPAN:
        return 0.0
    if value >= SPAN:
        return 1.0
    return float(0.5 + np.log(value) / np.log(SPAN) / 2)


def series_picture(
    key: str,
    name: str,
    counts: Sequence[int],
    controls: Sequence[float],
    expected: Sequence[float],
    n_before: int,
) -> Markup:
    """Draw a bar a block, light before and dark after, with control places and the expected level.

    Parameters
    ----------
    key
        Id of the picture on the page.
    name
        Of the measure.
    counts, controls, expected
        Events at the place, on average at a control place, and to expect without the measure; of
        one length, NaN where not known.
    n_before
        Blocks before it began.
    """
    n, room = len(counts), SERIES_HEIGHT - _FOOT
    known = [v for v in (*counts, *controls, *expected) if np.isfinite(v)]
    most = max(1.0, *known)
    parts = [
        tag(
            "rect",
            class_="after" if i >= n_before else "before",
            x=i + 0.12,
            width=0.76,
            y=f"{room - room * count / most:.2f}",
            height=f"{room * count / most:.2f}",
        )
        for i, count in enumerate(counts)
    ]
    for kind, values in (("control-line", controls), ("expected-line", expected)):
        points = [
            f"{i + 0.5:g} {room - room * v / most:.2f}"
            for i, v in enumerate(values)
            if np.isfinite(v)
        ]
        if points:
            parts.append(tag("path", class_=kind, d="M" + "L".join(points)))
    parts.append(tag("path", class_="began", d=f"M{n_before} 0V{room}"))
    drawing = tag(
        "svg",
        *parts,
        viewBox=f"0 0 {n} {SERIES_HEIGHT}",
        preserveAspectRatio="none",
        width="100%",
        height=SERIES_HEIGHT,
    )
    base = tag("line", class_="base", x1="0", x2="100%", y1=room, y2=room)
    words = _("{n} perioder före och {m} efter; i snitt {before} före och {after} efter.").format(
        n=number(n_before),
        m=number(n - n_before),
        before=number(_mean(counts[:n_before]), 1),
        after=number(_mean(counts[n_before:]), 1),
    )
    title = _("Händelser per period: {name}").format(name=name)
    return picture(key, title, words, drawing, base, class_="blocks", height=SERIES_HEIGHT)


def _mean(values: Sequence[int]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
