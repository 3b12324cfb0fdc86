"""Bytes of a text file → UTF-8, and what encoding they had.

Swedish exports are UTF-8 with or without BOM, Windows-1252 or (Excel's "Unicode text") UTF-16. The
rest of the reading works on UTF-8 bytes. What can't be decoded stays as an invalid sequence, so
that the row that holds it can be rejected alone.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from geodata.errors import DataError
from geodata.exports.raw import file_fault
from geodata.language import gettext as _

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 1 << 18
_CHUNK: Final = 1 << 20
_CONTROLS: Final = bytes(c for c in range(32) if c not in b"\0\t\n\f\r\x1a\x1b") + b"\x7f"


@dataclass(frozen=True)
class Decoded:
    """A text file as UTF-8.

    Attributes
    ----------
    data
        The bytes; the text begins at `start`.
    encoding
        Name of the encoding the file had; ``utf-8-sig`` is UTF-8 with a byte order mark.
    settled
        Whether all of the file was looked at. A file whose beginning is UTF-8 is taken for UTF-8
        until a reader meets something else; then `settle` decides.
    valid
        Whether all bytes are known to be valid UTF-8; only `settle` finds that out.
    """

    data: bytes
    start: int
    encoding: str
    settled: bool
    valid: bool = False


def decode(data: bytes, wanted: str, path: Path) -> Decoded:
    """Return the text of a file as UTF-8.

    Parameters
    ----------
    data
        The bytes of the file.
    wanted
        ``auto``, or the encoding that the project file states.
    path
        For messages.

    Raises
    ------
    DataError
        ``not_text`` if it is no text at all; ``wrong_encoding`` if it isn't what was stated.
    """
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    found = bom[1] if bom else _utf16_without_bom(data[:_SAMPLE])
    start = len(bom[0]) if bom else 0
    if wanted.startswith("utf-16"):
        return _stated_utf16(data, start, wanted, found, path)
    if found is not None and wanted not in ("auto", found.removesuffix("-sig")):
        raise _wrong_encoding(wanted, found, path)
    if found is not None and found.startswith("utf-16"):
        return Decoded(_transcode(data[start:], found), 0, found, settled=True)
    _refuse_binary(data[:_SAMPLE], path)
    if wanted not in ("auto", "utf-8"):
        return Decoded(_transcode(data, wanted), 0, wanted, settled=True)
    decoded = Decoded(data, start, found or "utf-8", settled=wanted == "utf-8" or bool(bom))
    if wanted == "utf-8" and not bom and _mostly_not_utf8(data[:_SAMPLE]):
        raise _wrong_encoding(wanted, "cp1252", path)
    return decoded if _begins_as_utf8(data[:_SAMPLE]) else settle(decoded)


def settle(decoded: Decoded) -> Decoded:
    """Look at the whole file: decide between UTF-8 with some bad rows and Windows-1252."""
    if _is_utf8(decoded.data):
        return replace(decoded, settled=True, valid=True)
    if decoded.settled or not _mostly_not_utf8(decoded.data):
        return replace(decoded, settled=True, valid=False)
    data = _transcode(decoded.data, "cp1252")
    return Decoded(data, 0, "cp1252", settled=True, valid=_is_utf8(data))


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for i in range(0, len(data), _CHUNK):
            decoder.decode(data[i : i + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _begins_as_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # may end within a character
    except UnicodeDecodeError:
        return False
    return True


def _mostly_not_utf8(data: bytes) -> bool:
    """Tell whether more high bytes are invalid as UTF-8 than form valid characters."""
    if data.isascii():
        return False
    high = int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) >= 0x80))
    bad = len(data) - len(data.decode("utf-8", "ignore").encode("utf-8"))
    return bad > (high - bad) / 2


def _utf16_without_bom(sample: bytes) -> str | None:
    """Return the UTF-16 that a text of mostly Latin letters shows by its zero bytes, or None."""
    if len(sample) < 4:
        return None
    pairs = np.frombuffer(sample[: len(sample) // 2 * 2], dtype=np.uint8).reshape(-1, 2)
    first, second = (pairs == 0).mean(axis=0)
    if second > 0.7 and first < 0.1:
        return "utf-16-le"
    if first > 0.7 and second < 0.1:
        return "utf-16-be"
    return None


def _stated_utf16(data: bytes, start: int, wanted: str, found: str | None, path: Path) -> Decoded:
    if found is None and b"\0" in data[:_SAMPLE]:
        found = "utf-16-le" if wanted == "utf-16" else wanted  # not Latin letters, but stated
    if found is None or not found.startswith(wanted):
        raise _wrong_encoding(wanted, found or "utf-8", path)
    return Decoded(_transcode(data[start:], found), 0, found, settled=True)


def _transcode(data: bytes, encoding: str) -> bytes:
    """Return `data` as UTF-8, in pieces so that the text never stands whole in memory."""
    wide = encoding.startswith("utf-16")
    errors = "surrogatepass" if wide else "surrogateescape"
    odd = len(data) % 2 if wide else 0
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    end = len(data) - odd
    pieces = [
        decoder.decode(data[i : min(i + _CHUNK, end)]).encode("utf-8", errors)
        for i in range(0, end, _CHUNK)
    ]
    # Half a character is left at the end: an invalid byte makes the row that holds it rejected.
    if odd or decoder.getstate()[0]:
        pieces.append(b"\xff")
    return b"".join(pieces)


def _refuse_binary(sample: bytes, path: Path) -> None:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    zeros = sample.count(0)
    if controls > max(8, len(sample) * 0.02) or zeros > max(8, len(sample) * 0.3):
        raise DataError(
            file_fault(
                "not_text",
                _("Filen är inte text utan binära data."),
                path,
                why=_("Den är full av styrtecken som ingen textfil har."),
                next_step=_(
                    "Gör om uttaget som CSV eller XLSX, eller ange rätt fil i projektfilen."
                ),
            )
        )


def _wrong_encoding(wanted: str, found: str, path: Path) -> DataError:
    return DataError(
        file_fault(
            "wrong_encoding",
            _("Filen är inte kodad som {wanted}.").format(wanted=wanted),
            path,
            why=_("Den ser ut att vara {found}.").format(found=found.removesuffix("-sig")),
            next_step=_('Ta bort encoding ur projektfilen eller sätt encoding = "{found}".').format(
                found=found.removesuffix("-sig")
            ),
        )
    )
