"""Export files of any length, for benchmarks: the columns of the demo's export, made in bulk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from geodata.synthetic.export import HEADER

CENTRE: Final = (569000.0, 6494500.0)
CLUSTERS: Final = 200
CLUSTERED: Final = 0.6
LAST: Final = date(2025, 12, 31)
DAYS: Final = 1096
CODES: Final = ("5010", "5011", "5005", "5004", "5047", "9357", "1209", "0407")
DRUG_CODES: Final = frozenset({"5010", "5011", "5005", "5004"})
CODE_SHARES: Final = (0.42, 0.35, 0.06, 0.004, 0.046, 0.05, 0.04, 0.03)


def big_places(n_places: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return places in whole metres, shape (n, 2), and the weight of each.

    Six tenths of the weight lies in 200 Gaussian clusters with standard deviations of 30–120 m,
    four tenths along streets in a net of 150 m.
    """
    n_clustered = n_places // 2
    centre = rng.normal(CENTRE, 2200.0, (CLUSTERS, 2))
    spread = rng.uniform(30, 120, CLUSTERS)
    of = rng.integers(0, CLUSTERS, n_clustered)
    near = centre[of] + rng.normal(0, 1, (n_clustered, 2)) * spread[of, None]
    n_rest = n_places - n_clustered
    along = rng.normal(CENTRE, 2600.0, (n_rest, 2))
    axis = rng.integers(0, 2, n_rest)
    rows = np.arange(n_rest)
    along[rows, axis] = np.round(along[rows, axis] / 150) * 150
    weight = np.concatenate(
        [
            CLUSTERED * _shares(rng.gamma(0.6, 1.0, n_clustered)),
            (1 - CLUSTERED) * _shares(rng.gamma(0.6, 1.0, n_rest)),
        ]
    )
    return np.round(np.vstack([near, along])).astype(np.int64), weight


def _shares(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(values / values.sum())


def big_export(
    path: Path,
    *,
    n_rows: int,
    n_places: int = 20_000,
    seed: int = 581,
    drugs_only: bool = False,
    default_share: float = 0.0,
) -> None:
    """Write an export with the columns of the demo's.

    Parameters
    ----------
    path
        The CSV file; semicolon, UTF-8.
    n_rows, n_places
        Number of rows, and of distinct places they stand on at most.
    seed
        The same arguments give the same bytes.
    drugs_only
        Only the codes of narcotics offences, as an extract of these would be.
    default_share
        Share of the rows on one point, as on a station's default address.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 7]))
    places, weight = big_places(n_places, rng)
    weight = weight * (1 - default_share)
    weight[0] += default_share
    codes = np.array([c in DRUG_CODES for c in CODES]) if drugs_only else np.ones(len(CODES), bool)
    shares = np.array(CODE_SHARES) * codes
    place = pa.array(np.searchsorted(np.cumsum(weight)[:-1], rng.random(n_rows)))
    days = np.datetime64(LAST, "D") - np.arange(DAYS)[::-1]
    day = np.sort(rng.integers(0, DAYS, n_rows))
    hour = (rng.normal(16.0, 5.0, n_rows) % 24).astype(np.int64)
    clock = hour * 100 + rng.integers(1, 60, n_rows)
    later = np.minimum(clock + rng.integers(0, 59 - clock % 100 + 1, n_rows), 2359)
    code = rng.choice(len(CODES), n_rows, p=shares / shares.sum())
    text_days = pa.array(np.datetime_as_string(days).tolist())
    date_of = text_days.take(pa.array(day))
    case = np.arange(n_rows) - (rng.random(n_rows) < 0.2)  # a fifth shares its case with another
    columns = {
        "diarienr": _words("5000-K", 1_000_000 + case, "-25"),
        "inskrdat": date_of,
        "närpo": _same("Norrköping", n_rows),
        "brottskod": pa.array(CODES).take(pa.array(code)),
        "antal": _same("1", n_rows),
        "brottsdag start": date_of,
        "brottsdag slut": date_of,
        "tid start": pa.array(clock).cast(pa.string()),
        "tid slut": pa.array(later).cast(pa.string()),
        "gata": pa.array([f"Exempelgatan {n % 97}" for n in range(n_places)]).take(place),
        "gatunr": pa.array([str(n % 61 + 1) for n in range(n_places)]).take(place),
        "kommun": _same("Norrköping", n_rows),
        "N": pa.array([f"{n},0" for n in places[:, 1]]).take(place),
        "E": pa.array([f"{n},0" for n in places[:, 0]]).take(place),
        "brottsplatstyp": _some(
            ("Gata, torg", "Park, grönområde", "Butik, köpcentrum"), rng, n_rows
        ),
        "anmälningssätt": _some(("Ingripande", "Spaning", "Telefon", "Tips"), rng, n_rows),
        "geokodning": _some(("Adress", "Interpolerad"), rng, n_rows),
    }
    table = pa.table({name: columns[name] for name in HEADER})
    options = pa_csv.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
    pa_csv.write_csv(table, path, options)


def _words(before: str, number: NDArray[Any], after: str) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(before, pa.array(number).cast(pa.string()), after, "")


def _same(word: str, n: int) -> pa.Array:
    return pa.repeat(word, n)


def _some(words: tuple[str, ...], rng: np.random.Generator, n: int) -> pa.Array:
    return pa.array(words).take(pa.array(rng.integers(0, len(words), n)))
