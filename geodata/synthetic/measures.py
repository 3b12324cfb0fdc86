"""Measures said to have been held in the demo town, at places whose truth is known.

No event is made or moved for them: a camera is said to have come up on the day when a planted hot
spot ends and begins anew some way off, and other measures stand where nothing changed. So the
follow-up has something to find, something to hold its tongue about, and something it can't know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

HEADER: Final = "id;slag;namn;från;till;fastställd;ansvarig;område;E;N;radie"


@dataclass(frozen=True)
class DemoMeasure:
    """A row of the list.

    Attributes
    ----------
    measure_id, kind, name, first, last, fixed, responsible
        As in the list; ``last`` is ``None`` for what goes on.
    spot
        Planted hot spot where it is held, or an area by name.
    radius_m
        Around the middle of the hot spot.
    truth
        ``effect`` (moved off), ``none``, ``few`` (too few events to tell), ``early`` or
        ``outside``.
    """

    measure_id: str
    kind: str
    name: str
    spot: str
    first: date
    last: date | None
    fixed: date | None
    responsible: str
    truth: str
    radius_m: int = 90


def demo_measures(today: date) -> tuple[DemoMeasure, ...]:
    """Return the demo's measures; those of the last weeks follow the day of the extract."""
    return (
        DemoMeasure(
            "K-21",
            "kamera",
            "Kamera vid Skissvägen norr",
            "P07",
            date(2024, 7, 1),
            None,
            date(2024, 5, 15),
            "kommunens säkerhetsenhet",
            "effect",
        ),
        DemoMeasure(
            "B-14",
            "belysning",
            "Ny belysning på Exempeltorget",
            "P01",
            date(2024, 10, 1),
            None,
            date(2024, 9, 1),
            "gatukontoret",
            "none",
        ),
        DemoMeasure(
            "R-03",
            "röjning",
            "Siktröjning i Skissparken",
            "P06",
            date(2024, 9, 15),
            date(2025, 3, 31),
            date(2025, 1, 10),
            "parkenheten",
            "none",
        ),
        DemoMeasure(
            "O-02",
            "ordningsvakt",
            "Ordningsvakter vid Ringens centrum",
            "P03",
            date(2025, 1, 1),
            date(2025, 12, 31),
            None,
            "kommunens säkerhetsenhet",
            "none",
        ),
        DemoMeasure(
            "F-05",
            "fältare",
            "Fältgrupp i Klockaretorpet",
            "Klockaretorpet",
            date(2024, 9, 1),
            None,
            date(2024, 8, 15),
            "socialtjänsten",
            "none",
        ),
        *(
            DemoMeasure(
                "H-09",
                "hundsök",
                "Hundsök vid Hageby södra",
                "P10",
                first,
                first,
                date(2025, 3, 1),
                "polisen",
                "few",
                60,
            )
            for first in (date(2025, 4, 8), date(2025, 4, 22), date(2025, 5, 6))
        ),
        DemoMeasure(
            "K-23",
            "kamera",
            "Kamera vid Exempelgallerian",
            "P02",
            today - timedelta(days=3),
            None,
            today - timedelta(days=60),
            "kommunens säkerhetsenhet",
            "early",
        ),
        DemoMeasure(
            "B-07",
            "belysning",
            "Belysning vid Demogymnasiet",
            "P12",
            date(2019, 11, 1),
            date(2020, 3, 31),
            date(2019, 10, 1),
            "gatukontoret",
            "outside",
        ),
    )


def write_measures(path: Path, spots: Sequence[Mapping[str, Any]], today: date) -> None:
    """Write the list of measures.

    Parameters
    ----------
    path
        CSV with semicolons.
    spots
        The planted hot spots as in the truth file: ``spot_id``, ``x_m``, ``y_m``.
    today
        Day of the extract.
    """
    middle = {spot["spot_id"]: (spot["x_m"], spot["y_m"]) for spot in spots}
    lines = [HEADER]
    for one in demo_measures(today):
        place = ["", "", "", ""]
        if one.spot in middle:
            x, y = middle[one.spot]
            place = ["", f"{x:.0f}", f"{y:.0f}", str(one.radius_m)]
        else:
            place[0] = one.spot
        cells = [one.measure_id, one.kind, one.name, str(one.first), str(one.last or "")]
        cells += [str(one.fixed or ""), one.responsible, *place]
        lines.append(";".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
