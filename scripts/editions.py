"""What readers have by now: the appendices of the project, and other editions that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.disclosure import read_earlier
from scripts.appendix.options import APPENDICES, TOLD

if TYPE_CHECKING:
    from geodata.disclosure import Profile
    from geodata.disclosure.cells import Cell
    from geodata.disclosure.ledger import Told
    from scripts.config import Project

EVERY: Final = f"*/{TOLD}/*/published.json"
"""What each tier of each appendix has told, in the folder of appendices."""


def told_before(project: Project, profile: Profile) -> dict[Cell, Told]:
    """Return the numbers that readers of a profile have.

    Appendices are made to be handed out, so all that lie in their folder count. Which runs have
    left the house only people know: they name them in ``[disclosure] earlier``.

    Raises
    ------
    DataError
        With every file that is missing or can't be read.
    """
    folder = project.base / project.output.folder / APPENDICES
    own = [] if profile == "intern" else sorted(folder.glob(EVERY))  # inside nothing is hidden
    named = [*map(str, own), *project.disclosure.earlier]
    return read_earlier(named, base=project.base, profile=profile)
