"""The templates that ``lagesbild new`` writes: a register to fill in, with a line that explains."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

REGISTER_FILE: Final = "mall_entreregister.csv"
RESULTS_FILE: Final = "mall_hundsok_resultat.csv"

HEADINGS: Final = (
    N_("Entré-id"),
    N_("Adress"),
    N_("Fastighetsbeteckning"),
    N_("Fastighetsägare"),
    N_("Kontaktroll"),
    N_("Upplåtelseform"),
    N_("Antal lägenheter"),
    N_("Utrymmen"),
    N_("Tillträde"),
    N_("Samtycke av"),
    N_("Samtycke datum"),
    N_("Samtycke omfattar"),
    N_("Samtycke till och med"),
    N_("Samtycke återkallat"),
    N_("Boende informerade"),
    N_("Informationssätt"),
    N_("Ägarens önskemål"),
    N_("E"),
    N_("N"),
)
RESULT_HEADINGS: Final = (
    N_("Entré-id"),
    N_("Utrymme"),
    N_("Vecka"),
    N_("Resultat"),
    N_("Minuter"),
    N_("Utförare"),
    N_("Överlämnat till polisen"),
    N_("Åtgärd"),
)


def write_template(path: Path) -> None:
    """Write an empty register, CSV with semicolons as a Swedish Excel opens it.

    Its first row explains and starts with ``#``; the reader passes it over.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    text = _(
        "# En rad per entré. Roller, aldrig personer, inga dörrar, lägenheter eller namn. "
        "Utrymmen: trapphus, källargång, förrådsgång, tvättstuga, cykelrum, soprum, vind, garage. "
        "Datum som 2026-01-31. Tomt samtycke är inget samtycke."
    )
    _write(path, text, HEADINGS)


def write_results_template(path: Path) -> None:
    """Write an empty register of results.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    text = _(
        "# En rad per entré, utrymme och vecka. Resultat: ej genomfört, ingen markering, "
        "markering utan fynd, fynd. ”Ingen markering” är ett normalt resultat. Skriv aldrig "
        "något om personer."
    )
    _write(path, text, RESULT_HEADINGS)


def write_templates(folder: Path) -> None:
    """Write both templates into a folder; files that are there already are left alone.

    Raises
    ------
    OSError
        If one can't be written.
    """
    for name, write in ((REGISTER_FILE, write_template), (RESULTS_FILE, write_results_template)):
        if not (folder / name).exists():
            write(folder / name)


def _write(path: Path, explanation: str, headings: tuple[str, ...]) -> None:
    lines = [f'"{explanation}"', ";".join(_(heading) for heading in headings)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\r\n")
