"""Areas put together from RegSO or DeSO areas."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from areas.boundaries.options import ComposedArea
from areas.boundaries.tables import as_areas
from geodata.errors import Fault
from geodata.language import gettext as _
from geodata.options import nearest


def compose_areas(
    entries: Sequence[ComposedArea], pieces: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame | None, list[Fault]]:
    """Return the composed areas.

    Parameters
    ----------
    entries
        The ``[[areas.compose]]`` of the project file.
    pieces
        Table ``areas`` with the RegSO and DeSO areas to take from.

    Returns
    -------
    tuple
        Table ``areas`` (``None`` without entries or with faults) and the faults
        ``missing_setting``, ``unknown_code`` and ``code_overlap`` (DeSO lie within RegSO).
    """
    faults: list[Fault] = []
    shapes = []
    # Of an area with several editions the last one counts: pieces are sorted by date.
    by_code = dict(zip(pieces["area_id"], pieces.geometry, strict=True))
    for number, entry in enumerate(entries, start=1):
        where = f"[[areas.compose]] {number}"
        faults += [
            Fault(
                code="missing_setting",
                what=_("Inställningen ”{key}” saknas.").format(key=key),
                where=where,
            )
            for key in ("area_id", "name", "codes")
            if not getattr(entry, key)
        ]
        unknown = [code for code in entry.codes if code not in by_code]
        faults += [
            Fault(
                code="unknown_code",
                what=_("Okänd kod: ”{code}”.").format(code=code),
                where=f"{where} codes",
                next_step=nearest(code, sorted(by_code))
                if by_code
                else _("Läs in RegSO eller DeSO med [[areas.file]] först."),
            )
            for code in unknown
        ]
        parts = gpd.GeoSeries([by_code[c] for c in dict.fromkeys(entry.codes) if c in by_code])
        shapes.append(parts.union_all())
        twice = parts.area.sum() - shapes[-1].area
        if twice > 1:
            faults.append(
                Fault(
                    code="code_overlap",
                    what=_("Några av koderna täcker samma yta."),
                    where=f"{where} codes",
                    why=_("Ett DeSO-område ligger inom ett RegSO-område."),
                    next_step=_("Ange varje yta en gång."),
                )
            )
    if faults or not entries:
        return None, faults
    tables = [
        as_areas(
            gpd.GeoDataFrame(
                {
                    "area_id": [entry.area_id],
                    "name": [entry.name],
                    "valid_from": [pd.Timestamp(entry.valid_from) if entry.valid_from else pd.NaT],
                    "valid_to": [pd.Timestamp(entry.valid_to) if entry.valid_to else pd.NaT],
                    "decision_ref": [entry.decision_ref or None],
                    "authoritative": [entry.authoritative],
                    "source": [_("Sammansatt av {codes}").format(codes=", ".join(entry.codes))],
                },
                geometry=[shape],
                crs=pieces.crs,
            ),
            kind=entry.kind,
        )
        for entry, shape in zip(entries, shapes, strict=True)
    ]
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=pieces.crs), []
