"""A sheet as a page: self-contained, without script, every text escaped."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from geodata.language import gettext as _
from maps.paper import Beside, Block, Bullets, Facts, Paragraph, Picture, Remark, Run, Table, runs
from maps.sheet import render
from maps.sheets.model import Sheet
from maps.sheets.pdf import footer, status_text


def sheet_html(sheet: Sheet) -> str:
    """Return a sheet as one page.

    Raises
    ------
    ValueError
        For another profile than ``intern``.
    """
    if sheet.profile != "intern":
        msg = f"camera sheets are for intern, not for {sheet.profile}"
        raise ValueError(msg)
    return render(
        "camera_sheet.html",
        profile=sheet.profile,
        title=sheet.title,
        synthetic=sheet.synthetic,
        styles=("camera_sheet.css",),
        sheet=sheet,
        status=_words(status_text(sheet)),
        foot=footer(sheet),
        overview=[block_parts(block) for block in sheet.overview],
        sections=[
            (section.letter, section.title, [block_parts(block) for block in section.blocks])
            for section in sheet.sections
        ],
    )


def block_parts(block: Block) -> dict[str, Any]:  # noqa: PLR0911 (one a kind of block)
    """Return a block as the template knows it: its kind and its parts, texts not yet escaped."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "words": _words(block.words)}
    if isinstance(block, Remark):
        return {"kind": "remark", "words": _words(block.words)}
    if isinstance(block, Bullets):
        return {
            "kind": "bullets",
            "mark": block.mark,
            "items": [_words(item) for item in block.items],
        }
    if isinstance(block, Facts):
        return {"kind": "facts", "pairs": [(name, _words(words)) for name, words in block.pairs]}
    if isinstance(block, Table):
        rows = [[_words(cell) for cell in row] for row in block.rows]
        return {"kind": "table", "table": block, "rows": rows}
    if isinstance(block, Picture):
        return {
            "kind": "picture",
            "picture": block,
            "svg": Markup(block.svg),  # noqa: S704 (drawn by maps.sheets, texts escaped there)
        }
    if isinstance(block, Beside):
        return {
            "kind": "beside",
            "left": [block_parts(one) for one in block.left],
            "right": [block_parts(one) for one in block.right],
        }
    msg = f"no way to show {type(block).__name__} on a sheet"
    raise TypeError(msg)


def _words(words: str | Run | tuple[str | Run, ...]) -> Markup:
    """Return words with their looks; every piece of text is escaped."""
    return Markup().join(_run(run) for run in runs(words))


def _run(run: Run) -> Markup:
    text: Markup = Markup("{}").format(run.text)
    if run.bold:
        text = Markup("<b>{}</b>").format(text)
    if run.italic:
        text = Markup("<i>{}</i>").format(text)
    if run.soft:
        text = Markup('<span class="law">{}</span>').format(text)
    return text


def listed_status(*, complete: bool) -> str:
    """Return the status in a word."""
    return _("komplett") if complete else _("ofullständigt")
