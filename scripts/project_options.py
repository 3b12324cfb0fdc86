"""Settings that belong to the run as a whole: the project, its own layers, what is weighed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from geodata.language import N_
from geodata.options import setting
from geodata.register.options import RegisterOptions
from hotspots.options import SearchOptions


@dataclass(frozen=True)
class ProjectOptions:
    """The table ``[project]``: what the work is called, for whom, and in which system."""

    name: str = setting("Lägesbild", N_("Namn som skrivs ut på kartor och sidor."))
    profile: Literal["intern", "samverkan", "publik"] = setting(
        "intern", N_("Vem som får se resultatet; styr vad som lämnas ut.")
    )
    language: Literal["sv", "en"] = setting("sv", N_("Språk i allt som skrivs ut."))
    crs: str = setting("EPSG:3006", N_("Koordinatsystem i meter för allt som räknas."))
    timezone: str = setting("Europe/Stockholm", N_("Tidszon för alla händelser."))
    extract_date: date | None = setting(
        None, N_("Dagen då uttaget gjordes; senare händelser avvisas. Utelämnad: i dag.")
    )
    extent: tuple[float, ...] = setting(
        (), N_("Ruta [x min, y min, x max, y max] i projektets system; punkter utanför avvisas.")
    )
    extent_margin_m: float = setting(
        2000.0, N_("Marginal runt kommunens områden när rutan inte anges."), unit="m", minimum=0
    )
    offence_codes: Path | None = setting(
        None, N_("Egen fil med brottskoder i stället för den inbyggda.")
    )
    seed: int = setting(
        581, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )
    synthetic: bool = setting(False, N_("Uppgifterna är påhittade; skrivs ut överallt."))


@dataclass(frozen=True)
class ReferenceOptions:
    """The table ``[reference]``: the project's own layers, ``file`` or ``file#layer``."""

    buildings: str = setting("", N_("Byggnader, ytor."))
    streets: str = setting("", N_("Gator och vägar, linjer."))
    entrances: str = setting("", N_("Entréer, punkter."))
    poles: str = setting("", N_("Stolpar och andra tänkbara kameraplatser, punkter."))
    water: str = setting("", N_("Vatten, ytor."))
    green: str = setting("", N_("Grönområden, ytor."))
    cameras: str = setting(
        "",
        N_(
            "Befintliga kameror: punkter (kolumnerna bearing_deg, field_of_view_deg, reach_m om de "
            "är kända) eller deras upptagningsområden som ytor."
        ),
    )
    sensitive: str = setting(
        "",
        N_(
            "Känsliga platser, punkter eller ytor; kolumnen kind (eller slag) säger skola, "
            "förskola, vård och så vidare. Skyddade boenden ritas och nämns aldrig."
        ),
    )
    yards: str = setting("", N_("Privat tomtmark, ytor."))
    public_ground: str = setting("", N_("Allmän platsmark, ytor."))
    stops: str = setting("", N_("Hållplatsområden för kollektivtrafik, ytor."))
    operations: str = setting("", N_("Lista över insatser: CSV, XLSX eller TOML."))
    population: str = setting(
        "",
        N_(
            "Invånare per DeSO eller RegSO: CSV eller XLSX med kolumnerna kod och invånare, eller "
            "ett lager med egna gränser."
        ),
    )
    reporters: str = setting(
        "",
        N_(
            "Lista över vilka rapportörer som hördes av vilken vecka, även utan något att "
            "rapportera: kolumnerna rapportör, vecka, område och antal."
        ),
    )
    perceived_points: str = setting(
        "",
        N_("Platser som upplevs som otrygga eller trygga: punkter med kolumnen känsla."),
    )
    perceived_answers: str = setting(
        "", N_("Svar om trygghet per område: kolumnerna område, svar och otrygga.")
    )
    measures: str = setting(
        "",
        N_(
            "Lista över åtgärder, även kameror och hundsök: kolumnerna slag, från, till, "
            "fastställd och en plats (område, E och N, eller yta). CSV, XLSX eller ett lager."
        ),
    )
    evaluation_plan: str = setting(
        "",
        N_(
            "Uppföljningsområden som fastställdes med ett kameraförslag: results.gpkg från den "
            "körningen. Gäller åtgärder vars id är förslagets."
        ),
    )
    crs: str = setting("", N_("Koordinatsystem för lager som saknar uppgift om det."))


@dataclass(frozen=True, kw_only=True)
class DogSearchOptions(SearchOptions, RegisterOptions):
    """The table ``[dogsearch]``: which reports count, and where the registers stand."""


@dataclass(frozen=True)
class EvidenceOptions:
    """The table ``[evidence]``: whether the hot spots are weighed."""

    run: bool = setting(
        True,
        N_(
            "Om hot spots prövas: slump, stabilitet, varaktighet, tid, källor och träffsäkerhet. "
            "false ger bara läget, fortare."
        ),
    )
