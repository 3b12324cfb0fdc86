"""The one door out: what each profile may see of each table.

Every file and every map is made of `Released` tables, and only `release` makes them. The rules are
a list of what may pass, never of what may not: a table without a rule is refused, a column that is
not on the list is gone. A count that is too small becomes ``NA`` with ``hidden`` true in its row;
it is never shown as zero. Where a hidden count could be had back from the sum of its row or table,
more counts are hidden (complementary suppression).

Method: the proposed defaults of the project's data-protection notes (small counts under 3 or 5,
cells of 100 or 250 m); complementary suppression after Hundepool et al., *Statistical Disclosure
Control* (2012), ch. 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass
from functools import partial
from itertools import pairwise
from typing import Final, Literal, cast, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import schema
from geodata.all_tables import ALL_TABLES
from geodata.appendix_release import APPENDIX_RULES, appendix_rule
from geodata.evidence_tables import EVIDENCE
from geodata.files.titles import title
from geodata.language import N_, ngettext, number
from geodata.language import gettext as _
from geodata.options import setting
from geodata.picture_tables import PICTURE
from geodata.search_release import suppressed_areas

Profile = Literal["intern", "samverkan", "publik"]
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)

CLASS_BOUNDS: Final = (10, 20, 50, 100)
"""Where the classes of public counts begin, above the least count shown."""

_DOOR: Final = object()


@dataclass(frozen=True)
class DisclosureOptions:
    """``[disclosure]``: how far small counts are hidden. It can be sharpened, not loosened."""

    min_count_samverkan: int = setting(
        3, N_("Minsta antal som visas i samverkan; ett högre tal döljer mer."), minimum=3
    )
    min_count_publik: int = setting(
        5, N_("Minsta antal som visas publikt; ett högre tal döljer mer."), minimum=5
    )
    min_cell_m_samverkan: float = setting(
        100.0, N_("Minsta ruta som visas i samverkan; större är säkrare."), unit="m", minimum=100
    )
    min_cell_m_publik: float = setting(
        250.0, N_("Minsta ruta som visas publikt; större är säkrare."), unit="m", minimum=250
    )


@dataclass(frozen=True)
class Released:
    """A table that has passed the door. Made by `release` and by nothing else.

    Attributes
    ----------
    name
        Its name in `geodata.schema.TABLES`.
    table
        What may be shown; ``None`` when all of it is withheld.
    profile
        Whom it is for.
    notes
        What was hidden, coarsened or withheld, and why, as sentences for the reader.
    """

    name: str
    table: pd.DataFrame | None
    profile: Profile
    notes: tuple[str, ...] = ()
    door: InitVar[object] = None

    def __post_init__(self, door: object) -> None:
        """Refuse to be made anywhere but in `release`."""
        if door is not _DOOR:
            msg = "Released is made by geodata.disclosure.release only"
            raise TypeError(msg)


def marking(profile: Profile) -> str:
    """Return the words that stand on every output of a profile."""
    texts = {
        "intern": _("INTERN – SEKRETESSPRÖVAS"),
        "samverkan": _("SAMVERKAN – endast för EST-gruppen"),
        "publik": _("PUBLIK"),
    }
    return texts[profile]


def release(
    table: pd.DataFrame | None, name: str, profile: Profile, options: DisclosureOptions
) -> Released:
    """Let through what a profile may see of a table.

    Parameters
    ----------
    table
        A table of `geodata.schema.TABLES`; ``None`` when there is none to show.
    name
        Its name there.
    profile
        ``intern``: everything. ``samverkan``: no rows of single events, no points; hot spots and
        grid with small counts hidden. ``publik``: areas, and a coarse grid in classes.
    options
        The limits.

    Returns
    -------
    Released
        ``table`` is a new table without index or attributes of the old one. Rows and their order
        are kept except where a note says otherwise. In ``samverkan`` and ``publik`` counts are
        ``Int64`` with ``NA`` for hidden, and a column ``hidden`` (bool) tells which rows have such.

    Raises
    ------
    ValueError
        If the table or the profile is unknown: there is no rule, so nothing passes.
    SchemaError
        If the table has other columns than its description.
    """
    if name not in ALL_TABLES or profile not in PROFILES:
        msg = f"no rule of disclosure for table {name!r} and profile {profile!r}"
        raise ValueError(msg)
    rule = _RULES.get((name, profile))
    if table is None or rule is None:
        why = [] if table is None else [_why_withheld(name)]
        return Released(name, None, profile, tuple(why), door=_DOOR)
    schema.check(table, name, tables=ALL_TABLES)
    clean = table.reset_index(drop=True)
    clean.attrs = {}
    shown, notes = rule(clean, options)
    return Released(name, shown, profile, notes, door=_DOOR)


_Rule = Callable[[pd.DataFrame, DisclosureOptions], tuple[pd.DataFrame | None, tuple[str, ...]]]


def _why_withheld(name: str) -> str:
    texts = {
        "incidents": _("Enskilda händelser lämnas bara ut internt."),
        "rejected": _("Avvisade rader lämnas bara ut internt."),
        "places": _("Platser med adress eller läge lämnas bara ut internt."),
        "hotspots": _(
            "Hot spots visas inte publikt: en gräns runt några få adresser pekar ut dem."
        ),
        "camera_sites": _("Föreslagna kameraplatser lämnas bara ut internt."),
        "search_sites": _("Föreslagna platser för hundsök lämnas bara ut internt."),
    }
    if name in PICTURE:
        return _("Lägesbildens tabeller lämnas bara ut internt.")
    if name in EVIDENCE:
        return _("Prövningen av hot spots lämnas bara ut internt.")
    return texts.get(name) or _("Tabellen ”{name}” lämnas bara ut internt.").format(
        name=title(name)
    )


def _all(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    del options
    return table, ()


def hide_small(counts: npt.NDArray[np.int64], minimum: int) -> npt.NDArray[np.bool_]:
    """Tell which counts of a group with a known sum must be hidden.

    Parameters
    ----------
    counts
        Whole numbers ≥ 0, shape ``(n,)``, whose sum the reader may know.
    minimum
        Counts from 1 to ``minimum − 1`` are hidden. Higher hides more.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)``. Beside the small counts, the smallest shown one is hidden too where the sum
        would otherwise give the small ones away: when one count alone is hidden, or when all
        hidden ones must be 1, or all ``minimum − 1``. Where no other count is left, the zeros are
        hidden. Ties are hidden together.
    """
    hidden = (counts > 0) & (counts < minimum)
    shown = counts[~hidden & (counts > 0)]
    n, total = int(hidden.sum()), int(counts[hidden].sum())
    if n == 0 or (shown.size and n > 1 and n < total < n * (minimum - 1)):
        return hidden
    # All that tie, not the first of them: which one was chosen would tell where the small one is.
    tied = shown.min() if shown.size else 0
    return np.asarray(hidden | (counts == tied), dtype=bool)


def _cell_side_m(grid: gpd.GeoDataFrame) -> float:
    bounds = grid.geometry.bounds
    sides = np.minimum(bounds["maxx"] - bounds["minx"], bounds["maxy"] - bounds["miny"])
    # A millimetre off for the rounding of coordinates.
    return float(sides.min()) + 1e-3 if len(grid) else np.inf


def _too_fine(minimum_m: float) -> tuple[str, ...]:
    return (
        _("Rutnätet visas inte: rutorna är mindre än {minimum:g} m.").format(minimum=minimum_m),
    )


def _hidden_note(n: int, minimum: int) -> tuple[str, ...]:
    if n == 0:
        return ()
    text = _("Antal under {minimum} är dolda (inte noll), liksom tal som skulle avslöja dem.")
    return (text.format(minimum=minimum),)


def _place(table: pd.DataFrame, column: str) -> int:
    return list(table.columns).index(column)


def _masked(table: pd.DataFrame, column: str, hidden: npt.NDArray[np.bool_]) -> None:
    series = table[column]
    whole = pd.api.types.is_integer_dtype(series.dtype)
    nullable = series.astype(pd.Int64Dtype()) if whole else series.astype(pd.Float64Dtype())
    table[column] = nullable.mask(pd.Series(hidden, index=table.index))


def _grid_samverkan(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    grid = cast("gpd.GeoDataFrame", table)
    if _cell_side_m(grid) < options.min_cell_m_samverkan:
        return None, _too_fine(options.min_cell_m_samverkan)
    minimum = options.min_count_samverkan
    grid = grid[["cell_id", "x_m", "y_m", "n_events", "n_days", "share", "geometry"]].copy()
    hidden = hide_small(grid["n_events"].to_numpy("int64"), minimum)
    few_days = hidden | (grid["n_days"].to_numpy() < minimum)
    for column, which in (("n_events", hidden), ("n_days", few_days), ("share", hidden)):
        _masked(grid, column, which)
    grid.insert(_place(grid, "geometry"), "hidden", few_days)
    return grid, _hidden_note(int(few_days.sum()), minimum)


def class_labels(minimum: int) -> tuple[str, ...]:
    """Return the names of the classes of public counts, the hidden one first.

    Parameters
    ----------
    minimum
        Least count shown; the first class is everything below it.
    """
    edges = [minimum, *(b for b in CLASS_BOUNDS if b > minimum)]
    closed = [f"{low}–{high - 1}" for low, high in pairwise(edges)]
    return (
        _("färre än {minimum}").format(minimum=minimum),
        *closed,
        _("{low} eller fler").format(low=edges[-1]),
    )


def _grid_publik(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    grid = cast("gpd.GeoDataFrame", table)
    if _cell_side_m(grid) < options.min_cell_m_publik:
        return None, _too_fine(options.min_cell_m_publik)
    minimum = options.min_count_publik
    counts = grid["n_events"].to_numpy("int64")
    edges = [minimum, *(b for b in CLASS_BOUNDS if b > minimum)]
    labels = class_labels(minimum)
    shown = grid[["cell_id", "geometry"]].copy()
    codes = np.searchsorted(edges, counts, side="right")
    kind = pd.CategoricalDtype(list(labels), ordered=True)
    shown.insert(1, "events_class", pd.Categorical.from_codes(codes, dtype=kind))
    shown.insert(2, "hidden", counts < minimum)
    note = _("Rutornas antal visas i klasser; den lägsta är ”{label}”.").format(label=labels[0])
    return shown, (note,)


_EVIDENCE_INSIDE: Final = ("z", "p", "time_window", "method", "method_pai", "sentence")
"""Columns of hot spots that stay inside: counts can be had back from some, and hours are times."""


def _hotspots_samverkan(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    minimum = options.min_count_samverkan
    enough = table["n_events"] >= minimum
    dropped = int((~enough).sum())
    shown = table.loc[enough].reset_index(drop=True)
    # The name is the address of the busiest place; first and last dates are those of one event.
    for end in ("first", "last"):
        months = shown[f"{end}_date"].dt.strftime("%Y-%m")
        shown.insert(_place(shown, f"{end}_date"), f"{end}_month", months)
    shown = shown.drop(columns=["name", "first_date", "last_date", *_EVIDENCE_INSIDE])
    shown["q"] = shown["q"].round(3)
    hidden = _hide_rows(shown, [f"n_{c}" for c in schema.OFFENCE_CLASSES], minimum)
    hidden |= _hide_rows(shown, [f"n_source_{s}" for s in schema.SOURCES], minimum)
    for column in ("n_days", "n_places"):
        few = shown[column].to_numpy() < minimum
        _masked(shown, column, few)
        hidden |= few
    hidden |= _hide_share(shown, minimum)
    shown.insert(_place(shown, "geometry"), "hidden", hidden)
    notes = [_("Hot spots visas utan adress; första och sista händelsen anges som månad.")]
    if dropped:
        notes.append(
            ngettext(
                "{n} hot spot med färre än {minimum} händelser visas inte.",
                "{n} hot spots med färre än {minimum} händelser visas inte.",
                dropped,
            ).format(n=number(dropped), minimum=minimum)
        )
    return shown, (*notes, *_hidden_note(int(hidden.sum()), minimum))


def _hide_rows(table: pd.DataFrame, columns: list[str], minimum: int) -> npt.NDArray[np.bool_]:
    """Hide small counts row by row in place; return which rows have some."""
    counts = table[columns].to_numpy("int64")
    hidden = np.zeros(counts.shape, dtype=bool)
    for row, values in enumerate(counts):  # hot spots are tens, not thousands
        hidden[row] = hide_small(values, minimum)
    for place, column in enumerate(columns):
        _masked(table, column, hidden[:, place])
    return np.asarray(hidden.any(axis=1))


def _hide_share(table: pd.DataFrame, minimum: int) -> npt.NDArray[np.bool_]:
    """Hide the share of police initiative where it stands for a small count; round the rest."""
    share = table["share_police_initiated"].astype("float64").to_numpy()
    n = table["n_events"].to_numpy("float64")
    small = np.zeros(len(table), dtype=bool)
    for part in (share * n, (1 - share) * n):
        small |= (part > 1e-9) & (part < minimum)
    table["share_police_initiated"] = np.round(share, 2)
    _masked(table, "share_police_initiated", small)
    return small


def _search_areas_samverkan(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    columns = ("n_entrances", "n_valid", "n_round", "n_searches", "n_finds")
    minimum = options.min_count_samverkan
    shown, hidden = suppressed_areas(table, columns, minimum, hide_small)
    return shown, _hidden_note(int(hidden.sum()), minimum)


def _search_areas_publik(
    table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    minimum = options.min_count_publik
    shown, hidden = suppressed_areas(
        table, ("n_entrances", "n_searches", "n_finds"), minimum, hide_small
    )
    return shown, _hidden_note(int(hidden.sum()), minimum)


def _feedback(
    profile: str, table: pd.DataFrame, options: DisclosureOptions
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Hide small sums list by list: areas and classes of a source each sum to its known total."""
    minimum = int(getattr(options, f"min_count_{profile}"))
    hidden = np.zeros(len(table), dtype=bool)
    for _key, own in table.groupby(["source", "by"], sort=False, observed=True):
        hidden[own.index] = hide_small(own["n_events"].to_numpy("int64"), minimum)
    shown = table.assign(hidden=hidden)
    _masked(shown, "n_events", hidden)
    return shown, _hidden_note(int(hidden.sum()), minimum)


_RULES: Final[dict[tuple[str, str], _Rule]] = {
    **{(name, "intern"): _all for name in ALL_TABLES},
    **{key: partial(appendix_rule, key, hide_small) for key in APPENDIX_RULES},
    ("areas", "samverkan"): _all,
    ("grid", "samverkan"): _grid_samverkan,
    ("hotspots", "samverkan"): _hotspots_samverkan,
    ("feedback", "samverkan"): partial(_feedback, "samverkan"),
    ("feedback_measures", "samverkan"): _all,
    ("areas", "publik"): _all,
    ("feedback", "publik"): partial(_feedback, "publik"),
    ("search_areas", "samverkan"): _search_areas_samverkan,
    ("search_areas", "publik"): _search_areas_publik,
    ("grid", "publik"): _grid_publik,
}
