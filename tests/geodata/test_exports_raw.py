"""Cells that a spreadsheet would compute, and our own rejects read again."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.exports import ReadOptions, read_export
from geodata.exports.headers import reread_rejected
from geodata.exports.raw import (
    FORMULA_STARTS,
    REJECTED_COLUMNS,
    escape_cell,
    shorten,
    unescape_cell,
)

CELLS = st.text(st.sampled_from(list("'=+-@\t\r\na1 ＝")), max_size=6) | st.text(max_size=20)


@given(CELLS)
@example("'=1")
@example("-78,5")
def test_escaping_is_undone(text):
    escaped = escape_cell(text)
    assert unescape_cell(escaped) == text
    assert not escaped.startswith(FORMULA_STARTS)


@pytest.mark.parametrize("text", ["", "a", "'", "'a", "5011", " =1"])
def test_harmless_cells_stay(text):
    assert escape_cell(text) == text
    assert unescape_cell(text) == text


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_columns_are_unescaped_as_cells_are(texts):
    escaped = pa.array([escape_cell(t) for t in texts])
    table = pa.table({"a": escaped, **dict.fromkeys(REJECTED_COLUMNS, escaped)})
    back, notices = reread_rejected(table)
    assert back.to_pydict() == {"a": texts}
    assert [n.code for n in notices] == ["reread_rejected"]


def test_other_files_are_left_alone():
    table = pa.table({"a": ["'=1"], REJECTED_COLUMNS[0]: ["1"]})
    back, notices = reread_rejected(table)
    assert back.equals(table)
    assert notices == ()
    assert pc.any(pc.starts_with(back["a"], "'")).as_py()


def test_rejected_file_read_again(tmp_path):
    rows = [
        ["kod", "+lon", "text", *REJECTED_COLUMNS],
        ["5011", "-78,5", '=HYPERLINK("x")', "1", "7", "bad", "-78"],
    ]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([[escape_cell(c) for c in row] for row in rows])
    path = tmp_path / "rejected.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")
    raw = read_export(path, ReadOptions())
    assert raw.table.to_pylist() == [{"kod": "5011", "+lon": "-78,5", "text": '=HYPERLINK("x")'}]
    assert "reread_rejected" in [n.code for n in raw.notices]


@given(st.text(max_size=500) | st.text(st.characters(codec=None), max_size=50))
def test_shortened_text_can_be_written(text):
    short = shorten(text)
    assert len(short) <= 200
    assert "\0" not in short
    assert "\n" not in short
    short.encode("utf-8")
