"""A sheet as a paper: what `maps.pdf` prints."""

from __future__ import annotations

from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps.paper import Block, Bullets, Heading, PageBreak, Paper, Paragraph, Remark, Run
from maps.sheets.model import Sheet


def sheet_paper(sheet: Sheet) -> Paper:
    """Return a sheet as a paper, with its version, its status and what is missing first."""
    blocks: list[Block] = [Remark(sheet.header), Paragraph(status_text(sheet))]
    blocks += sheet.overview
    if sheet.missing:
        blocks.append(Paragraph(Run(_("Det som saknas"), bold=True)))
        blocks.append(Bullets(missing_lines(sheet)))
    if sheet.changes:
        blocks.append(Paragraph(Run(_("Ändrat sedan förra versionen"), bold=True)))
        blocks.append(Bullets(sheet.changes))
    blocks.append(PageBreak())
    for section in sheet.sections:
        blocks.append(Heading(f"{section.letter}. {section.title}"))
        blocks += section.blocks
    blocks += [Paragraph(note, small=True) for note in sheet.notes]
    return Paper(
        title=sheet.title,
        profile=sheet.profile,
        blocks=tuple(blocks),
        subtitle=sheet.project,
        footer=footer(sheet),
        synthetic=sheet.synthetic,
    )


def missing_lines(sheet: Sheet) -> tuple[str, ...]:
    """Return what is missing, a line a section."""
    by_section: dict[str, list[str]] = {}
    for letter, text in sheet.missing:
        by_section.setdefault(letter, []).append(text)
    return tuple(f"{letter}: {'; '.join(texts)}" for letter, texts in by_section.items())


def status_text(sheet: Sheet) -> tuple[str | Run, ...]:
    """Return version and status as a sentence."""
    version = Run(_("Version {n}.").format(n=sheet.version or "–"), bold=True)
    if sheet.complete:
        return (version, " ", _("Komplett: alla obligatoriska uppgifter är ifyllda."))
    n = len(sheet.missing)
    text = ngettext(
        "Ofullständigt: {n} uppgift saknas.", "Ofullständigt: {n} uppgifter saknas.", n
    ).format(n=number(n))
    return (version, " ", Run(text, bold=True))


def footer(sheet: Sheet) -> str:
    """Return the line at the foot of every page."""
    taken = _("uttag {day}").format(day=day(sheet.extract_date)) if sheet.extract_date else ""
    parts = (sheet.site_id, _("version {n}").format(n=sheet.version or "–"), taken)
    return ", ".join(part for part in parts if part)
