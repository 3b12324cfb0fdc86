"""Settings for the reading of dates and times; part of ``[[input]]`` in the project file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True)
class TimeOptions:
    """How dates and times stand in an export."""

    date_order: Literal["auto", "ymd", "dmy", "mdy"] = setting(
        "auto",
        N_(
            "Ordningen mellan år, månad och dag i datum som 31/1/25. ”auto” avgör det av hela "
            "filen; ange ordningen när alla dagar är högst 12 eller när filen blandar."
        ),
    )
    time_zone: str = setting(
        "",
        N_(
            "Tidszon för klockslag utan angiven zon, till exempel ”UTC”. Tomt betyder "
            "projektets tidszon."
        ),
    )
    clock: Literal["auto", "hhmm", "hhmmss", "hour"] = setting(
        "auto",
        N_(
            "Hur klockslag med bara siffror läses: 930 som 09:30 (hhmm), 93000 som 09:30:00 "
            "(hhmmss) eller 9 som hela timmen 9 (hour). ”auto” avgör det av hela kolumnen."
        ),
    )
    unknown_times: tuple[str, ...] = setting(
        ("9999", "0000"),
        N_(
            "Klockslag som betyder att tiden är okänd; händelsen får då dagen som tid. Ta bort "
            "”0000” om midnatt är ett riktigt klockslag i filen."
        ),
    )
    earliest_date: date = setting(
        date(1950, 1, 1),
        N_("Rader med tidigare datum avvisas som orimligt gamla."),
    )
    late_dates: Literal["reject", "keep"] = setting(
        "reject",
        N_(
            "Vad som görs med enstaka datum långt efter alla andra i filen, oftast felskrivna år: "
            "avvisa raderna (reject) eller behåll dem (keep)."
        ),
    )
