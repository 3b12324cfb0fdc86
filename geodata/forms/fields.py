"""The form of a camera proposal: what only people can say, section by section of the sheet.

A field that is left empty is not answered; nothing is assumed for it. Codes are short English
words, as in the project file; the sheet shows them in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geodata.language import N_
from geodata.options import setting

Controller = Literal["", "municipality", "police", "housing_company", "other"]
Track = Literal["", "municipal", "police", "exempt"]
Purpose = Literal[
    "crime_exposed", "special_risk", "order", "control", "accidents", "comparable",
    "serious_crime", "strategic",
]  # fmt: skip
MeasureKind = Literal[
    "lighting",
    "pruning",
    "guards",
    "field_workers",
    "police_presence",
    "activation",
    "locks",
    "dog_search",
    "other",
]


@dataclass(frozen=True, kw_only=True)
class PlaceKey:
    """``[place]``: which place the form is about; written by the program, not to be changed."""

    candidate_id: str = setting("", N_("Platsens id i lagret av möjliga fästen."))
    x_m: float = setting(0.0, N_("Öst, i projektets koordinatsystem."), unit="m")
    y_m: float = setting(0.0, N_("Nord, i projektets koordinatsystem."), unit="m")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """``[identity]``: section A."""

    author: str = setting("", N_("Upprättad av (funktion, inte namn)."))
    controller: Controller = setting(
        "",
        N_(
            "Personuppgiftsansvarig: municipality (kommun), police (Polismyndigheten), "
            "housing_company (bostadsbolag) eller other."
        ),
    )
    controller_name: str = setting("", N_("Den personuppgiftsansvariges namn."))
    legal_track: Track = setting(
        "",
        N_(
            "Tillämpligt spår: municipal (7–13 §§), police (14–14 d §§) eller exempt (undantag "
            "enligt 11 § eller 14 c §). Verktyget föreslår, ni bestämmer."
        ),
    )
    legal_basis: str = setting("", N_("Rättslig grund, t.ex. 14 § lag (2023:196)."))
    earlier_permit: str = setting("", N_("Tidigare tillstånd (dnr), om det finns."))
    address: str = setting("", N_("Adress eller motsvarande, som den ska stå i förteckningen."))
    place_type: str = setting("", N_("Typ av plats, t.ex. torg, gångväg, parkering."))


@dataclass(frozen=True, kw_only=True)
class Problem:
    """``[problem]``: section B."""

    purposes: tuple[Purpose, ...] = setting(
        (),
        N_(
            "Ändamål, ett eller flera: crime_exposed, special_risk, order, control, accidents, "
            "comparable; endast polisen: serious_crime, strategic."
        ),
    )
    statement: str = setting("", N_("Problembeskrivning."))
    camera_question: str = setting("", N_("Vad ska kameran göra som annat inte kan?"))
    compare_with: tuple[str, ...] = setting(
        (),
        N_(
            "Jämförelseplatser som ni själva vill visa, 2–5: hot spotens id (H04), dess namn eller "
            'öst och nord i meter ("569000 6495000"). De visas före dem som väljs automatiskt.'
        ),
    )
    perceived_safety: str = setting(
        "", N_("Upplevd trygghet: trygghetsmätning eller dialog för området, med källa och år.")
    )


@dataclass(frozen=True, kw_only=True)
class MeasureTried:
    """``[[measures.tried]]``: one measure before the camera."""

    kind: MeasureKind = setting(
        "other",
        N_(
            "Slag: lighting (belysning), pruning (röjning), guards (ordningsvakt), field_workers "
            "(fältare), police_presence (polisnärvaro), activation (platsaktivering), locks "
            "(lås/entré), dog_search (hundsök) eller other."
        ),
    )
    name: str = setting("", N_("Vad som gjordes."))
    first_date: date | None = setting(None, N_("Första dag."))
    last_date: date | None = setting(None, N_("Sista dag; utelämnad om åtgärden pågår."))
    responsible: str = setting("", N_("Ansvarig (funktion)."))
    effect: str = setting("", N_("Vad som hände."))
    why_not_enough: str = setting("", N_("Varför det inte räckte."))


@dataclass(frozen=True, kw_only=True)
class Measures:
    """``[measures]``: section D."""

    none_because: str = setting("", N_("Om inget har prövats: inga, därför att …"))
    tried: tuple[MeasureTried, ...] = setting((), N_("Åtgärder som har prövats, en tabell var."))


@dataclass(frozen=True, kw_only=True)
class Intrusion:
    """``[intrusion]``: section E."""

    sensitive: str = setting(
        "",
        N_(
            "Känsliga platser: vad som har kontrollerats på platsen och vad som finns. Skriv "
            "aldrig ut skyddade boenden."
        ),
    )
    passers_by: str = setting("", N_("Uppskattat antal förbipasserande, med källa."))
    workplace: Literal["", "yes", "no"] = setting("", N_("Filmas en arbetsplats: yes eller no."))
    mbl_ref: str = setting("", N_("Förhandling enligt MBL 11–14 §§ (referens), om arbetsplats."))
    technique: Literal["", "fixed", "ptz"] = setting(
        "", N_("Teknik: fixed (fast) eller ptz (styrbar).")
    )
    recording: Literal["", "live", "recorded", "both"] = setting(
        "", N_("live (bara realtid), recorded (bara inspelat) eller both.")
    )
    sound: bool = setting(False, N_("Ljud tas upp."))
    analytics: bool = setting(False, N_("Bildanalys används."))
    special_technique: str = setting("", N_("Annan särskild teknik, om det finns."))
    privacy_technique: str = setting("", N_("Integritetsfrämjande teknik, t.ex. maskering."))
    hours_from: int | None = setting(
        None, N_("Bevakning från klockan."), unit="timme", minimum=0, maximum=23
    )
    hours_to: int | None = setting(
        None, N_("Bevakning till klockan."), unit="timme", minimum=1, maximum=24
    )
    hours_days: Literal["", "all", "weekdays", "weekends"] = setting(
        "", N_("Dagar: all (alla), weekdays (måndag–fredag) eller weekends (lördag–söndag).")
    )
    storage_days: float | None = setting(None, N_("Lagringstid."), unit="dygn", above=0)
    storage_reason: str = setting("", N_("Skäl för lagringstiden."))
    access: tuple[str, ...] = setting((), N_("Vilka roller som har åtkomst."))


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``[balance]``: section F."""

    arguments_for: str = setting("", N_("Skäl för, utöver det som räknats fram."))
    arguments_against: str = setting("", N_("Skäl emot, utöver det som räknats fram."))
    conclusion: str = setting("", N_("Slutsats av avvägningen."))
    dpo_statement: str = setting("", N_("Dataskyddsombudets yttrande."))
    decision_maker: str = setting("", N_("Beslutsfattare (funktion)."))
    decided: date | None = setting(None, N_("Datum för den dokumenterade bedömningen."))
    review_date: date | None = setting(
        None, N_("Omprövas senast; utelämnad: tolv månader efter bedömningen.")
    )
    triggers: tuple[str, ...] = setting(
        (), N_("Händelser som utlöser ny bedömning och som har inträffat, se listan på underlaget.")
    )
    signs: str = setting("", N_("Skyltar på plats (referens till foto)."))
    dpia_ref: str = setting("", N_("Konsekvensbedömning avseende dataskydd (referens)."))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """``[standing]``: what has become of the proposal."""

    position: Literal["open", "decided", "declined"] = setting(
        "open",
        N_(
            "open (utreds), decided (beslutad: platsen hålls kvar i urvalet) eller declined "
            "(avstås: platsen föreslås inte igen)."
        ),
    )
    declined_because: str = setting("", N_("Varför platsen avstås."))
    started: date | None = setting(None, N_("Bevakningen började."))
    ended: date | None = setting(None, N_("Bevakningen upphörde."))


@dataclass(frozen=True, kw_only=True)
class Form:
    """All of a form; see the class of each table."""

    place: PlaceKey = setting(PlaceKey, N_("Platsen."), factory=True)
    identity: Identity = setting(Identity, N_("A. Uppgifter om underlaget."), factory=True)
    problem: Problem = setting(Problem, N_("B. Ändamål och problem."), factory=True)
    measures: Measures = setting(Measures, N_("D. Prövade åtgärder."), factory=True)
    intrusion: Intrusion = setting(Intrusion, N_("E. Område och intrång."), factory=True)
    balance: Balance = setting(Balance, N_("F. Avvägning och beslut."), factory=True)
    standing: Standing = setting(Standing, N_("Ställning."), factory=True)
