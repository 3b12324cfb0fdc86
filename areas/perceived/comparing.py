"""Where people feel unsafe beside where events are reported, and where the two disagree.

Each is put in three classes and the two are crossed (bivariate classes: Trumbo, *The American
Statistician* 35, 1981). The numbers are never added: one is what people feel, the other what was
reported by one source. Cells with few answers are shown as unclear.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from areas.assign import assign_points
from areas.perceived.options import PerceivedOptions
from areas.picture.intervals import share_limits
from areas.picture.making import Picture
from areas.picture.units import Units, Window
from areas.picture.weeks import local_days
from geodata import schema
from geodata.errors import Fault, Notice, SettingsError
from geodata.labels import label
from geodata.language import gettext as _
from geodata.options import nearest
from geodata.perceived import Answers, Feelings
from geodata.picture_tables import PICTURE
from geodata.schema import SOURCES

Ints = NDArray[np.int64]

PER = 1000.0
FAR_M = 300.0
"""An address farther away says nothing of where a cell is."""


@dataclass(frozen=True, eq=False)
class Perceived:
    """Perceived safety beside what is reported.

    Attributes
    ----------
    tables
        ``perceived_points`` and ``perceived_cells`` of points, ``perceived_areas`` of answers.
    source
        Whose reports they are held against.
    notices
        What was chosen.
    """

    tables: dict[str, pd.DataFrame]
    source: str
    notices: tuple[Notice, ...]


def compare_perceived(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    picture: Picture,
    feelings: Feelings | None,
    answers: Answers | None,
    options: PerceivedOptions,
) -> Perceived:
    """Lay perceived safety beside the reports of one source.

    Parameters
    ----------
    incidents
        Table ``incidents``; those on a default address don't count.
    areas
        Table ``areas``.
    picture
        For its areas and counted days.
    feelings, answers
        Points, and answers by area; either may be ``None``.
    options
        Source, cells and least numbers.

    Raises
    ------
    SettingsError
        ``unknown_source``.
    """
    source = _source(incidents, options)
    units, window = picture.units, picture.window
    days = local_days(incidents["start"])
    use = (days >= np.datetime64(window.first)) & (days <= np.datetime64(window.last))
    use &= (incidents["source"] == source).to_numpy()
    use &= ~incidents["stacked"].to_numpy(dtype=bool)
    rows = incidents.loc[use]
    tables: dict[str, pd.DataFrame] = {}
    if feelings is not None:
        tables["perceived_points"] = _points(feelings, areas, units, window)
        tables["perceived_cells"] = _cells(incidents, rows, feelings, areas, picture, options)
    if answers is not None:
        tables["perceived_areas"] = _areas(rows, answers, areas, window, options, units)
    text = _("Upplevd trygghet ställs mot {source}, {first} – {last}; de räknas aldrig ihop.")
    chosen = Notice(
        code="perceived_against",
        text=text.format(source=label(source), first=window.first, last=window.last),
        level="chosen",
        data={"source": source},
    )
    return Perceived(tables, source, (chosen,))


def classes(values: NDArray[np.float64], known: NDArray[np.bool_]) -> Ints:
    """Return three classes by the thirds of the known values: 0 low, 1 middle, 2 high.

    Equal values are of one class, zeros always of the lowest, and with fewer than three different
    values above zero the highest is high. Values that aren't known are 0.
    """
    made = np.zeros(len(values), dtype=np.int64)
    above = known & (values > 0)
    if not above.any():
        return made
    low, high = np.quantile(values[known], [1 / 3, 2 / 3], method="inverted_cdf")
    made[above & (values > low)] = 1
    made[above & (values > max(high, low))] = 2
    if not (made[known] == 2).any():
        made[above & (values == values[known].max())] = 2
    return made


def disagreement(unsafe: Ints, reported: Ints, few: NDArray[np.bool_]) -> list[str]:
    """Return how two classes differ: two steps apart is to disagree; ``unclear`` with too few."""
    found: list[str] = np.select(
        [few, (unsafe == 2) & (reported == 0), (unsafe == 0) & (reported == 2)],
        ["unclear", "unsafe_few_reports", "safe_many_reports"],
        default="none",
    ).tolist()
    return found


def _source(incidents: pd.DataFrame, options: PerceivedOptions) -> str:
    if options.source:
        if options.source in SOURCES:
            return options.source
        raise SettingsError(
            Fault(
                code="unknown_source",
                what=_("Okänd källa ”{text}”.").format(text=options.source),
                where="[perceived] source",
                next_step=nearest(options.source, SOURCES),
            )
        )
    counts = incidents["source"].value_counts(sort=False)
    return max(SOURCES, key=lambda name: int(counts.get(name, 0)))


def _points(
    feelings: Feelings, areas: gpd.GeoDataFrame, units: Units, window: Window
) -> gpd.GeoDataFrame:
    read = feelings.table
    table = gpd.GeoDataFrame(
        {
            "point_id": np.arange(1, len(read) + 1, dtype=np.int64),
            "feeling": schema.category(
                read["feeling"], "perceived_points", "feeling", tables=PICTURE
            ),
            "origin": read["origin"].astype("str"),
            "answers": read["answers"],
            "date": read["date"],
            "area_id": _area_of(read.geometry, areas, units, window),
        },
        geometry=read.geometry.to_numpy(),
        crs=read.crs,
    )
    schema.check(table, "perceived_points", tables=PICTURE)
    return table


def _area_of(
    points: gpd.GeoSeries, areas: gpd.GeoDataFrame, units: Units, window: Window
) -> pd.Series[str]:
    kinds = units.table.loc[units.areas, "kind"]
    if kinds.empty:
        return pd.Series([None] * len(points), dtype="str")
    found = assign_points(points, areas, kind=str(kinds.iloc[0]), on=window.last)
    return found.reset_index(drop=True).astype("str")


def _near(points: gpd.GeoSeries, incidents: pd.DataFrame) -> pd.Series[str]:
    """Return the address nearest to each point, so that a reader knows where it is."""
    from scipy.spatial import KDTree

    known = incidents[incidents["address"].notna() & ~incidents["stacked"].astype(bool)]
    known = known[["x_m", "y_m", "address"]].drop_duplicates()
    known = known.sort_values(["x_m", "y_m", "address"], ignore_index=True)
    if known.empty:
        return pd.Series([None] * len(points), dtype="str")
    tree = KDTree(known[["x_m", "y_m"]].to_numpy())
    away, at = tree.query(np.column_stack([points.x, points.y]))
    near = known["address"].iloc[at].reset_index(drop=True)
    return near.where(pd.Series(away <= FAR_M)).astype("str")


def _cells(
    incidents: pd.DataFrame,
    rows: pd.DataFrame,
    feelings: Feelings,
    areas: gpd.GeoDataFrame,
    picture: Picture,
    options: PerceivedOptions,
) -> gpd.GeoDataFrame:
    """Return the cells in which anybody has said anything."""
    side, read = options.cell_m, feelings.table
    units, window = picture.units, picture.window
    x, y = read.geometry.x.to_numpy(), read.geometry.y.to_numpy()
    said = pd.DataFrame({"i": np.floor(x / side).astype(int), "j": np.floor(y / side).astype(int)})
    for name in ("unsafe", "safe"):
        said[name] = np.where(read["feeling"] == name, read["answers"], 0)
    cells = said.groupby(["i", "j"], sort=True)[["unsafe", "safe"]].sum().reset_index()
    at = pd.MultiIndex.from_frame(cells[["i", "j"]])
    event = pd.MultiIndex.from_arrays(
        [np.floor(rows[c].to_numpy() / side).astype(int) for c in ("x_m", "y_m")]
    )
    place = at.get_indexer(event)
    reported = np.bincount(place[place >= 0], minlength=len(cells)).astype(np.int64)
    unsafe, safe = (cells[name].to_numpy(dtype=np.int64) for name in ("unsafe", "safe"))
    few = unsafe + safe < options.min_answers
    felt = classes(np.where(unsafe + safe > 0, unsafe / np.maximum(unsafe + safe, 1), 0.0), ~few)
    told = classes(reported.astype(np.float64), ~few)  # the same cells are held together
    i, j = cells["i"].to_numpy() * side, cells["j"].to_numpy() * side
    shapes = gpd.GeoSeries(shapely.box(i, j, i + side, j + side), crs=read.crs)
    table = gpd.GeoDataFrame(
        {
            "cell_id": pd.Series(
                [f"E{a}_N{b}" for a, b in zip(cells["i"], cells["j"], strict=True)], dtype="str"
            ),
            "near": _near(shapes.centroid, incidents),
            "area_id": _area_of(shapes.centroid, areas, units, window),
            "n_unsafe": unsafe,
            "n_safe": safe,
            "n_reported": reported,
            "unsafe_class": felt,
            "reported_class": told,
            "disagreement": schema.category(
                disagreement(felt, told, few), "perceived_cells", "disagreement", tables=PICTURE
            ),
            "few": few,
        },
        geometry=shapes.to_numpy(),
        crs=read.crs,
    )
    schema.check(table, "perceived_cells", tables=PICTURE)
    return table


def _areas(
    rows: pd.DataFrame,
    answers: Answers,
    areas: gpd.GeoDataFrame,
    window: Window,
    options: PerceivedOptions,
    units: Units,
) -> gpd.GeoDataFrame:
    """Return the answers of each question's last wave, area by area."""
    read = answers.table
    latest = read.groupby("question")["wave"].transform("max")
    read = read[read["wave"] == latest].reset_index(drop=True)
    borders = (
        areas.drop_duplicates("area_id", keep="last").set_index("area_id").loc[read["area_id"]]
    )
    shapes = borders.geometry.to_numpy()
    points = gpd.points_from_xy(rows["x_m"], rows["y_m"]).to_numpy()
    tree = shapely.STRtree(points)
    reported = np.array([len(tree.query(s, predicate="covers")) for s in shapes], dtype=np.int64)
    people = dict(zip(units.table["area_id"], units.table["population"], strict=True))
    lived = np.array([people.get(a, np.nan) for a in read["area_id"]], dtype=np.float64)
    years = window.days / 365.25
    # Either all per inhabitants or all per hectare: rates of two kinds can't be ranked.
    by_people = bool((lived > 0).all())
    size = lived / PER if by_people else shapely.area(shapes) / 1e4
    rate = reported / (size * years)
    n, unsafe = (read[c].to_numpy(dtype=np.int64) for c in ("n_answers", "n_unsafe"))
    share, low, high = share_limits(unsafe, n)
    few = n < options.min_area_answers
    felt, told = np.zeros((2, len(read)), dtype=np.int64)
    for question in sorted(set(read["question"])):
        own = (read["question"] == question).to_numpy()
        felt[own] = classes(np.nan_to_num(share[own]), ~few[own])
        told[own] = classes(rate[own], np.ones(int(own.sum()), dtype=bool))
    table = gpd.GeoDataFrame(
        {
            "area_id": read["area_id"].astype("str"),
            "name": pd.Series(borders["name"].to_numpy(), dtype="str"),
            "question": read["question"].astype("str"),
            "origin": read["origin"].astype("str"),
            "wave": read["wave"].astype("str"),
            "n_answers": n,
            "n_unsafe": unsafe,
            "unsafe": share,
            "unsafe_low": low,
            "unsafe_high": high,
            "n_reported": reported,
            "reported_rate": rate,
            "unsafe_class": felt,
            "reported_class": told,
            "disagreement": schema.category(
                disagreement(felt, told, few), "perceived_areas", "disagreement", tables=PICTURE
            ),
            "few": few,
        },
        geometry=shapes,
        crs=areas.crs,
    )
    schema.check(table, "perceived_areas", tables=PICTURE)
    return table
