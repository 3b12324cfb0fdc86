"""Columns of typed files (vector, Parquet) made plain: one value a cell, few types."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import Notice
from geodata.language import gettext as _

_INDEX: Final = "__index_level_"


def plain_columns(table: pa.Table) -> tuple[pa.Table, tuple[Notice, ...]]:
    """Return `table` with strings as ``string``, dictionaries unpacked and no nested columns.

    Returns
    -------
    tuple
        The table, and a notice of the columns left out: bytes, lists and structures hold no single
        value. pandas' own row index goes without a word.
    """
    names: list[str] = []
    columns: list[pa.ChunkedArray] = []
    dropped: list[str] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if name.startswith(_INDEX):
            continue
        if pa.types.is_dictionary(kind):
            column = pc.cast(column, kind.value_type)  # noqa: PLW2901
            kind = column.type
        if _is_nested(kind):
            dropped.append(name)
            continue
        if (
            pa.types.is_large_string(kind)
            or pa.types.is_string_view(kind)
            or pa.types.is_null(kind)
        ):
            column = pc.cast(column, pa.string())  # noqa: PLW2901
        names.append(name)
        columns.append(column)
    notice = Notice(
        code="columns_dropped",
        text=_("Kolumner utan enkla värden läses inte: {names}.").format(names=", ".join(dropped)),
        data={"columns": dropped},
    )
    return pa.table(columns, names=names), (notice,) if dropped else ()


def local_dates(table: pa.Table) -> tuple[pa.Table, tuple[Notice, ...]]:
    """Take plain dates out of UTC in a GeoPackage.

    A GeoPackage stores every time as UTC, and programs that know no time zone write local times
    there as if they were. A column in which every time is midnight UTC holds dates: its zone is
    taken away. Other times are left as they are, and the reader is warned.
    """
    notices = []
    for place, field in enumerate(table.schema):
        if not pa.types.is_timestamp(field.type) or field.type.tz is None:
            continue
        column = table.column(place)
        plain = pc.cast(column, pa.timestamp(field.type.unit))  # the same instant, zone untold
        days = pc.floor_temporal(plain, unit="day")
        if pc.all(pc.equal(plain, days)).as_py() is not False:
            table = table.set_column(place, field.name, plain)
            continue
        notices.append(
            Notice(
                code="times_in_utc",
                level="warning",
                text=_(
                    "Tiderna i kolumnen {name} anges i UTC, som en GeoPackage alltid gör, och "
                    "räknas om till svensk tid. Har programmet som skrev filen lagt in svensk tid "
                    "blir de en eller två timmar fel."
                ).format(name=field.name),
                data={"column": field.name},
            )
        )
    return table, tuple(notices)


def _is_nested(kind: pa.DataType) -> bool:
    return (
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
        or isinstance(kind, pa.BaseExtensionType)
    )
