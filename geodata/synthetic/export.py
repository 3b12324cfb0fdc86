"""The two inputs as they come in real life: the police's export and the EST reports.

A few per cent of the rows are faulty in the ways that real exports are. How many of each is
returned, so that an import report can be held to it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.crs import transform
from geodata.synthetic import plan

HEADER: Final = (
    "diarienr",
    "inskrdat",
    "närpo",
    "brottskod",
    "antal",
    "brottsdag start",
    "brottsdag slut",
    "tid start",
    "tid slut",
    "gata",
    "gatunr",
    "kommun",
    "N",
    "E",
    "brottsplatstyp",
    "anmälningssätt",
    "geokodning",
)

MESS: Final[Mapping[str, int]] = {
    "missing_coordinates": 58,
    "zero_coordinates": 9,
    "outside_area": 17,
    "other_crs": 24,
    "future_date": 6,
    "end_before_start": 12,
    "unreadable_date": 4,
    "personal_data": 4,
    "wrong_number_of_columns": 5,
    "duplicate": 93,
    "unknown_code": 12,
}
"""Faulty rows per 6,000 events, by the reason an import gives. Those of unknown code are kept."""

PLACE_TYPES: Final = {
    "entrance": "Trapphus, källare i flerbostadshus",
    "street": "Gata, torg",
    "green": "Park, grönområde",
    "mall": "Butik, köpcentrum",
    "school": "Skola",
    "police": "Polishus, arrest",
    "hospital": "Sjukhus, vårdinrättning",
    "industry": "Arbetsplats",
}
"""Kind of place in the export; at all other buildings events stand in the street outside."""


def hhmm(times: pd.Series[Any]) -> NDArray[Any]:
    """Return times as HHMM with the leading zeros that Excel eats: 00:05 is ``5``."""
    value = times.dt.hour * 100 + times.dt.minute
    return np.asarray(value.astype(str), dtype=object)


def clean_rows(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the faultless rows of the export as text, one row an offence, in order of entry."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 5]))
    order = cases.sort_values(["registered", "start", "x", "y"], kind="stable", ignore_index=True)
    year = order["registered"].dt.year
    running = 10_000 + 7 * order.groupby(year).cumcount()
    order["diarienr"] = "5000-K" + running.astype(str) + "-" + (year % 100).astype(str)
    rows = order.assign(code=order["codes"].str.split(";")).explode("code", ignore_index=True)
    n = len(rows)
    outside = np.isin(rows["kind"], ["villa", "rowhouse"]) & rows["code"].eq("5004")
    place = rows["kind"].map(PLACE_TYPES).fillna("Gata, torg").where(~outside, "Bostad")
    draw = rng.random(n)
    own = np.where(draw < 0.7, "Ingripande", "Spaning")
    told = np.array(["Telefon", "Reception", "E-anmälan", "Tips"], dtype=object)
    said = told[np.minimum((draw * 4).astype(int), 3)]
    timeless = rows["timeless"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "diarienr": rows["diarienr"],
            "inskrdat": rows["registered"].dt.strftime("%Y-%m-%d"),
            "närpo": "Norrköping",
            "brottskod": rows["code"],
            "antal": rows["count"].astype(str),
            "brottsdag start": rows["start"].dt.strftime("%Y-%m-%d"),
            "brottsdag slut": rows["end"].dt.strftime("%Y-%m-%d"),
            "tid start": np.where(timeless, "9999", hhmm(rows["start"])),
            "tid slut": np.where(timeless, "9999", hhmm(rows["end"])),
            "gata": rows["street"],
            "gatunr": rows["number"],
            "kommun": "Norrköping",
            "N": rows["y"].astype(str) + ",0",
            "E": rows["x"].astype(str) + ",0",
            "brottsplatstyp": place,
            "anmälningssätt": np.where(rows["initiated"], own, said),
            "geokodning": rows["geocode"],
        }
    ).astype("str")


def with_mess(
    rows: pd.DataFrame, last: date, scale: float, seed: int
) -> tuple[list[str], dict[str, int]]:
    """Return the lines of the export with faulty rows among the others, and how many of each.

    Parameters
    ----------
    rows
        Faultless rows.
    last
        Day of the extract.
    scale
        Times the numbers of `MESS`.
    seed
        The same seed gives the same lines.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 6]))
    counts = {reason: round(n * scale) for reason, n in MESS.items()}
    lines = _lines(rows)
    single = np.flatnonzero(~rows["diarienr"].duplicated(keep=False).to_numpy())
    chosen = iter(np.split(rng.permutation(single), np.cumsum(list(counts.values()))))
    at, added = [], []
    for reason, n in counts.items():
        source = next(chosen)[:n]
        table = rows.iloc[source].copy()
        if reason != "duplicate":
            table["diarienr"] = table["diarienr"].str.replace("-K", "-K9", regex=False)
            _spoil(table, reason, last)
        spoilt = _lines(table)
        if reason == "wrong_number_of_columns":
            spoilt = [line.replace(";Norrköping;", ";Norr;köping;", 1) for line in spoilt]
        at += list(source + 1)
        added += spoilt
        counts[reason] = len(spoilt)
    mixed = np.insert(np.array(lines, dtype=object), at, added)
    return [";".join(HEADER), *mixed], counts


