"""The files of a round, written into the folder of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd

from geodata.disclosure import Released
from geodata.files.searchform import write_result_form
from geodata.language import gettext as _
from maps.printed import Backdrop
from maps.rounds.letters import letters_html
from maps.rounds.model import FOLDER, RoundFacts, table_of
from maps.rounds.round_page import Links, round_html, walk_file
from maps.rounds.walk_page import walk_html

FORM = "resultat"


def write_round(
    folder: Path,
    page: str,
    tables: Mapping[str, Released],
    background: Mapping[str, gpd.GeoDataFrame],
    facts: RoundFacts,
) -> None:
    """Write the page of a round, and in ``intern`` its walks, letters and forms.

    Parameters
    ----------
    folder
        Of the run.
    page
        Name of the round's page.
    tables
        Released ``search_*`` tables.
    background
        The project's own layers.
    facts
        What else is told.

    Raises
    ------
    OSError
        If a file can't be written.
    """
    backdrop = Backdrop(background)
    links: Links = {}
    stops, walks = tables.get("search_round"), table_of(tables, "search_walks")
    if facts.map.profile == "intern" and stops is not None and walks is not None:
        links = _links()
        (folder / FOLDER).mkdir()
        _write_walks(
            folder, gpd.GeoDataFrame(stops.table), gpd.GeoDataFrame(walks), backdrop, facts
        )
        _write(folder / FOLDER / "brev.html", letters_html(stops, facts))
        for kind in ("xlsx", "csv"):
            write_result_form(folder / FOLDER / f"{FORM}.{kind}", stops, stamp=_stamp(facts))
    _write(folder / page, round_html(tables, backdrop=backdrop, facts=facts, links=links))


def _links() -> Links:
    return {
        f"{FOLDER}/{FORM}.xlsx": (
            _("Blankett för resultat"),
            _("En rad per entré och utrymme. Läses in med lagesbild dogsearch --results."),
        ),
        f"{FOLDER}/brev.html": (
            _("Brev till fastighetsägare"),
            _("Ett blad per ägare med entréer, utrymmen och vecka; ingen dag."),
        ),
    }


def _write_walks(
    folder: Path,
    stops: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    backdrop: Backdrop,
    facts: RoundFacts,
) -> None:
    for no in walks["walk"].tolist():
        text = walk_html(
            stops[stops["walk"] == no].reset_index(drop=True),
            walks[walks["walk"] == no].reset_index(drop=True),
            n_walks=len(walks),
            backdrop=backdrop,
            facts=facts,
        )
        _write(folder / walk_file(no), text)


def _stamp(facts: RoundFacts) -> datetime:
    """Return the time that stands in the forms: that of the data, so that reruns are equal."""
    on = facts.map.extract_date or facts.map.last_date or date(1980, 1, 1)
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
