"""Which separator a text file has and where its header stands, from its first records."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from geodata.errors import DataError, Fault
from geodata.exports.encoding import Decoded
from geodata.exports.headers import clean_names, name_faults
from geodata.exports.raw import ReadOptions, file_fault, shorten
from geodata.exports.records import Record, lines_of, long_fields, records
from geodata.language import gettext as _
from geodata.language import number

SEPARATORS: Final = (";", "\t", ",", "|")
"""In order of preference where two fit equally well."""

MAX_HEADER: Final = 1 << 20
"""Longest first line, bytes."""

_IDLE: Final = " \r\n\x1a" + "".join(SEPARATORS)
_LOOK_AT: Final = 200
_SEP_LINE: Final = re.compile(r'"?sep=([;,\t|])"?', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where things stand in a text file.

    ``header_row`` is the row of the header as a spreadsheet shows it, ``body`` the byte at which
    the line after it begins, ``cells`` the header as it stands.
    """

    separator: str
    cells: list[str]
    header_row: int
    body: int


@dataclass(frozen=True)
class _Trial:
    """How well one separator fits: the header it gives and the records below it."""

    separator: str
    header: Record
    below: list[Record]

    @property
    def width(self) -> int:
        return len(self.header.cells)

    @property
    def share(self) -> float:
        """Share of the records that fit the header."""
        if not self.below:
            return 1.0
        return sum(fits(record.cells, self.width) for record in self.below) / len(self.below)

    @property
    def score(self) -> tuple[float, int, int]:
        return (
            self.share * (self.width - 1),
            self.width,
            -SEPARATORS.index(self.separator),
        )

    def usual_width(self) -> int:
        """Return the most common number of cells below the header."""
        widths = Counter(len(record.cells) for record in self.below)
        return max(widths, key=lambda w: (widths[w], w)) if widths else self.width


def fits(cells: list[str], width: int) -> bool:
    """Tell whether a record has `width` cells; blank ones too many at its end do no harm."""
    return len(cells) == width or (len(cells) > width and not any(cells[width:]))


def find_layout(text: Decoded, options: ReadOptions, path: Path) -> Layout:
    """Return the separator and the header of a text file.

    Raises
    ------
    DataError
        ``empty_file``, ``line_too_long``, ``wrong_separator``, ``decimal_comma``, ``preamble``,
        ``unreadable_header``, ``duplicate_columns``, ``reserved_column``.
    """
    start, declared = _sep_line(text)
    start, skipped = _skip(text, start, options.skip_rows)
    _refuse_long_line(text, start, path)
    wanted = {"tab": "\t", "auto": declared}.get(options.separator, options.separator)
    with long_fields():
        found = [_try(text, start, separator, skipped + 1) for separator in SEPARATORS]
    trials = [trial for trial in found if trial is not None]
    if not trials:
        raise DataError(_empty(path))
    best = max(trials, key=lambda trial: trial.score)
    chosen = next((t for t in trials if t.separator == wanted), best)
    if options.separator == "auto" and _misfit(chosen, best):
        chosen = best
    faults = _faults(chosen, best, trials, options, path)
    if faults:
        raise DataError(faults)
    return Layout(
        separator=chosen.separator,
        cells=chosen.header.cells,
        header_row=chosen.header.row,
        body=_end_of(text, start, chosen.header.row - skipped, chosen.separator),
    )


def _sep_line(text: Decoded) -> tuple[int, str | None]:
    """Return where the text begins after a line ``sep=;``, which Excel hides, and its separator."""
    line = next(lines_of(text.data, text.start), "")
    match = _SEP_LINE.fullmatch(line.rstrip("\r\n"))
    if match is None:
        return text.start, None
    return text.start + len(line.encode("utf-8", "surrogateescape")), match.group(1)


def _skip(text: Decoded, start: int, rows: int) -> tuple[int, int]:
    """Return where the text begins after `rows` lines, and how many there were."""
    skipped = 0
    for line in islice(lines_of(text.data, start), rows):
        start += len(line.encode("utf-8", "surrogateescape"))
        skipped += 1
    return start, skipped


def _try(text: Decoded, start: int, separator: str, first_row: int) -> _Trial | None:
    filled = (
        record
        for record in records(lines_of(text.data, start), separator, first_row)
        if record.raw.strip(_IDLE)
    )
    header = next(filled, None)
    if header is None:
        return None
    return _Trial(separator, header, list(islice(filled, _LOOK_AT)))


def _end_of(text: Decoded, start: int, n: int, separator: str) -> int:
    """Return the byte after the first `n` records."""
    with long_fields():
        for record in islice(records(lines_of(text.data, start), separator), n):
            start += len(record.raw.encode("utf-8", "surrogateescape"))
    return start


