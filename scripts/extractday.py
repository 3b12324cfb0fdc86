"""The day of the extract: as stated, as the store knows it, or as the rows tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geodata.errors import LagesbildError, Notice
from geodata.incidents import ExtractDay
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from scripts.config import Project
from scripts.reading import store_in_use


def settled(project: Project) -> tuple[Project, tuple[Notice, ...]]:
    """Return the project with the day of the newest extract in its store, where that is later.

    Weekly extracts go into the store, while the project file still states the day of the first.
    """
    stated = project.project.extract_date
    try:
        store = store_in_use(project)
    except LagesbildError:
        return project, ()  # the reading tells it, together with all other faults
    if store is None:
        return project, ()
    newest = max(date.fromisoformat(part.extracted) for part in store.facts.parts)
    if stated is not None and stated >= newest:
        return project, ()
    text = _("Uttagsdagen är {day}: det senaste uttaget i lagret.").format(day=day(newest))
    notice = Notice(code="extract_date_of_store", text=text, level="chosen")
    options = replace(project.project, extract_date=newest)
    return replace(project, project=options), (notice,)


def told(guess: ExtractDay | None) -> Notice:
    """Return what is said of a guess."""
    if guess is None:
        text = _(
            "Uttagsdagen framgår inte av filen: skriv den som extract_date under [project]. Utan "
            "den gäller dagens datum."
        )
        return Notice(code="extract_date_unknown", text=text, level="warning")
    if guess.day == guess.last:
        text = _(
            "Uttagsdagen antas vara {day}, filens sista datum. Gjordes uttaget senare: ändra "
            "extract_date."
        ).format(day=day(guess.day))
    else:
        text = _(
            "Uttagsdagen antas vara {day}: filens sista datum är {last}, och dagarna däremellan "
            "kan mycket väl sakna händelser. Ändra extract_date om det är fel."
        ).format(day=day(guess.day), last=day(guess.last))
    if guess.later:
        text += " " + ngettext(
            "{n} rad har ett senare datum, tas för felskriven och avvisas.",
            "{n} rader har senare datum, tas för felskrivna och avvisas.",
            guess.later,
        ).format(n=number(guess.later))
    data = {"extract_date": guess.day.isoformat(), "later": guess.later}
    return Notice(code="extract_date_guessed", text=text, level="chosen", data=data)
