"""Synthetic towns with known truth, for trying ways to choose dog searches.

Spots of drug dealing open in common areas, last for months, and close; some entrances draw them
more than others, in clusters. An open spot gives reports now and then, as far as its area reports
at all; other reports mean nothing. A search at an open spot may end in a find, which may close it
or move it to an entrance near by. So the truth answers to the searching, and each way of choosing
lives its own two years, with the same chances.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.register.reading import as_register
from geodata.search_tables import REGISTER, REGISTER_COLUMNS
from hotspots.searchneed.sharing import MEDIAN_RADIUS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CRS: Final = "EPSG:3006"
FIRST: Final = date(2024, 1, 1)
"""First day, a Monday."""

ENTRANCES: Final = 600
AREAS: Final = 6
OWNERS: Final = 7
STEP_DAYS: Final = 14
WARM_UP: Final = 26
"""Steps of reports before the first search."""

STEPS: Final = 52
"""Steps with a round each: two years."""

OPEN_SHARE: Final = 0.03
"""Of the entrances, with an open spot at a time."""

MEAN_DAYS: Final = 150.0
FIND_OPEN: Final = 0.35
FIND_CLOSED: Final = 0.005
CLOSES: Final = 0.5
MOVES: Final = 0.5
"""Of the spots that close after a find, those that open again within `MOVE_M`."""

MOVE_M: Final = 150.0
ERROR_M: Final = 15.0


@dataclass(frozen=True)
class World:
    """What differs between the kinds of town.

    Attributes
    ----------
    name, remark
        As printed.
    report_rate
        Reports a day of an open spot.
    noise
        Reports a day and thousand dwellings that mean nothing.
    silent
        Areas that report a fifth as much as others.
    """

    name: str
    remark: str
    report_rate: float = 0.05
    noise: float = 0.02
    silent: int = 0


WORLDS: Final = (
    World("plain", "reports follow what goes on, one in five or so means nothing"),
    World("silent areas", "two of six areas report a fifth as much", silent=2),
    World("few reports", "a fifth of the reports", report_rate=0.01, noise=0.004),
    World("blind reports", "no report has to do with any spot", report_rate=0.0, noise=0.08),
)


@dataclass
class Town:
    """A town that lives: entrances, open spots, reports so far.

    Attributes
    ----------
    register
        Table ``register``, all consents as drawn.
    pull
        How much each entrance draws spots, shape (n,), sum 1.
    loud
        How much of what goes on there is reported, 0–1, shape (n,).
    closes
        Day on which the spot of each entrance closes, −1 where none is open.
    opened, found
        Of each spot that ever opened while searching went on: its entrance, and whether it has been
        found.
    spot
        Number of the open spot of each entrance, −1 for none.
    """

    world: World
    register: gpd.GeoDataFrame
    pull: Floats
    loud: Floats
    closes: Floats
    spot: Ints
    seed: int
    opened: list[int] = field(default_factory=list)
    found: list[bool] = field(default_factory=list)
    days: list[Floats] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)

    def step(self, number: int) -> None:
        """Let a fortnight pass: spots close and open, reports come in."""
        day = number * STEP_DAYS
        rng = np.random.default_rng([self.seed, number])
        done = (self.closes >= 0) & (self.closes <= day)
        self.closes[done], self.spot[done] = -1, -1
        due = OPEN_SHARE * ENTRANCES * STEP_DAYS / MEAN_DAYS
        for place in rng.choice(ENTRANCES, rng.poisson(due), p=self.pull):
            self.open(int(place), day + rng.exponential(MEAN_DAYS))
        homes = self.register["dwellings"].to_numpy(np.float64)
        alive = (self.spot >= 0) * self.world.report_rate * self.loud
        rate = (alive + homes / 1000 * self.world.noise * self.loud) * STEP_DAYS
        n = rng.poisson(rate)
        self.at.append(np.repeat(np.arange(ENTRANCES), n))
        self.days.append(day + np.floor(rng.uniform(0, STEP_DAYS, int(n.sum()))))

    def open(self, place: int, closes: float) -> None:
        """Open a spot, unless there is one."""
        if self.spot[place] < 0:
            self.spot[place] = len(self.opened)
            self.closes[place] = closes
            self.opened.append(place)
            self.found.append(False)

    def search(self, places: Ints, number: int) -> NDArray[np.bool_]:
        """Search entrances; return where something was found. Finds close or move spots."""
        luck = np.random.default_rng([self.seed, number, 1]).random((3, ENTRANCES))
        hit: NDArray[np.bool_] = luck[0, places] < np.where(
            self.spot[places] >= 0, FIND_OPEN, FIND_CLOSED
        )
        xy = self.register[["x_m", "y_m"]].to_numpy(np.float64)
        for place in places[hit].tolist():
            if self.spot[place] < 0:
                continue
            self.found[self.spot[place]] = True
            if luck[1, place] >= CLOSES:
                continue
            left = self.closes[place]
            self.closes[place], self.spot[place] = -1, -1
            near = np.flatnonzero(np.hypot(*(xy - xy[place]).T) <= MOVE_M)
            if luck[2, place] < MOVES and len(near) > 1:
                self.open(int(near[int(luck[2, place] / MOVES * len(near))]), left)
        return hit

    def incidents(self) -> pd.DataFrame:
        """Return the reports so far as the columns of table ``incidents`` that need reads."""
        at, days = np.concatenate(self.at), np.concatenate(self.days)
        xy = self.register[["x_m", "y_m"]].to_numpy(np.float64)[at]
        rng = np.random.default_rng([self.seed, 7])
        xy = xy + rng.normal(0, ERROR_M / MEDIAN_RADIUS, (len(at), 2))
        start = pd.Timestamp(FIRST) + pd.to_timedelta(days, unit="D") + pd.Timedelta(hours=12)
        fixed: dict[str, str] = {
            "source": "est_report",
            "space_type": "residential_common",
            "offence_class": "drug_use",
            "time_precision": "minute",
            "certainty": "confirmed",
            "geocode_class": "address",
        }
        data: dict[str, Any] = {
            "start": start.tz_localize("Europe/Stockholm").as_unit("us"),
            "offence_classes": pd.Series(["drug_use"] * len(at), dtype="str"),
            "stacked": np.zeros(len(at), dtype=bool),
            "place_id": np.arange(len(at)),
            "x_m": xy[:, 0],
            "y_m": xy[:, 1],
        }
        for name, value in fixed.items():
            data[name] = schema.category([value] * len(at), "incidents", name)
        return pd.DataFrame(data)


def make_town(world: World, seed: int) -> Town:
    """Return a town on its first day; the same arguments give the same town and chances."""
    rng = np.random.default_rng(seed)
    middles = rng.uniform(0, 3000, (AREAS, 2))
    area = rng.choice(AREAS, ENTRANCES, p=rng.dirichlet(np.full(AREAS, 8.0)))
    xy = np.round(middles[area] + rng.normal(0, 260, (ENTRANCES, 2)), 1)
    owner = rng.choice(OWNERS, ENTRANCES, p=rng.dirichlet(np.full(OWNERS, 2.0)))
    cluster = rng.integers(0, ENTRANCES, 40)
    near = np.hypot(*(xy[:, None] - xy[cluster]).transpose(2, 0, 1)) < 90
    draw = rng.gamma(0.5, 1.0, ENTRANCES) + (near * rng.gamma(0.5, 3.0, 40)).sum(axis=1)
    loud = np.where(area < world.silent, 0.2, 1.0)
    town = Town(
        world=world,
        register=_register(xy, area, owner, rng),
        pull=draw / draw.sum(),
        loud=loud,
        closes=np.full(ENTRANCES, -1.0),
        spot=np.full(ENTRANCES, -1, dtype=np.int64),
        seed=seed,
    )
    order = town.register["entrance_id"].str[1:].astype("int64").to_numpy()
    town.pull, town.loud = town.pull[order], town.loud[order]
    for place in rng.choice(ENTRANCES, round(OPEN_SHARE * ENTRANCES), replace=False, p=town.pull):
        town.open(int(place), float(rng.exponential(MEAN_DAYS)))
    return town


def _register(xy: Floats, area: Ints, owner: Ints, rng: np.random.Generator) -> gpd.GeoDataFrame:
    n = len(xy)
    data: dict[str, Any] = {}
    for name, column in REGISTER_COLUMNS.items():
        if column.kind == "text":
            data[name] = pd.Series([None if column.nullable else ""] * n, dtype="str")
        elif column.kind == "date":
            data[name] = np.full(n, np.datetime64("NaT", "us"))
        elif column.kind == "int":
            data[name] = pd.array([None] * n, dtype="Int64")
    given = np.where(rng.random(n) < 0.85, "valid", "none")
    for name, values in (
        ("register_source", ["register"] * n),
        ("tenure", np.where(owner < 4, "rental", "cooperative")),
        ("consent", given),
    ):
        data[name] = schema.category(values, "register", name, tables=REGISTER)
    data["entrance_id"] = pd.Series([f"E{i:04d}" for i in range(n)], dtype="str")
    data["owner"] = pd.Series([f"owner {i + 1}" for i in owner], dtype="str")
    data["area_id"] = pd.Series([f"area {i + 1}" for i in area], dtype="str")
    data["dwellings"] = pd.array(rng.integers(6, 31, n), dtype="Int64")
    data["spaces"] = data["search_spaces"] = pd.Series(["stairwell"] * n, dtype="str")
    data["x_m"], data["y_m"] = xy[:, 0] + 560_000, xy[:, 1] + 6_490_000
    return as_register(pd.DataFrame(data), CRS)


def day_of(number: int) -> date:
    """Return the first day of a step."""
    return FIRST + timedelta(days=number * STEP_DAYS)