def _refuse_long_line(text: Decoded, start: int, path: Path) -> None:
    end = start + MAX_HEADER
    if len(text.data) <= end or any(text.data.find(br, start, end) >= 0 for br in (b"\n", b"\r")):
        return
    raise DataError(
        file_fault(
            "line_too_long",
            _("Första raden är längre än {n} tecken.").format(n=number(MAX_HEADER)),
            path,
            why=_("Filen saknar radbrytningar och är därför ingen tabell med rader och kolumner."),
            next_step=_("Gör om uttaget som CSV eller XLSX, eller ange rätt fil i projektfilen."),
        )
    )


def _empty(path: Path) -> Fault:
    return file_fault(
        "empty_file",
        _("Filen är tom."),
        path,
        why=_("Den innehåller varken rubrikrad eller rader."),
        next_step=_("Gör om uttaget, eller ange rätt fil i projektfilen."),
    )


def _faults(
    chosen: _Trial, best: _Trial, trials: list[_Trial], options: ReadOptions, path: Path
) -> list[Fault]:
    header = chosen.header
    where = _("rad {row}").format(row=header.row)
    if header.broken or "\0" in header.raw or _has_bad_bytes(header.raw):
        return [
            file_fault(
                "unreadable_header",
                _("Rubrikraden går inte att läsa: {text}").format(text=shorten(header.raw)),
                path,
                place=where,
                why=_(
                    "Den har ett citattecken som inte avslutas, NUL-tecken eller trasiga tecken."
                ),
                next_step=_("Rätta rubrikraden i filen."),
            )
        ]
    if _misfit(chosen, best):
        return [_wrong_separator(chosen, best, path)]
    if chosen.width > 1 and chosen.share < 0.5 and _decimal_commas(chosen):
        return [_decimal_comma(chosen, path)]
    titled = _below_titles(chosen, trials)
    if titled is not None:
        return [_preamble(header, titled, options.skip_rows, path)]
    return name_faults(clean_names(header.cells), path, row=header.row)


def _misfit(chosen: _Trial, best: _Trial) -> bool:
    """Tell whether `best` cuts most records and `chosen` hardly any."""
    return best.score > chosen.score and best.share > 0.5 and chosen.score[0] < 1


def _has_bad_bytes(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def _wrong_separator(chosen: _Trial, best: _Trial, path: Path) -> Fault:
    return file_fault(
        "wrong_separator",
        _("Avgränsaren {wrong} passar inte filen.").format(wrong=separator_name(chosen.separator)),
        path,
        why=_("Med {right} får rubrikraden {n} kolumner och raderna lika många.").format(
            right=separator_name(best.separator), n=best.width
        ),
        next_step=_("Ta bort separator ur projektfilen eller ange {right}.").format(
            right=separator_name(best.separator)
        ),
    )


def separator_name(separator: str) -> str:
    """Return a separator as people call it."""
    names = {
        ";": _("semikolon (;)"),
        ",": _("komma (,)"),
        "\t": _("tabb"),
        "|": _("lodstreck (|)"),
    }
    return names.get(separator, f"”{separator}”")


def _decimal_commas(trial: _Trial) -> bool:
    """Tell whether most records are too wide and hold digits on both sides of a comma."""
    split = re.compile(r"(^|,)[+-]?\d+,\d+(,|\r|\n|$)")
    wide = [r for r in trial.below if len(r.cells) > trial.width and split.search(r.raw)]
    return trial.separator == "," and 2 * len(wide) > len(trial.below)


def _decimal_comma(trial: _Trial, path: Path) -> Fault:
    return file_fault(
        "decimal_comma",
        _("Filen har komma både som avgränsare och som decimaltecken."),
        path,
        place=_("rad {row}").format(row=trial.below[0].row),
        why=_("Rubrikraden har {n} kolumner men raderna har {m} fält.").format(
            n=trial.width, m=trial.usual_width()
        ),
        next_step=_(
            "Gör om uttaget med semikolon som avgränsare, eller med citattecken kring tal."
        ),
    )


def _below_titles(chosen: _Trial, trials: list[_Trial]) -> Record | None:
    """Return the record that looks like the header if the first one looks like a title."""
    named = sum(bool(cell.strip()) for cell in chosen.header.cells)
    if named != 1:
        return None
    for trial in sorted(trials, key=lambda t: (-t.usual_width(), t.score)):
        width = trial.usual_width()
        same = [record for record in trial.below if len(record.cells) == width]
        if width > 2 and 2 * len(same) > len(trial.below):
            filled = [r for r in same if all(cell.strip() for cell in r.cells)]
            return (filled or same)[0]
    return None


def _preamble(header: Record, found: Record, skipped: int, path: Path) -> Fault:
    rows = found.row - 1
    return file_fault(
        "preamble",
        _("Rad {row} är ingen rubrikrad: {text}").format(
            row=header.row, text=shorten(header.raw.strip())
        ),
        path,
        place=_("rad {row}").format(row=header.row),
        why=_("Rubrikerna tycks stå på rad {row}: {text}").format(
            row=found.row, text=shorten(found.raw.strip())
        ),
        next_step=_("Sätt skip_rows = {rows} för filen i projektfilen (nu {now}).").format(
            rows=rows, now=skipped
        ),
    )
