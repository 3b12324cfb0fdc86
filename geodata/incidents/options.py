"""Settings for what the rows of an export mean: ``[[input]]`` apart from how the file is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.coordinates import CoordinateOptions
from geodata.language import N_
from geodata.options import setting
from geodata.times import TimeOptions


@dataclass(frozen=True)
class Rule:
    """One ``[[input.rules]]``: what a row means when a column holds a certain text.

    Of ``equals`` and ``contains`` one must be given; upper and lower case are the same. The first
    rule that holds and sets a thing decides that thing.
    """

    column: str = setting("", N_("Kolumn i filen som regeln ser på."))
    equals: str = setting("", N_("Regeln gäller när cellens hela text är denna."))
    contains: str = setting("", N_("Regeln gäller när cellens text innehåller denna."))
    offence_class: str = setting("", N_("Brottsklass som raden får."))
    source: str = setting("", N_("Källa som raden får."))
    police_initiated: str = setting("", N_("yes eller no: om polisen själv upptäckte händelsen."))
    space_type: str = setting("", N_("Typ av plats som raden får."))
    certainty: str = setting("", N_("confirmed eller suspected."))
    geocode_class: str = setting("", N_("Hur punkten är bestämd."))


@dataclass(frozen=True)
class ImportOptions(CoordinateOptions, TimeOptions):
    """What the columns and texts of one export mean.

    In the project file all of it stands in ``[[input]]`` beside ``path`` and the fields of
    `geodata.exports.ReadOptions`, with the tables ``[input.columns]``, ``[input.constants]``,
    ``[input.values.source]`` … and ``[[input.rules]]``.
    """

    columns: dict[str, str] = setting(
        dict,
        N_(
            'Vilken kolumn som är vad, till exempel date = "Brottsdag start". Två kolumner fogas '
            'ihop med " + ". Tom text betyder att uppgiften inte ska läsas. Det som utelämnas '
            "antas efter kolumnernas namn."
        ),
        factory=True,
    )
    values: dict[str, dict[str, str]] = setting(
        dict,
        N_(
            "Vad texterna i en kolumn betyder, till exempel [input.values.source] med "
            '"OV" = "guard".'
        ),
        factory=True,
    )
    constants: dict[str, str] = setting(
        dict,
        N_(
            "Uppgift som gäller hela filen där raden inte säger något, till exempel "
            'source = "est_report".'
        ),
        factory=True,
    )
    rules: tuple[Rule, ...] = setting(
        (), N_("Regler efter text, när filen saknar brottskoder eller källa.")
    )
    ignore: tuple[str, ...] = setting(
        (),
        N_(
            "Kolumner som inte ska läsas. Kolumner som rör personer måste stå här för att filen "
            "ska tas emot. * sist står för vilken fortsättning som helst."
        ),
    )
    unlisted_columns: Literal["drop", "refuse"] = setting(
        "drop",
        N_("Kolumner som inte är upptagna: drop läser dem inte, refuse avvisar filen."),
    )
    reviewed_columns: tuple[str, ...] = setting(
        (),
        N_(
            "Kolumner vars text någon har granskat och funnit fri från personuppgifter; de "
            "genomsöks inte."
        ),
    )
    duplicates: Literal["auto", "merge", "keep"] = setting(
        "auto",
        N_(
            "Rader med exakt samma innehåll: auto slår ihop dem när ärendenummer eller klockslag "
            "visar att det är samma händelse, merge alltid, keep aldrig."
        ),
    )
    stacked_share: float = setting(
        0.03,
        N_(
            "Andel av raderna på en och samma punkt som är orimlig och tyder på en "
            "standardadress. Lägre flaggar fler punkter."
        ),
        minimum=0.001,
        maximum=1.0,
    )
    stacked_min_rows: int = setting(
        20, N_("Minsta antal rader på en punkt för att den ska flaggas."), unit="rader", minimum=2
    )
    confirmed_stacks: tuple[str | tuple[float, ...], ...] = setting(
        (),
        N_(
            "Platser som verkligen har så många händelser: adressen som text eller [x, y] i "
            "projektets system."
        ),
    )
    weight: float = setting(1.0, N_("Vikt i summor för varje händelse ur filen."), above=0)
