"""Papers as Word files: real headings, captions that Word numbers, tables with header rows.

`paper_docx` writes a `maps.paper.Paper`, the same that `maps.pdf.paper_pdf` takes.
"""

from __future__ import annotations

from maps.word.writing import paper_docx

__all__ = ["paper_docx"]
