"""The hand-drawn plan of the synthetic town: outline, water, main roads, styles and names.

Only the rough layout is Norrköping's: the public boundaries handed in by the caller and some
approximate centre points. River, roads and buildings are schematic inventions, and no street name,
owner or event is real. Coordinates are SWEREF 99 TM (EPSG:3006), easting before northing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CRS: Final = "EPSG:3006"

GRID_SIZE: Final = 0.1  # metres; lines are rounded to it, which also mends float noise

Floats = NDArray[np.float64]

Points = tuple[tuple[float, float], ...]

OUTLINE: Final[Points] = (
    (564900, 6493750),
    (564880, 6493300),
    (565250, 6492820),
    (565900, 6492560),
    (566600, 6492420),
    (567300, 6492050),
    (568100, 6491850),
    (568900, 6491950),
    (569700, 6491850),
    (570250, 6491600),
    (570750, 6491000),
    (571350, 6490750),
    (571900, 6491150),
    (572100, 6491900),
    (571800, 6492700),
    (572250, 6493350),
    (572200, 6493950),
    (571500, 6494350),
    (571600, 6495000),
    (571450, 6495700),
    (571150, 6496250),
    (570600, 6496350),
    (569900, 6496250),
    (569300, 6496850),
    (568500, 6497150),
    (567700, 6497400),
    (566700, 6497350),
    (566050, 6496950),
    (565850, 6496300),
    (566150, 6495700),
    (566650, 6495200),
    (566750, 6494650),
    (566250, 6494380),
    (565500, 6494150),
)
"""The built-up part; no street or building stands outside it."""

RIVER: Final[tuple[tuple[float, float, float], ...]] = (
    (561500, 6494350, 60),
    (561800, 6494400, 800),
    (562500, 6494500, 1500),
    (563300, 6494650, 1250),
    (563900, 6494800, 560),
    (564500, 6494880, 260),
    (564950, 6494910, 180),
    (565500, 6494900, 120),
    (566100, 6494780, 90),
    (566600, 6494640, 80),
    (567100, 6494720, 75),
    (567550, 6494840, 70),
    (568000, 6494960, 75),
    (568400, 6495080, 70),
    (568620, 6495330, 70),
    (568850, 6495590, 80),
    (569250, 6495640, 95),
    (569650, 6495600, 120),
    (570150, 6495700, 160),
    (570600, 6495980, 210),
    (571050, 6496420, 260),
    (571500, 6496950, 330),
    (572100, 6497500, 520),
    (573000, 6498150, 950),
    (574300, 6498900, 1700),
    (575900, 6499600, 2100),
    (577300, 6500200, 1700),
    (578200, 6500600, 700),
    (578500, 6500750, 60),
)
"""Centre line of the river (easting, northing, width in metres), from the lake to the bay."""

MAIN_ROADS: Final[tuple[tuple[str, Points], ...]] = (
    (
        "Exempelleden",
        (
            (568420, 6497250),
            (568700, 6496600),
            (568880, 6496000),
            (568960, 6495560),
            (569000, 6495150),
            (569060, 6494700),
            (569120, 6494250),
            (569330, 6493750),
            (569620, 6493250),
            (569770, 6492880),
            (570050, 6492380),
            (570330, 6491900),
            (570760, 6491460),
            (571200, 6491030),
            (571420, 6490800),
        ),
    ),
    (
        "Modellvägen",
        (
            (569060, 6494700),
            (568600, 6494480),
            (568100, 6494300),
            (567500, 6494150),
            (566950, 6493950),
            (566450, 6493720),
            (565900, 6493480),
            (565400, 6493380),
            (564890, 6493330),
        ),
    ),
    (
        "Prognosleden",
        (
            (569000, 6495150),
            (569450, 6495070),
            (569950, 6495020),
            (570500, 6494980),
            (571050, 6495080),
            (571560, 6495120),
        ),
    ),
    (
        "Skissvägen",
        (
            (568960, 6495300),
            (568560, 6495200),
            (568180, 6495250),
            (567900, 6495520),
            (567640, 6495950),
            (567350, 6496420),
            (566950, 6496830),
            (566500, 6497200),
        ),
    ),
    (
        "Demoleden",
        (
            (565950, 6492570),
            (566560, 6492900),
            (567150, 6492950),
            (567800, 6492760),
            (568500, 6492480),
            (569250, 6492330),
            (570050, 6492380),
            (570750, 6492520),
            (571250, 6492900),
            (571450, 6493500),
            (571300, 6494200),
            (571050, 6495080),
        ),
    ),
    (
        "Utkastvägen",
        (
            (569120, 6494250),
            (569700, 6494330),
            (570300, 6494280),
            (570800, 6494050),
            (571450, 6493500),
        ),
    ),
    (
        "Versionsvägen",
        (
            (566560, 6492900),
            (566450, 6493720),
            (566800, 6494300),
            (567050, 6494720),
            (567150, 6495300),
            (567350, 6496420),
        ),
    ),
)
"""Roads that cross the river on bridges; smoothed before use."""

RINGS: Final[tuple[tuple[str, float, float, float], ...]] = (
    ("Cirkelringen", 570850, 6491915, 122),
    ("Ellipsringen", 571190, 6491550, 122),
)
"""The two large ring blocks (name, easting, northing, radius of the facade in metres)."""

SQUARE: Final = (568800.0, 6494960.0)
"""A point in the block that is the town's square."""

PARK: Final = (568250.0, 6494640.0)
"""A point in the block that is the summer park."""

