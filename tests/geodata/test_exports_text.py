"""CSV files: what is cut, how it is numbered, and what is said when it can't be."""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import DataError, LagesbildError
from geodata.exports import ReadOptions, read_export
from geodata.exports import text as text_module
from geodata.exports.arrow_text import cut_irregular, cut_regular
from geodata.exports.encoding import Decoded
from geodata.exports.headers import drop_blank_rows
from geodata.exports.layout import Layout

ROWS = "Gata;Brottskod;Dag\nHagebygatan;5011;2024-01-02\nSöderleden;0301;2024-02-29\n"


@pytest.fixture
def read(tmp_path):
    def _read(content, name="export.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        raw = read_export(path, ReadOptions(**options))
        assert raw.rows_read == raw.table.num_rows + len(raw.rejected)
        assert len(raw.row_numbers) == raw.table.num_rows
        return raw

    return _read


def fault_of(read, content, **options):
    with pytest.raises(DataError) as caught:
        read(content, **options)
    (fault,) = caught.value.faults
    assert fault.what
    assert "export" in fault.where
    return fault


def rejected_of(raw):
    return list(raw.rejected.itertuples(index=False, name=None))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends(read, separator, codec, encoding, newline):
    content = ROWS.replace(";", separator).replace("\n", newline).encode(codec)
    raw = read(content)
    assert raw.table.to_pydict() == {
        "Gata": ["Hagebygatan", "Söderleden"],
        "Brottskod": ["5011", "0301"],
        "Dag": ["2024-01-02", "2024-02-29"],
    }
    assert (raw.encoding, raw.separator, raw.format) == (encoding, separator, "csv")
    assert raw.row_numbers.tolist() == [2, 3]
    assert raw.row_numbers.dtype == np.int64
    assert raw.sha256 == hashlib.sha256(content).hexdigest()
    assert [n.code for n in raw.notices] == ["text_format"]


def test_utf16_with_big_endian_mark(read):
    raw = read(b"\xfe\xff" + ROWS.encode("utf-16-be"))
    assert raw.encoding == "utf-16-be"
    assert raw.table.column("Gata").to_pylist()[1] == "Söderleden"


def test_cp1252_found_far_into_the_file(read):
    content = b"a;b\n" + b"x;1\n" * 100_000 + "å;2\n".encode("cp1252")
    raw = read(content)
    assert raw.encoding == "cp1252"
    assert raw.table.column("a").to_pylist()[-1] == "å"
    assert raw.table.num_rows == 100_001


def test_bad_byte_in_utf8_costs_one_row(read):
    raw = read("a;b\nå;ä\n".encode() + b"x\xe5;1\n" + "ö;é\n".encode())
    assert raw.encoding == "utf-8"
    assert raw.table.to_pydict() == {"a": ["å", "ö"], "b": ["ä", "é"]}
    assert raw.row_numbers.tolist() == [2, 4]
    ((row, reason, detail),) = rejected_of(raw)
    assert (row, reason) == (3, "bad_encoding")
    detail.encode("utf-8")


def test_half_a_character_at_the_end_of_utf16(read):
    raw = read(b"\xff\xfe" + "a;b\n1;2\n3;4".encode("utf-16-le") + b"\x31")
    assert raw.table.to_pydict() == {"a": ["1"], "b": ["2"]}
    assert rejected_of(raw)[0][:2] == (3, "bad_encoding")


def test_emoji(read):
    raw = read("namn;ikon\nknutpunkt;🐕‍🦺\n")
    assert raw.table.column("ikon").to_pylist() == ["🐕‍🦺"]


def test_quoted_line_breaks_are_one_row(read):
    raw = read('a;b\r\n1;"två\r\nrader; och ""citat"""\r\n3;4\r\n5\r\n')
    assert raw.table.to_pydict() == {"a": ["1", "3"], "b": ['två\r\nrader; och "citat"', "4"]}
    assert raw.row_numbers.tolist() == [2, 3]
    assert rejected_of(raw) == [(4, "wrong_number_of_columns", "5")]


def test_ragged_rows(read):
    raw = read("a;b;c\n1;2;3\n1;2\n\n4;5;6;7\n8;9;10;;\n11;12;13\n")
    assert raw.table.to_pydict() == {
        "a": ["1", "8", "11"],
        "b": ["2", "9", "12"],
        "c": ["3", "10", "13"],
    }
    assert raw.row_numbers.tolist() == [2, 6, 7]
    assert rejected_of(raw) == [
        (3, "wrong_number_of_columns", "1;2"),
        (5, "wrong_number_of_columns", "4;5;6;7"),
    ]
    assert raw.rows_read == 5
    (notice,) = [n for n in raw.notices if n.code == "trailing_separators"]
    assert notice.data == {"rows": 1}


def test_long_detail_is_shortened(read):
    raw = read("a;b\n1;2\n" + "x" * 5000 + "\n")
    ((_row, _reason, detail),) = rejected_of(raw)
    assert len(detail) == 200
    assert detail.endswith("…")


def test_blank_lines_take_a_number_but_are_no_rows(read):
    raw = read("\n\na;b\n\n1;2\n  \n;\n ; \n3;4\n\n\n\x1a")
    assert raw.table.to_pydict() == {"a": ["1", "3"], "b": ["2", "4"]}
    assert raw.row_numbers.tolist() == [5, 9]
    assert raw.rows_read == 2


def test_nul_bytes_cost_their_rows(read):
    raw = read(b"a;b\n1;2\n3\0;4\n5;6\n7;\0\n")
    assert raw.row_numbers.tolist() == [2, 4]
    assert rejected_of(raw) == [(3, "nul_byte", "3␀;4"), (5, "nul_byte", "7;␀")]


def test_nul_bytes_in_every_row(read):
    content = "\n".join(["kolumn_ett;kolumn_två", *["värde\0;värde"] * 5])
    assert fault_of(read, content).code == "nul_bytes"


@pytest.mark.parametrize("tail", ["", "\n", "\n3;4\n5;6\n", '\n3;"4"\n'])
def test_unterminated_quote_costs_one_row(read, tail):
    raw = read('a;b\n0;0\n1;"två' + tail)
    assert rejected_of(raw) == [(3, "unterminated_quote", '1;"två')]
    assert raw.table.num_rows == 1 + tail.count(";")
    assert raw.row_numbers.tolist() == [2, 4, 5][: raw.table.num_rows]


def test_quotes_within_a_value_are_kept(read):
    raw = read('a;b\n5" rör;x\n"6"" rör";"y"z\n')
    assert raw.table.to_pydict() == {"a": ['5" rör', '6" rör'], "b": ["x", "yz"]}


def test_field_of_megabytes_is_read(read):
    raw = read('a;b\n1;"' + "x\n" * 400 + "y" * 3_000_000 + '"\n2;3\n')
    assert raw.table.num_rows == 2
    assert len(raw.table.column("b")[0].as_py()) == 3_000_800


def test_ten_megabytes_in_one_line(read):
    fault = fault_of(read, "x;" * 5_000_000)
    assert fault.code == "line_too_long"
    assert "radbrytningar" in fault.why


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \r\n\n", b";;;\n", b"\xff\xfe"])
def test_empty(read, content):
    assert fault_of(read, content).code == "empty_file"


@pytest.mark.parametrize("content", ["a;b;c\n", "a;b;c", "a;b;c\n\n;;\n"])
def test_header_only(read, content):
    fault = fault_of(read, content)
    assert fault.code == "header_only"
    assert "a; b; c" in fault.why


def test_binary_garbage(read):
    content = np.random.default_rng(3).integers(0, 256, 20_000, dtype=np.uint8).tobytes()
    assert fault_of(read, content).code == "not_text"


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx", "export.parquet", "export.gpkg"])
def test_zeros(read, name):
    with pytest.raises(DataError) as caught:
        read(b"\0" * 1000, name=name)
    assert caught.value.faults[0].code in ("not_text", "truncated_file")


@pytest.mark.parametrize("stated", [",", "tab", "|"])
def test_wrong_separator_says_which_fits(read, stated):
    fault = fault_of(read, "a;b;c\n1,5;2;3\n1,6;2;3\n", separator=stated)
    assert fault.code == "wrong_separator"
    assert "semikolon" in fault.why
    assert "semikolon" in fault.next_step


def test_right_separator_by_setting(read):
    assert read("a,b;c\n1,2;3\n", separator=";").table.column_names == ["a,b", "c"]
    assert read("a,b;c\n1,2;3\n", separator=",").table.column_names == ["a", "b;c"]
    assert read("a\tb\n1\t2\n", separator="tab").separator == "\t"


def test_decimal_comma_with_semicolon_is_no_trouble(read):
    raw = read("n;e\n6495231,5;568941,25\n")
    assert raw.table.to_pydict() == {"n": ["6495231,5"], "e": ["568941,25"]}


def test_decimal_comma_with_comma_between_columns(read):
    fault = fault_of(read, "id,n,e\n" + "1,6495231,5,568941,25\n" * 5)
    assert fault.code == "decimal_comma"
    assert "3 kolumner" in fault.why
    assert "5 fält" in fault.why


def test_duplicate_columns_all_told(read):
    fault = fault_of(read, "kod;dag; kod ;x;dag\n1;2;3;4;5\n")
    assert fault.code == "duplicate_columns"
    assert "”kod” i kolumn 1, 3" in fault.what
    assert "”dag” i kolumn 2, 5" in fault.what


def test_own_column_names_are_kept(read):
    assert fault_of(read, "__x;b\n1;2\n").code == "reserved_column"


def test_names_are_cleaned_and_nameless_columns_named(read):
    raw = read('\ufeff Brottsdag  start ;"två\nrader";;x;\n1;2;3;4;\n')
    assert raw.table.column_names == ["Brottsdag start", "två rader", "column_3", "x"]


def test_sep_line(read):
    raw = read("sep=|\na;1|b\nx;y|z\n")
    assert raw.table.to_pydict() == {"a;1": ["x;y"], "b": ["z"]}
    assert raw.row_numbers.tolist() == [2]


def test_sep_line_that_lies(read):
    assert read("sep=,\na;b;c\nx;y;z\n").separator == ";"


def test_titles_above_the_header(read):
    content = "Utdrag ur RAR\nTaget 2025-01-01;;\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n"
    fault = fault_of(read, content)
    assert fault.code == "preamble"
    assert "skip_rows = 3" in fault.next_step
    raw = read(content, skip_rows=3)
    assert raw.table.column_names == ["a", "b", "c"]
    assert raw.row_numbers.tolist() == [5, 6, 7]


def test_header_that_is_data_is_told(read):
    raw = read("568941,5;6495231;2024-01-01\n568942,5;6495232;2024-01-02\n")
    assert "header_looks_like_data" in [n.code for n in raw.notices]


def test_single_column_is_told(read):
    raw = read("rubrik\nett värde\n")
    assert "single_column" in [n.code for n in raw.notices]


def test_broken_header(read):
    assert fault_of(read, 'a;"b\n1;2\n3;4\n').code == "unreadable_header"
    assert fault_of(read, "a;b\0\n1;2\n" + "3;4\n" * 20).code == "unreadable_header"


@pytest.mark.parametrize(
    ("codec", "stated"),
    [("cp1252", "utf-8"), ("utf-16", "utf-8"), ("utf-8-sig", "cp1252"), ("utf-8", "utf-16")],
)
def test_wrong_encoding_stated(read, codec, stated):
    fault = fault_of(read, ROWS.encode(codec), encoding=stated)
    assert fault.code == "wrong_encoding"


def test_encoding_stated(read):
    raw = read(ROWS.encode("cp850"), encoding="cp850")
    assert raw.table.column("Gata").to_pylist()[1] == "Söderleden"
    assert read(ROWS.encode("utf-16"), encoding="utf-16").encoding == "utf-16-le"
    content = "日本;語\n東京;大阪\n".encode("utf-16-be")
    assert read(content, encoding="utf-16-be").table.column_names == ["日本", "語"]


def test_gzip(read):
    packed = gzip.compress(ROWS.encode(), mtime=0)
    raw = read(packed, name="export.csv.gz")
    assert raw.table.num_rows == 2
    assert raw.sha256 == hashlib.sha256(packed).hexdigest()
    with pytest.raises(DataError) as caught:
        read(packed[:-12], name="export.csv.gz")
    assert caught.value.faults[0].code == "truncated_file"


def test_setting_of_another_format_is_told(read):
    raw = read(ROWS, sheet="Blad1")
    assert "setting_unused" in [n.code for n in raw.notices]


TEXTS = st.text(st.sampled_from(list('ab;,"\n\r\t |1\0åé😀=\x1a')), max_size=60)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("any") / "export.csv"


def holds_for(path, content):
    """Any bytes give a table that adds up or one clear error."""
    path.write_bytes(content)
    try:
        raw = read_export(path, ReadOptions())
    except LagesbildError as error:
        assert all(f.code and f.what for f in error.faults)  # noqa: PT017 (either ending is right)
        return
    assert raw.rows_read == raw.table.num_rows + len(raw.rejected)
    numbers = [*raw.row_numbers.tolist(), *raw.rejected["row_number"].tolist()]
    assert len(set(numbers)) == raw.rows_read
    assert (np.diff(raw.row_numbers) > 0).all()
    assert all(isinstance(v, str) for column in raw.table.columns for v in column.to_pylist())
    "".join(raw.rejected["detail"]).encode("utf-8")


@given(
    content=TEXTS.map(str.encode) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace"))
)
def test_any_text(scratch, content):
    holds_for(scratch, content)


@given(content=st.binary(max_size=100))
def test_any_bytes(scratch, content):
    holds_for(scratch, content)


@given(
    lines=st.lists(
        st.text(st.sampled_from(list('ab"å 1\n\r;')), max_size=6), min_size=1, max_size=8
    ),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    width=st.integers(1, 3),
)
def test_the_fast_ways_agree_with_the_exact_one(lines, newline, width):
    header = ";".join("ABC"[:width]) + newline
    content = Decoded(
        (header + newline.join(lines) + newline).encode(), 0, "utf-8", settled=True, valid=True
    )
    layout = Layout(";", list("ABC"[:width]), 1, len(header))

    def visible(rows):
        table, kept = drop_blank_rows(rows.table)
        numbers = rows.row_numbers if kept is None else rows.row_numbers[kept]
        return table.to_pydict(), numbers.tolist(), rows.rejected, rows.surplus

    exact = visible(text_module._cut_exactly(content, layout))
    for fast in (cut_regular(content, layout), cut_irregular(content, layout)):
        assert fast is None or visible(fast) == exact


@pytest.mark.parametrize(
    ("more", "cut"),
    [
        ("", cut_regular),
        ('å;"två\nrader";b\nx;y;z\n', cut_regular),
        ("a;b\n\nx;y;z;;\nx;y;z\n", cut_irregular),
        ('a;b\n\nx;"två\n\nrader";z\nx;y;z\n', cut_irregular),
    ],
)
def test_the_fast_ways_are_taken(more, cut):
    content = Decoded((ROWS + more).encode(), 0, "utf-8", settled=True, valid=True)
    layout = Layout(";", ["Gata", "Brottskod", "Dag"], 1, ROWS.index("\n") + 1)
    rows = cut(content, layout)
    assert rows is not None
    table, _kept = drop_blank_rows(rows.table)
    assert table.to_pydict() == text_module._cut_exactly(content, layout).table.to_pydict()
