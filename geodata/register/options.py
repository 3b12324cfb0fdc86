"""The settings of ``[dogsearch]`` that say where the register and its results stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class RegisterOptions:
    """The register of entrances and the register of results: files, columns, system."""

    register: str = setting(
        "",
        N_(
            "Register över entréer: XLSX, CSV eller GeoPackage, fil eller fil#lager. Utelämnat: "
            "entréer ur lagren, alltid utan samtycke."
        ),
    )
    results: str = setting("", N_("Resultat av genomförda sök: XLSX eller CSV."))
    register_crs: str = setting(
        "auto", N_("Koordinatsystem i registret. ”auto” avgör det av värdena.")
    )
    register_ignore: tuple[str, ...] = setting(
        (), N_("Kolumner i registret och resultaten som inte läses.")
    )
    register_columns: Mapping[str, str] = setting(
        dict, N_("Vilken kolumn i registret som är vad."), factory=True
    )
    results_columns: Mapping[str, str] = setting(
        dict, N_("Vilken kolumn i resultaten som är vad."), factory=True
    )
