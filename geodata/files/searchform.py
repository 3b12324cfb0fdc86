"""The form for the results of a round: a row for each entrance and space, to be filled in.

The headings are those of the register of results, so that the form is read back as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from geodata.disclosure import Released, marking
from geodata.files.excel import stamped, text_cell
from geodata.labels import label
from geodata.language import gettext as _
from geodata.register.template import RESULT_HEADINGS
from geodata.search_tables import RESULTS

WIDTHS: Final = (16, 26, 20, 12, 24, 10, 12, 24, 14)


def write_result_form(path: Path, stops: Released, *, stamp: datetime) -> None:
    """Write the form of a round as XLSX, or as CSV by the file's name.

    Parameters
    ----------
    path
        The file; ``.xlsx`` has a list to choose results from.
    stops
        Table ``search_round`` of profile ``intern``, walk by walk.
    stamp
        Timezone-aware time that stands as "created"; equal tables and stamp give equal bytes.

    Raises
    ------
    ValueError
        If the table is withheld.
    OSError
        If the file can't be written.
    """
    rows = list(_rows(stops))
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(_workbook(stops, rows, stamp))
        return
    text = StringIO()
    line = csv.writer(text, delimiter=";", lineterminator="\r\n")
    line.writerow([f"# {_explained(stops)}"])
    line.writerow(_headings())
    line.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _headings() -> list[str]:
    own = [_(heading) for heading in RESULT_HEADINGS]
    return [own[0], _("Adress"), *own[1:]]


def _rows(stops: Released) -> Iterator[list[str]]:
    if stops.table is None:
        msg = f"a form of results needs the round, which {stops.profile} does not have"
        raise ValueError(msg)
    more = len(RESULT_HEADINGS) - 3
    for row in stops.table.to_dict("records"):
        address = row["address"] if isinstance(row["address"], str) else ""
        for space in row["search_spaces"].split(";"):
            if space:
                yield [row["entrance_id"], address, label(space), row["week"], *[""] * more]


def _explained(stops: Released) -> str:
    words = ", ".join(label(result) for result in RESULTS)
    text = _("En rad per entré och utrymme. Resultat: {words}. Skriv aldrig något om personer.")
    return f"{marking(stops.profile)}. {text.format(words=words)}"


def _workbook(stops: Released, rows: list[list[str]], stamp: datetime) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Resultat"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    words = ",".join(label(result) for result in RESULTS)
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    choice.add(f"E2:E{len(rows) + 1}")
    sheet.data_validations.append(choice)
    sheet.append([text_cell(sheet, heading, bold=True) for heading in _headings()])
    for row in rows:
        sheet.append([text_cell(sheet, text) if text else None for text in row])
    about = book.create_sheet(_("Om filen"))
    about.column_dimensions["A"].width = 100
    about.append([text_cell(about, _explained(stops))])
    unstamped = BytesIO()
    book.save(unstamped)
    return stamped(unstamped, stamp)
