"""What the tables are called in front of people: layers in QGIS, sheets, links."""

from __future__ import annotations

from typing import Final

from geodata.language import N_
from geodata.language import gettext as _

TITLES: Final[dict[str, str]] = {
    "incidents": N_("Händelser"),
    "rejected": N_("Avvisade rader"),
    "places": N_("Platser"),
    "areas": N_("Områden"),
    "grid": N_("Rutnät"),
    "hotspots": N_("Hot spots"),
    "camera_sites": N_("Föreslagna kameraplatser"),
    "search_sites": N_("Föreslagna platser för hundsök"),
}


def title(name: str) -> str:
    """Return the title of a table in the user's language; its name when it has none."""
    text = TITLES.get(name)
    return _(text) if text else name