LANDMARKS: Final[tuple[tuple[str, str, float, float, float], ...]] = (
    ("mall", "Exempelgallerian", 570200, 6492900, 12),
    ("mall", "Ringens centrum", 571020, 6492060, -47),
    ("mall", "Klockans centrum", 565860, 6493660, 12),
    ("school", "Prövskolan", 570340, 6493150, 25),
    ("school", "Exempelskolan", 570660, 6491670, 43),
    ("school", "Modellskolan", 566060, 6493230, -40),
    ("school", "Skisskolan", 568330, 6492900, -10),
    ("school", "Utkastskolan", 566900, 6496700, 30),
    ("school", "Demogymnasiet", 569640, 6494640, -8),
    ("police", "Stationshuset (exempel)", 569330, 6495330, 5),
    ("hospital", "Exempelsjukhuset", 570280, 6495330, 0),
)
"""Buildings with a place of their own (kind, name, easting, northing, degrees)."""


@dataclass(frozen=True)
class Style:
    """How a part of the town is laid out.

    Attributes
    ----------
    mix
        Kinds of blocks and their shares, which sum to 1.
    pitch
        Distance between streets along and across, metres.
    bend
        How far streets wander from a straight line, metres.
    streets, paths
        Share of the links of the grid that are streets, and that are footpaths; the rest is open.
    """

    mix: tuple[tuple[str, float], ...]
    pitch: tuple[float, float]
    bend: float
    streets: float
    paths: float


GRID_CITY: Final = Style(
    (("quarter", 0.84), ("park", 0.09), ("point", 0.07)), (92, 126), 5, 0.96, 0.04
)
MIXED: Final = Style(
    (("quarter", 0.22), ("slab", 0.4), ("park", 0.13), ("point", 0.1), ("industry", 0.15)),
    (105, 150),
    12,
    0.86,
    0.1,
)
ESTATE: Final = Style(
    (("slab", 0.7), ("yard", 0.08), ("park", 0.1), ("point", 0.12)), (140, 190), 24, 0.66, 0.26
)
BLEND: Final = Style(
    (("row", 0.3), ("slab", 0.3), ("wood", 0.17), ("point", 0.12), ("yard", 0.11)),
    (110, 165),
    34,
    0.66,
    0.24,
)
VILLAS: Final = Style(
    (("villa", 0.42), ("wood", 0.28), ("row", 0.1), ("park", 0.13), ("slab", 0.07)),
    (84, 190),
    42,
    0.76,
    0.1,
)
OUTER: Final = Style(
    (("wood", 0.5), ("villa", 0.27), ("field", 0.15), ("row", 0.08)), (90, 210), 46, 0.7, 0.08
)
WORKS: Final = Style(
    (("industry", 0.7), ("field", 0.16), ("wood", 0.14)), (150, 240), 8, 0.82, 0.02
)

STYLES: Final[tuple[tuple[str, Style], ...]] = (
    ("Sydöstra Vilbergen", VILLAS),
    ("Åselstad", OUTER),
    ("Hageby", ESTATE),
    ("Navestad", ESTATE),
    ("Klockaretorpet", BLEND),
    ("Gamla Staden", GRID_CITY),
    ("Djäknepark", GRID_CITY),
    ("Generalen", GRID_CITY),
    ("Strömbacken", GRID_CITY),
    ("Såpkullen", GRID_CITY),
    ("Nordantill", GRID_CITY),
    ("Marielund", MIXED),
    ("Haga", MIXED),
    ("Ljura", ESTATE),
    ("Grönhög", MIXED),
    ("Ektorp", BLEND),
    ("Vilbergen", ESTATE),
    ("Herstadberg", WORKS),
    ("Oxelbergen", MIXED),
    ("Kneippen", VILLAS),
    ("Pryssgården", VILLAS),
    ("Eneby", VILLAS),
    ("Skarphagen", VILLAS),
    ("Smedby", VILLAS),
)
"""Style by a word in the area's name, first match; every other area is `OUTER`."""


def style_of(name: str) -> Style:
    """Return the style of an area by its name."""
    return next((style for word, style in STYLES if word in name), OUTER)


STEMS: Final = (
    "Exempel Prov Demo Mönster Skiss Modell Utkast Sago Tanke Formel Siffer Kalkyl Linjal Passar "
    "Cirkel Vinkel Kvadrat Punkt Parabel Ellips Triangel Tabell Diagram Kurv Rimlighets Variant "
    "Fiktions Fabel Gåto Rebus Pussel Schack Ruter Domino Tärnings Kub Pyramid Konus Prisma Sfär "
    "Romb Tangent Radie Diameter Medel Median Typvärdes Summa Kvot Faktor Bråk Heltals Primtals "
    "Nämnar Täljar Algebra Logik Axiom Sats Bevis Hypotes Tes Antites Syntes Alfa Beta Gamma "
    "Delta Epsilon Zeta Kappa Lambda Omega Sigma Vokal Konsonant Stavelse Rim Strof Vers Sonett "
    "Prolog Epilog Kapitel Fotnots Marginal Komma Semikolon Parentes Citat Kursiv Petit Ackord "
    "Oktav Ters Kvint Kvart Sekund Synkop Refräng Ballad Duett Kvartett Etyd Sonat Fuga Menuett"
)
"""First parts of the invented street names, by space."""

OWNERS: Final = (
    ("Exempelbostäder AB", "hyresrätt", 0.42),
    ("Provhem Fastigheter AB", "hyresrätt", 0.2),
    ("Demobyggarna Förvaltning AB", "hyresrätt", 0.13),
    ("Brf Mönstret (exempel)", "bostadsrätt", 0.15),
    ("Brf Skissen (exempel)", "bostadsrätt", 0.1),
)
"""Invented property owners: name, tenure, share of the residential blocks."""
