"""Tables without shapes and without formulas, as CSV and XLSX can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geodata.exports.raw import escape_cell

if TYPE_CHECKING:
    from collections.abc import Iterable


def flat(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without its shapes and with every text safe in a spreadsheet.

    Parameters
    ----------
    table
        Any table of `geodata.schema`, or what `geodata.disclosure` has left of it.

    Returns
    -------
    pandas.DataFrame
        Columns in order, headers escaped. Points stand as ``x_m`` and ``y_m``; the shapes of areas
        are left out (they are in the GeoPackage). In every text that a spreadsheet would take for
        a formula an apostrophe stands first (OWASP, *CSV Injection*).
    """
    if isinstance(table, gpd.GeoDataFrame):
        shapes, table = table.geometry, pd.DataFrame(table.drop(columns=table.geometry.name))
        if "x_m" not in table and (shapes.geom_type == "Point").all():
            table = table.assign(x_m=shapes.x, y_m=shapes.y)
    columns = {escape_cell(str(name)): safe_text(table[name]) for name in table.columns}
    return pd.DataFrame(columns, index=table.index)


def safe_text(series: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column with risky texts escaped; numbers and times are left as they are."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.rename_categories(_escaped(series.cat.categories))
    if not (isinstance(series.dtype, pd.StringDtype) or series.dtype == object):
        return series
    safe = _escaped(series.dropna().unique())
    if all(text == changed for text, changed in safe.items()):
        return series
    return series.map(safe).astype(series.dtype)


def _escaped(texts: Iterable[Any]) -> dict[Any, str]:
    return {text: escape_cell(str(text)) for text in texts}
