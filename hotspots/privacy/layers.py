"""The layers that tell what a view costs, made ready once; a layer that is missing is ``None``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.reference import mend
from hotspots.entrances import KIND_COLUMNS, UNKNOWN_KINDS
from hotspots.layers import in_order, nearest_outline
from hotspots.privacy.options import PrivacyOptions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Bools = NDArray[np.bool_]

SENSITIVE_KINDS: Final = (
    "school",
    "preschool",
    "care",
    "social_services",
    "worship",
    "union_or_party",
    "court",
    "playground",
    "outdoor_seating",
    "workplace",
    "other",
)
"""Kinds of sensitive places that may be told of; shelters are not among them."""

WITHHELD: Final = "shelter"

SENSITIVE_COLUMNS: Final = ("kind", "slag", "typ", "type", "amenity", "leisure", "office")
"""Columns that may hold the kind of a sensitive place; the first one filled in counts."""

DOOR_TO_HOUSE_M: Final = 3.0
"""An entrance belongs to a house at most this far away, metres."""

_NO_SHAPES: Final[Shapes] = np.zeros(0, dtype=object)


@dataclass(frozen=True, eq=False)
class PrivacyLayers:
    """Geometries by what they are; ``None`` where the project has no such layer.

    Attributes
    ----------
    dwellings
        Footprints of residential buildings.
    entrances, door_of_dwelling
        Entrances, and which of them belong to a residential building (all, without a house layer).
    sensitive, kind, name
        Sensitive places, their kinds (`SENSITIVE_KINDS`) and names (text or NA). A point inside a
        building is the whole building. Shelters are not here.
    withheld
        Shelters: their places are used to choose sites and nothing else. They must never be
        written, drawn, named or counted in an output.
    yards, public, stops
        Private yards, public ground, transit stop areas.
    existing
        What existing cameras see.
    notices
        What was understood, and what was not checked.
    """

    dwellings: Shapes | None = None
    entrances: Shapes | None = None
    door_of_dwelling: NDArray[np.bool_] | None = None
    sensitive: Shapes | None = None
    kind: NDArray[np.object_] = field(default_factory=lambda: _NO_SHAPES)
    name: NDArray[np.object_] = field(default_factory=lambda: _NO_SHAPES)
    withheld: Shapes | None = None
    yards: Shapes | None = None
    public: Shapes | None = None
    stops: Shapes | None = None
    existing: Shapes | None = None
    notices: tuple[Notice, ...] = ()


def privacy_layers(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    options: PrivacyOptions,
    crs: str,
    existing: Shapes | None = None,
) -> PrivacyLayers:
    """Make the project's layers ready.

    Parameters
    ----------
    layers
        By name as in ``[reference]``, those that the project has: ``buildings`` (polygons; columns
        of `KIND_COLUMNS` say which are residential), ``entrances`` (points), ``sensitive`` (points
        or polygons; `SENSITIVE_COLUMNS` say the kind, ``name``/``namn`` the name), ``yards``,
        ``public_ground``, ``stops`` (polygons).
    options
        What is a dwelling.
    crs
        The project's system.
    existing
        What existing cameras see (`hotspots.sightlines.existing_views`); ``None`` when the project
        has no layer of them.

    Returns
    -------
    PrivacyLayers
        With a warning for each layer that is missing.
    """
    ordered = {
        name: in_order(mend(layer)[0], "L", crs=crs) for name, layer in layers.items() if len(layer)
    }
    # a layer that is there and empty is known to hold nothing
    empty = {name for name, layer in layers.items() if not len(layer)}
    notices = _tell_missing(set(layers), existing)
    dwellings, houses = None, None
    if "buildings" in ordered:
        table = ordered["buildings"]
        houses = table.geometry.to_numpy()
        dwellings = houses[is_dwelling(table, options)]
    doors, home = _doors(ordered.get("entrances"), houses, dwellings)
    sensitive, kind, name, withheld, told = _sensitive(ordered.get("sensitive"), houses)

    def shapes(layer: str) -> Shapes | None:
        if layer in ordered:
            found: Shapes = shapely.get_parts(ordered[layer].geometry.to_numpy())
            return found
        return _NO_SHAPES if layer in empty else None

    if "sensitive" in empty:
        sensitive = withheld = _NO_SHAPES
    if "entrances" in empty:
        doors, home = _NO_SHAPES, np.zeros(0, dtype=bool)
    return PrivacyLayers(
        dwellings=_NO_SHAPES if "buildings" in empty else dwellings,
        entrances=doors,
        door_of_dwelling=home,
        sensitive=sensitive,
        kind=kind,
        name=name,
        withheld=withheld,
        yards=shapes("yards"),
        public=shapes("public_ground"),
        stops=shapes("stops"),
        existing=existing,
        notices=(*notices, *told),
    )


@cache
def _kind_words() -> dict[str, str]:
    """Return the kind that each word means, of the data file."""
    text = files("hotspots.privacy").joinpath("data/sensitive_kinds.toml").read_text("utf-8")
    return {word.casefold(): kind for kind, words in tomllib.loads(text).items() for word in words}


def is_dwelling(houses: gpd.GeoDataFrame, options: PrivacyOptions) -> NDArray[np.bool_]:
    """Tell which buildings are residential, those of unknown kind as the settings say."""
    wanted = {word.casefold() for word in options.residential}
    residential = np.zeros(len(houses), dtype=bool)
    stated = np.zeros(len(houses), dtype=bool)
    for column in houses.columns:
        if str(column).casefold() in KIND_COLUMNS:
            words = houses[column].astype("str").fillna("").str.casefold()
            split = words.str.split("[;,/]", regex=True)
            residential |= np.array([bool({w.strip() for w in row} & wanted) for row in split])
            stated |= ~words.isin(UNKNOWN_KINDS).to_numpy(dtype=bool)
    if options.include_unknown_buildings:
        return residential | ~stated
    return residential


def _doors(
    entrances: gpd.GeoDataFrame | None, houses: Shapes | None, dwellings: Shapes | None
) -> tuple[Shapes | None, NDArray[np.bool_] | None]:
    if entrances is None:
        return None, None
    doors: Shapes = entrances.geometry.to_numpy()
    home = np.ones(len(doors), dtype=bool)
    if houses is not None and dwellings is not None:
        at = shapely.get_coordinates(shapely.centroid(doors))
        nearest = nearest_outline(at, houses, within_m=DOOR_TO_HOUSE_M)
        tree = shapely.STRtree(dwellings)
        door, _house = tree.query(doors, predicate="dwithin", distance=DOOR_TO_HOUSE_M)
        home = (nearest < 0) | np.isin(np.arange(len(doors)), door)
    return doors, home


def _sensitive(
    layer: gpd.GeoDataFrame | None, houses: Shapes | None
) -> tuple[Shapes | None, Shapes, Shapes, Shapes | None, list[Notice]]:
    """Return places, kinds and names, shelters apart."""
    if layer is None:
        return None, _NO_SHAPES, _NO_SHAPES, None, []
    words = _kind_column(layer)
    known = _kind_words()
    kind = np.array([known.get(word, "other") for word in words], dtype=object)
    shapes: Shapes = layer.geometry.to_numpy().copy()
    if houses is not None:
        point, house = shapely.STRtree(houses).query(shapes, predicate="within")
        is_point = shapely.get_dimensions(shapes[point]) == 0
        shapes[point[is_point]] = houses[house[is_point]]
    told = []
    hidden = _withheld(words, layer["name"], known)
    told_words = {word for word, secret in zip(words, hidden, strict=True) if not secret}
    strange = sorted(told_words - set(known) - {""})
    if strange:
        text = ngettext(
            "Känsliga platser: slaget {words} är okänt och räknas som övrigt.",
            "Känsliga platser: slagen {words} är okända och räknas som övrigt.",
            len(strange),
        ).format(words=", ".join(f"”{word}”" for word in strange[:5]))
        told.append(
            Notice(
                code="unknown_sensitive_kinds", text=text, level="warning", data={"n": len(strange)}
            )
        )
    open_to_all = ~hidden
    text = _("Känsliga platser i lagret: {n}.").format(n=number(int(open_to_all.sum())))
    told.append(Notice(code="sensitive_places", text=text, data={"n": int(open_to_all.sum())}))
    names = layer["name"].to_numpy(object)
    return shapes[open_to_all], kind[open_to_all], names[open_to_all], shapes[hidden], told


def _withheld(words: list[str], names: pd.Series[str], known: Mapping[str, str]) -> Bools:
    """Tell which places are shelters: a word for it stands anywhere in their kind or name."""
    secret = [word for word, kind in known.items() if kind == WITHHELD]
    texts = [f"{word} {name}".casefold() for word, name in zip(words, names, strict=True)]
    return np.array([any(word in text for word in secret) for text in texts], dtype=bool)


def _kind_column(layer: gpd.GeoDataFrame) -> list[str]:
    columns = {str(name).casefold(): name for name in layer.columns}
    words = pd.Series(pd.NA, index=layer.index, dtype="str")
    for wanted in SENSITIVE_COLUMNS:
        if wanted in columns:
            stated = layer[columns[wanted]].astype("str").str.strip().str.casefold()
            words = words.fillna(stated.where(stated != ""))
    return [str(word) for word in words.fillna("").tolist()]


def _tell_missing(present: set[str], existing: Shapes | None) -> list[Notice]:
    """Tell which layers the project lacks: what they would show is not checked."""
    names = {
        "buildings": _("bostadshus"),
        "entrances": _("entréer"),
        "sensitive": _("känsliga platser"),
        "yards": _("privat tomtmark"),
        "public_ground": _("allmän platsmark"),
        "stops": _("hållplatsområden"),
    }
    missing = [text for layer, text in names.items() if layer not in present]
    if existing is None:
        missing.append(_("befintliga kameror"))
    if not missing:
        return []
    text = _("Ej kontrollerat, lager saknas: {layers}.").format(layers=", ".join(missing))
    data = {"layers": missing}
    return [Notice(code="not_checked", text=text, level="warning", data=data)]
