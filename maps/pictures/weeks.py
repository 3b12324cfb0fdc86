"""Events of one source by week, as bars; weeks without a report are marked, not drawn as none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geodata.language import gettext as _
from geodata.language import number
from maps.pictures.svg import picture, share, tag

HEIGHT = 64
_FOOT = 8
"""Pixels below the bars, for the marks of weeks without a report."""


@dataclass(frozen=True)
class WeekBar:
    """One week.

    Attributes
    ----------
    name
        As people say it: ``v. 52 2025``.
    n
        Events.
    status
        Of `geodata.picture_tables.WEEK_STATUS`.
    compared
        Whether the week now is held against it.
    """

    name: str
    n: int
    status: str
    compared: bool = False


def weeks_picture(key: str, title: str, weeks: Sequence[WeekBar]) -> Markup:
    """Draw one bar a week, oldest first, the last one dark.

    Parameters
    ----------
    key
        Id of the picture on the page.
    title
        What is counted where.
    weeks
        At least one.
    """
    most, n = max(1, *(week.n for week in weeks)), len(weeks)
    room = HEIGHT - _FOOT
    parts: list[Markup] = []
    for i, week in enumerate(weeks):
        x, width = share((i + 0.12) / n), share(0.76 / n)
        silent = week.status == "no_report"
        hint = f"{week.name}: " + (_("ingen rapport") if silent else number(week.n))
        if silent:
            parts.append(
                tag(
                    "rect",
                    tag("title", hint),
                    class_="silent",
                    x=x,
                    width=width,
                    y=room + 2,
                    height=5,
                )
            )
            continue
        kind = "now" if i == n - 1 else "compared" if week.compared else "past"
        height = max(room * week.n / most, 1.0 if week.n else 0.0)
        hover = tag("rect", tag("title", hint), class_="reach", x=x, width=width, y=0, height=room)
        parts.append(tag("rect", class_=kind, x=x, width=width, y=room - height, height=height))
        parts.append(hover)
    base = tag("line", class_="base", x1="0", x2="100%", y1=room, y2=room)
    return picture(key, title, _words(weeks), *parts, base, class_="week-bars", height=f"{HEIGHT}")


def _words(weeks: Sequence[WeekBar]) -> str:
    last, told = weeks[-1], [week for week in weeks if week.status != "no_report"]
    silent = len(weeks) - len(told)
    most = max(told, key=lambda week: week.n, default=last)
    return _(
        "{n} veckor. Senast {name}: {last}. Flest {most}: {top}. Veckor utan rapport: {silent}."
    ).format(
        n=number(len(weeks)),
        name=last.name,
        last=_("ingen rapport") if last.status == "no_report" else number(last.n),
        most=most.name,
        top=number(most.n),
        silent=number(silent),
    )
