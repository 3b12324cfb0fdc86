from __future__ import annotations

import pytest

from geodata import schema
from geodata.errors import SchemaError


@pytest.mark.parametrize("name", schema.TABLES)
def test_empty_tables_obey_their_own_description(name: str) -> None:
    schema.check(schema.empty(name, crs="EPSG:3006"), name, crs="EPSG:3006")


def test_every_kind_of_difference_is_told_at_once() -> None:
    table = schema.empty("areas", crs="EPSG:3010").drop(columns="name")
    table["extra"] = 1
    table["population"] = table["population"].astype("str")
    with pytest.raises(SchemaError) as caught:
        schema.check(table, "areas", crs="EPSG:3006")
    text = str(caught.value)
    for part in ("missing column name", "extra column extra", "population is", "CRS is EPSG:3010"):
        assert part in text


def test_a_missing_value_is_allowed_only_where_the_column_says_so() -> None:
    table = schema.empty("rejected")
    table.loc[0] = [1, 1, "reason", None]
    table = table.astype({"input_no": "int64", "row_number": "int64", "detail": "str"})
    with pytest.raises(SchemaError, match="detail has missing"):
        schema.check(table, "rejected")


def test_a_category_must_have_the_values_of_the_description() -> None:
    table = schema.empty("incidents")
    table["source"] = table["source"].cat.add_categories(["neighbour"])
    with pytest.raises(SchemaError, match="source"):
        schema.check(table, "incidents")
