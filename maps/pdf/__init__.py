"""Papers as PDF: tagged, with text alternatives and Swedish hyphenation, through Typst.

`paper_pdf` writes a `maps.paper.Paper`. `compile_pdf` is for what a paper can't say; every text
from data then goes through `text`. `picture_pdf` and `picture_png` turn a drawing into a file.
"""

from __future__ import annotations

from maps.pdf.compiling import compile_pdf, picture_pdf, picture_png
from maps.pdf.markup import text
from maps.pdf.writing import paper_pdf

__all__ = ["compile_pdf", "paper_pdf", "picture_pdf", "picture_png", "text"]
