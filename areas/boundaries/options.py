"""The table ``[areas]`` of the project file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from geodata.language import N_
from geodata.options import setting

AreaKind = Literal["est_area", "regso", "deso", "municipality", "other"]
BuiltIn = Literal["est", "est_2023", "regso"]


@dataclass(frozen=True)
class AreaColumns:
    """``[areas.file.columns]``: which column of the file is what. Left out: guessed, and told."""

    area_id: str = setting("", N_("Områdets id, som består när gränsen ändras."))
    name: str = setting("", N_("Områdets namn, som det skrivs ut."))
    valid_from: str = setting("", N_("Gränsens första dag."))
    valid_to: str = setting("", N_("Gränsens sista dag."))
    decision_ref: str = setting("", N_("Beslutets beteckning."))
    population: str = setting("", N_("Antal invånare."))


@dataclass(frozen=True)
class AreaFile:
    """``[[areas.file]]``: a file with boundaries, and what holds for all of them."""

    path: Path = setting(Path(), N_("GeoPackage, GeoJSON eller Shapefile med områdenas ytor."))
    layer: str = setting("", N_("Lagrets namn, när filen har flera."))
    kind: AreaKind = setting("est_area", N_("Vilket slags områden det är."))
    crs: str = setting("", N_("Koordinatsystem, när filen inte anger det."))
    columns: AreaColumns = setting(
        AreaColumns, N_("Vilken kolumn i filen som är vad."), factory=True
    )
    valid_from: date | None = setting(None, N_("Gränsernas första dag, när den inte är en kolumn."))
    valid_to: date | None = setting(None, N_("Gränsernas sista dag, när den inte är en kolumn."))
    decision_ref: str = setting("", N_("Beslutets beteckning, när den inte är en kolumn."))
    authoritative: bool = setting(
        False, N_("Gränserna är de beslutade; kräver beslutets beteckning.")
    )
    source: str = setting("", N_("Varifrån gränserna kommer; annars filens namn."))


@dataclass(frozen=True)
class ComposedArea:
    """``[[areas.compose]]``: an area put together from RegSO or DeSO areas."""

    area_id: str = setting("", N_("Områdets id, som består när gränsen ändras."))
    name: str = setting("", N_("Områdets namn, som det skrivs ut."))
    codes: tuple[str, ...] = setting((), N_("Koder för RegSO- eller DeSO-områdena som ingår."))
    kind: AreaKind = setting("est_area", N_("Vilket slags område det är."))
    valid_from: date | None = setting(None, N_("Gränsens första dag."))
    valid_to: date | None = setting(None, N_("Gränsens sista dag."))
    decision_ref: str = setting("", N_("Beslutets beteckning."))
    authoritative: bool = setting(
        False, N_("Gränsen är den beslutade; kräver beslutets beteckning.")
    )


@dataclass(frozen=True)
class AreaOptions:
    """The table ``[areas]``: which boundaries count.

    ``builtin`` left out means: RegSO and the stand-ins for Norrköping's EST areas where the
    project's system covers Norrköping, less what the project's own files bring. What was chosen is
    told.
    """

    builtin: tuple[BuiltIn, ...] | None = setting(
        None,
        N_('Inbyggda områden i Norrköping: "est" (preliminära), "est_2023" och "regso".'),
    )
    file: tuple[AreaFile, ...] = setting((), N_("Egna filer med områden, [[areas.file]]."))
    compose: tuple[ComposedArea, ...] = setting(
        (), N_("Områden sammansatta av RegSO eller DeSO, [[areas.compose]].")
    )
    max_repair_share: float = setting(
        0.001,
        N_("Hur stor del av ytan en lagning av en trasig gräns får ändra; mer stoppar arbetet."),
        minimum=0,
        maximum=1,
    )
    min_overlap_m2: float = setting(
        1.0, N_("Minsta överlapp mellan områden av samma slag som redovisas."), unit="m²", minimum=0
    )
    gap_width_m: float = setting(
        10.0,
        N_("Springor mellan grannområden som är smalare än så redovisas; 0 stänger av."),
        unit="m",
        minimum=0,
    )
