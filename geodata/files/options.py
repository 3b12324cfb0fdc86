"""``[output]``: where results go and in which formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from geodata.language import N_
from geodata.options import setting

Format = Literal["gpkg", "parquet", "csv", "xlsx"]

AUTO_LIMIT: Final = 200_000
"""Events up to which they go into the GeoPackage of their own accord: beyond it the file grows past
some 50 MB and the spatial index takes more time than all the rest of the run."""


@dataclass(frozen=True)
class OutputOptions:
    """``[output]``: where results go and in which formats."""

    folder: Path = setting(
        Path("resultat"), N_("Mapp för resultat; varje körning får en egen mapp där.")
    )
    formats: tuple[Format, ...] = setting(
        ("gpkg",), N_("Filformat för tabellerna: gpkg, parquet, csv, xlsx.")
    )
    keep_runs: int = setting(
        3, N_("Så många körningar sparas; äldre tas bort när en ny är klar."), minimum=1
    )
    incidents_in_gpkg: Literal["auto", "yes", "no"] = setting(
        "auto",
        N_(
            "Om varje händelse ska tas med i results.gpkg: yes, no, eller auto (med upp till "
            "200 000 händelser; fler skrivs som Parquet i stället)."
        ),
    )
    decimal_comma: bool = setting(
        True, N_("Decimalkomma i CSV, som svenska Excel väntar sig; false ger punkt.")
    )

    def puts_incidents_in_gpkg(self, n_events: int) -> bool:
        """Tell whether `n_events` events go into the GeoPackage."""
        if self.incidents_in_gpkg == "auto":
            return n_events <= AUTO_LIMIT
        return self.incidents_in_gpkg == "yes"
