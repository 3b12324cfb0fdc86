"""Draws how time and memory grow with the events: two log–log curves as SVG, with words beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 240
LEFT: Final = 64
TOP: Final = 34
GAP: Final = 90


def growth_svg(points: Sequence[tuple[int, float, float]]) -> str:
    """Return the picture.

    Parameters
    ----------
    points
        Events, seconds and MB of each run, by events; at least one.

    Returns
    -------
    str
        SVG with title and description, readable without colour.
    """
    events = [float(n) for n, _s, _mb in points]
    told = "; ".join(f"{n:,} events: {s:.0f} s, {mb:.0f} MB" for n, s, mb in points)
    panels = [
        _panel("Time, seconds", events, [s for _n, s, _mb in points], LEFT),
        _panel("Peak memory, MB", events, [mb for *_n, mb in points], LEFT + WIDTH + GAP),
    ]
    width, height = 2 * (LEFT + WIDTH) + GAP, HEIGHT + TOP + 56
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title told" font-family="sans-serif" font-size="13" fill="#1b1b1b">\n'
        '<title id="title">Time and peak memory of the whole evidence run by events</title>\n'
        f'<desc id="told">{told}.</desc>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(panels)
        + "\n</svg>\n"
    )


def _panel(title: str, events: list[float], values: list[float], left: float) -> str:
    low_x, high_x = _decades(events)
    low_y, high_y = _decades(values)

    def at(n: float, value: float) -> tuple[float, float]:
        x = left + WIDTH * (math.log10(n) - low_x) / (high_x - low_x)
        return x, TOP + HEIGHT * (1 - (math.log10(value) - low_y) / (high_y - low_y))

    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{title}</text>']
    bottom = TOP + HEIGHT
    for power in range(low_x, high_x + 1):
        x = at(10.0**power, 10.0**low_y)[0]
        parts.append(_line(x, TOP, x, bottom))
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{_ten(power)}</text>'
        )
    for power in range(low_y, high_y + 1):
        y = at(10.0**low_x, 10.0**power)[1]
        parts.append(_line(left, y, left + WIDTH, y))
        label = f"{10.0**power:g}"
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    middle = left + WIDTH / 2
    parts.append(f'<text x="{middle}" y="{bottom + 42}" text-anchor="middle">Events</text>')
    dots = [at(n, value) for n, value in zip(events, values, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    parts.append(f'<polyline points="{path}" fill="none" stroke="#0b5394" stroke-width="2"/>')
    for (x, y), value in zip(dots, values, strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#0b5394"/>')
        parts.append(
            f'<text x="{x - 6:.1f}" y="{y - 8:.1f}" text-anchor="end" font-size="11">'
            f"{value:.0f}</text>"
        )
    return "\n".join(parts)


def _decades(values: list[float]) -> tuple[int, int]:
    """Return the powers of ten around the values, at least one decade."""
    low = math.floor(math.log10(min(values)))
    return low, max(math.ceil(math.log10(max(values))), low + 1)


def _ten(power: int) -> str:
    return f'10<tspan dy="-5" font-size="9">{power}</tspan>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        'stroke="#ccc" stroke-width="1"/>'
    )
