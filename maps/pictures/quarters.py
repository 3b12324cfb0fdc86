"""Events of one hot spot by quarter, as small bars."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import ngettext, number
from maps.pictures.svg import picture, share, tag

HEIGHT = 46
_FOOT = 9
"""Pixels below the bars, for the marks of hot quarters."""


def quarters_picture(
    key: str, name: str, counts: Sequence[int], hot: Sequence[bool], names: Sequence[str]
) -> Markup:
    """Draw one bar a quarter; hot quarters are dark and have a mark below.

    Parameters
    ----------
    key
        Id of the picture on the page.
    name
        Of the hot spot.
    counts, hot
        Events a quarter, oldest first, and whether it was hot then; of one length ≥ 1.
    names
        Of the quarters, of the same length, or empty.
    """
    most, n = max(*counts, 1), len(counts)
    room = HEIGHT - _FOOT
    parts: list[Markup] = []
    for i, (count, warm) in enumerate(zip(counts, hot, strict=True)):
        height = max(room * count / most, 1.0 if count else 0.0)
        hint = number(count) if not names else f"{names[i]}: {number(count)}"
        parts.append(
            tag(
                "rect",
                tag("title", hint),
                class_="hot" if warm else "cool",
                x=share((i + 0.14) / n),
                width=share(0.72 / n),
                y=room - height,
                height=height,
            )
        )
        if warm:
            parts.append(tag("circle", class_="hot", cx=share((i + 0.5) / n), cy=room + 5, r=2.2))
    base = tag("line", class_="base", x1="0", x2="100%", y1=room, y2=room)
    title = _("Händelser per kvartal: {name}").format(name=name)
    return picture(
        key, title, _words(counts, hot), *parts, base, class_="quarters", height=f"{HEIGHT}"
    )


def _words(counts: Sequence[int], hot: Sequence[bool]) -> str:
    quarters = ngettext("{n} kvartal", "{n} kvartal", len(counts)).format(n=number(len(counts)))
    warm = number(sum(hot))
    return _("{quarters}, äldst först: {counts}. Het i {hot} av dem.").format(
        quarters=quarters, counts=", ".join(number(count) for count in counts), hot=warm
    )
