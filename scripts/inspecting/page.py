"""The page of an inspection, written beside the folder and never into it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from geodata.errors import Fault, OutputError
from geodata.language import gettext as _
from maps.inspection_page import Check, File, inspection_html
from scripts.inspecting.findings import CHECKS, Inspection


def write_page(found: Inspection, path: Path | None) -> Path:
    """Write the page; return where.

    Parameters
    ----------
    path
        Where; ``None``: ``granskning-`` and the name of the folder, beside it.

    Raises
    ------
    OutputError
        ``page_in_folder``: it would stand in what is to be handed out; ``not_writable``.
    """
    target = path or found.folder.parent / f"granskning-{found.folder.name}.html"
    if found.folder in target.resolve().parents:
        raise OutputError(
            Fault(
                code="page_in_folder",
                what=_("Granskningens sida är intern och skrivs inte i mappen som granskas."),
                where=str(target),
                next_step=_("Ange en fil utanför mappen med --html."),
            )
        )
    try:
        target.write_text(_html(found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            Fault(
                code="not_writable",
                what=_("Granskningens sida går inte att skriva."),
                where=str(target),
                why=error.strerror or str(error),
                next_step=_("Ange en annan fil med --html."),
            )
        ) from error
    return target


def _html(found: Inspection) -> str:
    by_file = Counter(one.file for one in found.findings)
    return inspection_html(
        folder=found.folder.name,
        profile=found.profile,
        verdict=found.verdict(),
        passed=found.passed,
        checks=[
            Check(_(text), tuple((one.file, one.told()) for one in found.of(check)))
            for check, text in CHECKS.items()
        ],
        files=[File(one.file, one.size, one.mark, by_file[one.file]) for one in found.files],
        notes=found.notes,
    )
