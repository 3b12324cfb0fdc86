"""All areas of a project in one table, or every fault at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd

from areas.boundaries import checks
from areas.boundaries.builtin import builtin_areas, covers_norrkoping, municipality_box
from areas.boundaries.compose import compose_areas
from areas.boundaries.files import read_area_file
from areas.boundaries.options import AreaOptions
from areas.boundaries.tables import concat
from geodata import schema
from geodata.crs import crs_name
from geodata.errors import DataError, Fault, Notice, SettingsError
from geodata.language import gettext as _

SETTINGS_CODES: Final = frozenset(
    {"missing_setting", "unknown_code", "code_overlap", "unknown_crs", "builtin_elsewhere"}
)
"""Faults that are mended in the project file."""


PIECES: Final = ("regso", "deso")
"""Kinds that other areas may be composed from."""


@dataclass(frozen=True)
class Areas:
    """The areas and what there is to tell of them."""

    table: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


def read_areas(
    options: AreaOptions, *, crs: str, base: Path, frame: checks.Box | None = None
) -> Areas:
    """Read the areas of a project.

    Parameters
    ----------
    options
        The table ``[areas]``.
    crs
        The project's system, in metres.
    base
        Folder that relative paths start from.
    frame
        Box in `crs` that the project's own areas must meet, when the project states one. Where
        built-in areas are asked for by name, Norrköping's box is taken instead.

    Returns
    -------
    Areas
        Table ``areas`` in `crs`, sorted by kind, ``area_id`` and ``valid_from``, with notices of
        what was chosen, overlaps, gaps, holes, mended rings and boundaries that aren't decided.

    Raises
    ------
    DataError
        With every fault of the files and of the areas together.
    SettingsError
        When all faults are to be mended in the project file.
    """
    faults: list[Fault] = []
    notices: list[Notice] = []
    own: list[gpd.GeoDataFrame] = []
    pieces_known = True
    for number, file in enumerate(options.file, start=1):
        read = read_area_file(
            file,
            crs=crs,
            base=base,
            where=f"[[areas.file]] {number}",
            max_repair_share=options.max_repair_share,
        )
        faults += read.faults
        notices += read.notices
        own += [read.table] if read.table is not None else []
        pieces_known &= read.table is not None or file.kind not in PIECES
    if pieces_known:
        composed, more = compose_areas(options.compose, _pieces(own, crs))
        faults += more
        own += [composed] if composed is not None else []
    mine = concat(own, crs=crs)
    names, chosen, more = _builtin(options, mine, crs)
    faults += more
    if names and options.builtin and frame is None:
        frame = municipality_box(crs)
    built_in = builtin_areas(names, crs)
    replaced = built_in["area_id"].isin(mine["area_id"])
    table = concat([t for t in (mine, built_in[~replaced]) if len(t)], crs=crs)
    faults += checks.dates_and_decisions(mine) + checks.position(mine, frame)
    faults += checks.duplicates(table) if len(mine) else []
    if faults:
        settings_only = all(fault.code in SETTINGS_CODES for fault in faults)
        raise (SettingsError if settings_only else DataError)(faults)
    notices += chosen + _replaced(built_in[replaced])
    if len(mine):
        notices += checks.overlaps(table, options.min_overlap_m2)
        notices += checks.gaps(table, frozenset(mine["area_id"]), options.gap_width_m)
    elif "est_2023" in names:
        notices += checks.overlaps(table, options.min_overlap_m2)
    notices += checks.holes(table) + checks.stand_ins(table)
    schema.check(table, "areas", crs=crs)
    return Areas(table, tuple(notices))


def _pieces(own: Sequence[gpd.GeoDataFrame], crs: str) -> gpd.GeoDataFrame:
    """Return the RegSO and DeSO areas to compose from: the built-in ones, then the project's."""
    given = [builtin_areas(["regso"], crs)] if covers_norrkoping(crs) else []
    tables = [*given, *own]
    mine = concat(tables, crs=crs)
    return mine[mine["kind"].isin(PIECES)]


def _builtin(
    options: AreaOptions, mine: gpd.GeoDataFrame, crs: str
) -> tuple[tuple[str, ...], list[Notice], list[Fault]]:
    """Return which built-in sets to load, what was chosen for the user, and faults."""
    covered = covers_norrkoping(crs)
    if options.builtin and not covered:
        fault = Fault(
            code="builtin_elsewhere",
            what=_("De inbyggda områdena ligger i Norrköping, där {crs} inte används.").format(
                crs=crs_name(crs)
            ),
            where="[areas] builtin",
            next_step=_("Skriv builtin = [] och ange egna områden, eller byt [project] crs."),
        )
        return (), [], [fault]
    if options.builtin is not None:
        return tuple(dict.fromkeys(options.builtin)), [], []
    if not covered or not _near_norrkoping(mine, crs):
        return (), [], []
    kinds = set(mine["kind"])
    names = tuple(
        name for name, kind in (("est", "est_area"), ("regso", "regso")) if kind not in kinds
    )
    notice = Notice(
        code="builtin_chosen",
        text=_("Inbyggda områden i Norrköping används: {names}.").format(names=", ".join(names)),
        level="chosen",
        data={"builtin": list(names)},
    )
    return names, [notice] if names else [], []


def _near_norrkoping(mine: gpd.GeoDataFrame, crs: str) -> bool:
    if not len(mine):
        return True
    x0, y0, x1, y1 = municipality_box(crs)
    return bool(len(mine.cx[x0:x1, y0:y1]))


def _replaced(gone: gpd.GeoDataFrame) -> list[Notice]:
    if not len(gone):
        return []
    names = sorted(gone["name"])
    return [
        Notice(
            code="builtin_replaced",
            text=_("Projektets egna gränser ersätter de inbyggda för: {names}.").format(
                names=", ".join(names)
            ),
            level="info",
            data={"areas": sorted(gone["area_id"])},
        )
    ]
