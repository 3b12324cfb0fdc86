"""The demo's register of entrances and results of dog searches, from random streams of its own.

Owners, consents and results are made up. Finds are likelier by the planted stairwell hot spots; a
search elsewhere rarely ends in one, and "no alert" is what most of them give.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely

from geodata.synthetic.plan import Floats
from geodata.synthetic.spots import SPOTS
from geodata.synthetic.town import Town

HEADINGS: Final = (
    "Entré-id",
    "Adress",
    "Fastighetsbeteckning",
    "Fastighetsägare",
    "Kontaktroll",
    "Upplåtelseform",
    "Antal lägenheter",
    "Utrymmen",
    "Tillträde",
    "Samtycke av",
    "Samtycke datum",
    "Samtycke omfattar",
    "Samtycke till och med",
    "Samtycke återkallat",
    "Boende informerade",
    "Informationssätt",
    "Ägarens önskemål",
    "E",
    "N",
)
RESULT_HEADINGS: Final = (
    "Entré-id",
    "Utrymme",
    "Vecka",
    "Resultat",
    "Minuter",
    "Utförare",
    "Överlämnat till polisen",
    "Åtgärd",
)
SPACES: Final = (
    ("trapphus", 1.0),
    ("källargång", 0.85),
    ("förrådsgång", 0.6),
    ("tvättstuga", 0.4),
    ("cykelrum", 0.45),
    ("soprum", 0.35),
    ("vind", 0.15),
    ("garage", 0.1),
)
CONSENT_MIX: Final = (0.72, 0.08, 0.05, 0.15)
"""Shares of properties whose consent is valid, expired, withdrawn, and not given."""

WEEKS: Final = 52
PER_ROUND: Final = 16
NEAR_M: Final = 180.0
FIND_NEAR: Final = 0.16
FIND_ELSEWHERE: Final = 0.025
ALERT: Final = 0.05
EMPTY_OWNER: Final = "Exempel Fastigheter i Malmen AB"


@dataclass(frozen=True)
class RegisterFiles:
    """The two files."""

    register: Path
    results: Path


def write_register(folder: Path, town: Town, today: date, seed: int) -> RegisterFiles:
    """Write ``entreregister.csv`` and ``hundsok_resultat.csv``.

    Raises
    ------
    OSError
        If the folder can't be written.
    """
    files = RegisterFiles(folder / "entreregister.csv", folder / "hundsok_resultat.csv")
    streams = np.random.SeedSequence([seed, 12]).spawn(2)
    rows = register_rows(town, today, np.random.default_rng(streams[0]))
    _write(files.register, HEADINGS, rows)
    found = result_rows(rows, today, np.random.default_rng(streams[1]))
    _write(files.results, RESULT_HEADINGS, found)
    return files


def _write(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def register_rows(town: Town, today: date, rng: np.random.Generator) -> list[dict[str, str]]:
    """Return a row an entrance, then one of an owner without any."""
    doors = town.entrances
    houses = town.buildings.set_index("building_id")["n_dwellings"]
    stairs = doors.groupby("building_id")["entrance_id"].transform("size")
    dwellings = (houses.reindex(doors["building_id"]).to_numpy() // stairs.to_numpy()).astype(int)
    building, _names = pd.factorize(doors["building_id"])
    consents = [_consent(today, rng) for _ in range(int(building.max()) + 1)]
    xy = shapely.get_coordinates(doors.geometry.to_numpy())
    drawn = rng.random((len(doors), len(SPACES)))
    asked = rng.random(len(doors)) < 0.02
    orphan = rng.random(len(doors)) < 0.004
    rows = []
    for i, door in enumerate(doors.itertuples(index=False)):
        owner = "" if orphan[i] or pd.isna(door.owner) else str(door.owner)
        cooperative = str(door.tenure).casefold().startswith("bostadsr")
        spaces = [name for (name, share), x in zip(SPACES, drawn[i], strict=True) if x < share]
        rows.append(
            {
                "Entré-id": str(door.entrance_id),
                "Adress": str(door.address),
                "Fastighetsbeteckning": f"DEMOKVARTERET {building[i] + 1}",
                "Fastighetsägare": owner,
                "Kontaktroll": "styrelsen" if cooperative else "förvaltare",
                "Upplåtelseform": "" if pd.isna(door.tenure) else str(door.tenure),
                "Antal lägenheter": str(max(int(dwellings[i]), 1)),
                "Utrymmen": ", ".join(spaces),
                "Tillträde": "kod via styrelsen" if cooperative else "nyckel hos förvaltaren",
                "Ägarens önskemål": str(today - timedelta(days=40)) if asked[i] else "",
                "E": f"{xy[i, 0]:.1f}".replace(".", ","),
                "N": f"{xy[i, 1]:.1f}".replace(".", ","),
                **consents[building[i]],
                **({"Samtycke av": "styrelsen"} if cooperative and consents[building[i]] else {}),
            }
        )
    rows.append({"Fastighetsägare": EMPTY_OWNER, "Kontaktroll": "fastighetschef"})
    return rows


def _consent(today: date, rng: np.random.Generator) -> dict[str, str]:
    """Return the consent of a property and how its tenants were informed."""
    kind = int(rng.choice(len(CONSENT_MIX), p=CONSENT_MIX))
    given = today - timedelta(days=int(rng.integers(390, 620)))
    endless = rng.random() < 0.3
    days = int(rng.integers(60, 500))
    part = rng.random() < 0.25
    if kind == 3:
        return {}
    ends = today - timedelta(days=days) if kind == 1 else today + timedelta(days=days)
    informed = given + timedelta(days=14)
    return {
        "Samtycke av": "förvaltningschef",
        "Samtycke datum": str(given),
        "Samtycke omfattar": "trapphus, källargång, förrådsgång" if part else "alla",
        "Samtycke till och med": "tills vidare" if endless and kind == 0 else str(ends),
        "Samtycke återkallat": str(today - timedelta(days=30)) if kind == 2 else "",
        "Boende informerade": str(informed),
        "Informationssätt": "anslag i trapphuset",
    }


def result_rows(
    rows: Sequence[Mapping[str, str]], today: date, rng: np.random.Generator
) -> list[dict[str, str]]:
    """Return the searches of a year, every second week, at entrances that had consent then."""
    able = [row for row in rows if row.get("Samtycke datum") and row.get("Fastighetsägare")]
    xy = np.array([[float(row[c].replace(",", ".")) for c in ("E", "N")] for row in able])
    spots: Floats = np.array([spot.at for spot in SPOTS if spot.pattern == "stairwell"])
    near = np.hypot(*(xy[:, None, :] - spots).transpose(2, 0, 1)).min(axis=1) < NEAR_M
    pull = np.where(near, 8.0, 1.0)
    found = []
    monday = today - timedelta(days=today.weekday() + 7)
    for back in range(WEEKS, 0, -2):
        week = monday - timedelta(weeks=back)
        year, number, _day = week.isocalendar()
        chosen = rng.choice(len(able), PER_ROUND, replace=False, p=pull / pull.sum())
        for i in np.sort(chosen).tolist():
            found += _searched(able[i], f"{year}-W{number:02d}", bool(near[i]), rng)
    return found


def _searched(
    row: Mapping[str, str], week: str, near: bool, rng: np.random.Generator
) -> list[dict[str, str]]:
    covered = row["Utrymmen"].split(", ")
    if row["Samtycke omfattar"] != "alla":
        covered = [name for name in covered if name in row["Samtycke omfattar"]]
    lines = []
    for name in covered:
        result = _result(rng.random(), FIND_NEAR if near else FIND_ELSEWHERE)
        lines.append(
            {
                "Entré-id": row["Entré-id"],
                "Utrymme": name,
                "Vecka": week,
                "Resultat": result,
                "Minuter": "" if result == "ej genomfört" else str(int(rng.integers(3, 12))),
                "Utförare": "polis",
                "Överlämnat till polisen": "ja" if result == "fynd" else "",
                "Åtgärd": "belysning" if result == "fynd" else "",
            }
        )
    return lines


def _result(x: float, find: float) -> str:
    if x < find:
        return "fynd"
    if x < find + ALERT:
        return "markering utan fynd"
    return "ingen markering" if x < 0.97 else "ej genomfört"