def _spoil(table: pd.DataFrame, reason: str, last: date) -> None:
    """Make rows faulty in one way, in place."""
    if reason == "missing_coordinates":
        table[["N", "E"]] = ""
    elif reason == "zero_coordinates":
        table[["N", "E"]] = "0"
    elif reason == "outside_area":
        table["N"], table["E"] = "6580822,0", "674032,0"
    elif reason == "other_crs":
        at = table[["E", "N"]].map(lambda text: float(text.replace(",", ".")))
        y, x = transform(at["E"].to_numpy(), at["N"].to_numpy(), plan.CRS, "EPSG:3021")
        table["E"], table["N"] = [f"{v:.0f},0" for v in y], [f"{v:.0f},0" for v in x]
    elif reason == "future_date":
        table["brottsdag start"] = table["brottsdag slut"] = f"{last.year + 1}-08-14"
    elif reason == "end_before_start":
        earlier = pd.to_datetime(table["brottsdag start"]) - pd.Timedelta(days=9)
        table["brottsdag slut"] = earlier.dt.strftime("%Y-%m-%d")
    elif reason == "unreadable_date":
        leapless = last.year if last.year % 4 else last.year - 1
        table["brottsdag start"] = table["brottsdag slut"] = f"{leapless}-02-29"
    elif reason == "personal_data":
        table["gatunr"] = table["gatunr"].where(table["gatunr"] != "", "1") + " lgh 1203"
    elif reason == "unknown_code":
        table["brottskod"] = "5099"


def _lines(rows: pd.DataFrame) -> list[str]:
    columns = [rows[name].to_numpy(dtype=object) for name in HEADER]
    return [";".join(values) for values in zip(*columns, strict=True)]


def write_police_csv(path: Path, lines: list[str]) -> None:
    """Write the export as the register does: cp1252, Windows line ends."""
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))


def write_est_xlsx(path: Path, reports: pd.DataFrame, made: date) -> None:
    """Write the EST reports as a workbook whose bytes depend on its contents only."""
    from openpyxl import Workbook

    at = reports[["x", "y"]].to_numpy(dtype=float)
    lon, lat = transform(at[:, 0], at[:, 1], plan.CRS, "EPSG:4326")
    place = (reports["street"] + " " + reports["number"]).str.strip()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rapporter")
    sheet.append(
        ["Rapport-id", "Kategori", "Rapportörstyp", "Säkerhet", "Typ av plats", "Datum",
         "Klockslag", "Plats", "Longitud", "Latitud"]
    )  # fmt: skip
    columns = (
        [f"EST-{n:05d}" for n in range(1, len(reports) + 1)],
        reports["category"], reports["reporter"], reports["certain"], reports["space"],
        reports["start"].dt.strftime("%Y-%m-%d"), reports["start"].dt.strftime("%H:%M"),
        place, np.round(lon, 6).tolist(), np.round(lat, 6).tolist(),
    )  # fmt: skip
    for row in zip(*columns, strict=True):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(timeless_zip(buffer.getvalue(), made))


def timeless_zip(content: bytes, made: date) -> bytes:
    """Return an Office file with all its times set to one day, so that its bytes are repeatable."""
    stamp = f"{made.isoformat()}T00:00:00Z"
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name == "docProps/core.xml":
                text = re.sub(r">\d{4}-\d\d-\d\dT[\d:]+Z?<", f">{stamp}<", data.decode("utf-8"))
                data = text.encode("utf-8")
            info = zipfile.ZipInfo(name, (made.year, made.month, made.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return result.getvalue()
