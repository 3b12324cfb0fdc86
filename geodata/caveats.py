"""The standing caveats: the sentences that go with every figure."""

from __future__ import annotations

from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

_OF_SOURCE: Final = {
    "est_report": N_(
        "EST-rapporter visar vem som rapporterar och var: få rapporter betyder inte att inget "
        "händer."
    ),
    "guard": N_("Väktares och ordningsvakters rapporter följer var och när de arbetar."),
    "housing_company": N_("Bostadsbolagens rapporter finns bara där bolagen har hus."),
    "municipality": N_("Kommunens rapporter finns bara där kommunen har verksamhet."),
    "citizen": N_("Invånares rapporter beror på vilka som brukar höra av sig."),
}


def standing_caveat() -> str:
    """Return the standing sentences that go with every figure on drug reports."""
    return _(
        "Anmälda narkotikabrott visar till stor del var polisen har arbetat: de upptäcks mest "
        "genom spaning och ingripanden. Många rapporter på en plats betyder inte säkert mer "
        "narkotika."
    )


def source_caveat(source: str) -> str:
    """Return the caveat that goes with figures of one source of `geodata.schema.SOURCES`.

    Police reports, and sources that nobody has named, have the standing one.
    """
    text = _OF_SOURCE.get(source)
    return _(text) if text else standing_caveat()
