"""The sheet of a camera proposal (”Underlag för kameraplats”), sections A to G.

It lays out what is known and what is missing. It never says whether a place or a camera meets a
term of law.
"""

from maps.sheets.building import build_sheet
from maps.sheets.list_page import list_html
from maps.sheets.model import Section, Sheet, SheetFacts, differences
from maps.sheets.page import sheet_html
from maps.sheets.pdf import sheet_paper
from maps.sheets.picture import Ground
from maps.sheets.text import sheet_text

__all__ = [
    "Ground",
    "Section",
    "Sheet",
    "SheetFacts",
    "build_sheet",
    "differences",
    "list_html",
    "sheet_html",
    "sheet_paper",
    "sheet_text",
]
