"""Elements of SVG, escaped, and what the pictures share.

Most pictures give places along the page in percent and text and height in pixels, so that they fill
any width and their text stays readable on a phone, which a scaled drawing's doesn't.
"""

from __future__ import annotations

import math
from typing import Final

from markupsafe import Markup

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


def tag(name: str, *inside: str, **attributes: str | float) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Of the element; not escaped, so never from data.
    *inside
        Elements, or texts, which are escaped.
    **attributes
        By name, with ``_`` for ``-`` and one at the end to get past Python's own words:
        ``class_="bar"``. Numbers are written with at most two decimals.
    """
    written = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _text(value))
        for key, value in attributes.items()
    )
    if not inside:
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup().join(inside))


def picture(
    key: str, title: str, description: str, *inside: str, **attributes: str | float
) -> Markup:
    """Return a picture that says what it is and what it shows to those who can't see it.

    Parameters
    ----------
    key
        Its id on the page, ASCII letters, digits and hyphens.
    title, description
        Its name, and its content in words.
    *inside, **attributes
        As in `tag`.
    """
    return tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", description, id=f"{key}-desc"),
        *inside,
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
        **attributes,
    )


def share(value: float) -> str:
    """Return a length or place along the picture, 0–1, as SVG writes it."""
    return f"{_text(100 * value)}%"


def step(top: float, most: int) -> float:
    """Return the smallest of …, 1, 2, 5, 10, … that reaches `top` in at most `most` steps."""
    if not top > 0:
        return 1.0
    least = top / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in _STEPS if power * one >= least * (1 - 1e-9))


def decimals(width: float) -> int:
    """Return how many decimals numbers that lie `width` apart need."""
    return max(0, -math.floor(math.log10(width) + 1e-9))


def _text(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
