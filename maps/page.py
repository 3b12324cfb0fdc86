"""The page around the map: Folium's classes with every outside file taken out.

Folium fetches ten files from four hosts, gives everything random names and compiles what it writes
as a template once more, so that ``{{7*7}}`` in a street name would come out as 49. Here the files
are inside, the names stable, and data never passes through Folium's templates: it stands in one
JSON block that the page's own script reads and shows as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import folium
import jinja2
from branca.element import Figure
from folium.template import Template
from markupsafe import Markup, escape

from geodata.disclosure import marking
from geodata.errors import Fault, SettingsError
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import language, percent
from maps import content, encoding, leaflet, panel, style

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.disclosure import Released
    from maps.interactive import MapFacts, MapOptions

SCRIPTS: Final = (
    "codec.js",
    "canvas.js",
    "background.js",
    "layers.js",
    "cameras.js",
    "popup.js",
    "periods.js",
    "search.js",
    "lists.js",
    "paper.js",
    "start.js",
)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("maps", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _read(name: str) -> str:
    return (files("maps") / "templates" / name).read_text("utf-8")


class OfflineMap(folium.Map):
    """A Folium map that links to nothing and whose names are always the same."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (as Folium declares it)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}" role="region"
         aria-label="{{ this.spoken|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        {% endmacro %}
        """
    )

    def __init__(self, centre: tuple[float, float], spoken: str, *, snap: float) -> None:
        super().__init__(
            location=centre,
            zoom_start=12,
            tiles=None,
            zoom_control=False,
            min_zoom=6,
            max_zoom=19,
            zoom_snap=snap,
        )
        self._id = "lagesbild"
        self.spoken = spoken


class TableLayer(folium.map.Layer):
    """One layer; what it draws stands in the page's JSON under its key."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = LB.layer({{ this.key|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str, *, show: bool) -> None:
        super().__init__(name=key, overlay=True, control=False, show=show)
        self._name = "Layer"
        self._id = key
        self.key = key


def render(
    layers: Mapping[str, Released],
    background: Mapping[str, gpd.GeoDataFrame],
    facts: MapFacts,
    options: MapOptions,
) -> str:
    """Return the page; see `maps.interactive.map_html`."""
    tiles = _tiles(options)
    made = content.make(layers, background, facts, options)
    data = {
        "texts": panel.script_texts(),
        "accent": style.ACCENT,
        "land": style.LAND,
        "bounds": made.bounds,
        "order": [layer.key for layer in made.layers],
        "layers": {
            layer.key: {**layer.data, "views": sorted(layer.views)} for layer in made.layers
        },
        "background": made.background.parts,
        "periods": made.periods.json() if made.periods else None,
        "tiles": {"url": tiles.url, "attribution": tiles.attribution} if tiles else None,
    }
    body, program = _folium_parts(made)
    scripts = [leaflet.script(), "\n".join(['"use strict";', *map(_read, SCRIPTS), program])]
    css = leaflet.style() + "\n" + _read("map.css")
    return (
        _templates()
        .get_template("page.html")
        .render(
            _=_,
            language=language(),
            policy=_policy(scripts, css, tiles.source if tiles else ""),
            referrer="strict-origin" if tiles else "no-referrer",
            facts=facts,
            marking=marking(facts.profile),
            style=Markup(css),  # noqa: S704 (our own files)
            scripts=[Markup(script) for script in scripts],  # noqa: S704 (our own files)
            body=Markup(body),  # noqa: S704 (our own markup; see OfflineMap)
            data=Markup(encoding.to_json(data)),  # noqa: S704 (made safe for a script element)
            lines=panel.fact_lines(facts),
            banners=made.banners,
            tags=content.tags(made, facts),
            findings=made.findings,
            views=made.views,
            groups=panel.groups(made.layers),
            layers=panel.listed(made.layers),
            periods=made.periods,
            background=bool(made.background.parts),
            geocodes=[(label(c), percent(s, 1)) for c, s in facts.geocode_shares.items()],
            about=panel.about(facts, made),
        )
    )


def _folium_parts(made: content.Content) -> tuple[str, str]:
    """Return the markup and the program that Folium writes for the map and its layers."""
    (south, west), (north, east) = made.bounds
    figure = Figure()
    page_map = OfflineMap(
        ((south + north) / 2, (west + east) / 2),
        _("Karta. Samma innehåll finns i tabellerna i panelen."),
        snap=0.25,
    )
    page_map.add_to(figure)
    for layer in made.layers:
        TableLayer(layer.key, show="overview" in layer.views).add_to(page_map)
    figure.render()
    return figure.html.render(), f"{figure.script.render()}\nLB.start({page_map.get_name()});"


@dataclass(frozen=True)
class _Tiles:
    url: str
    attribution: str
    source: str
    """The host, as a Content-Security-Policy names it."""


def _tiles(options: MapOptions) -> _Tiles | None:
    """Return the tiles asked for, with their words made safe for Leaflet, which writes HTML."""
    if not options.tiles:
        return None
    parts = urlsplit(options.tiles)
    host = re.sub(r"^\{s\}(?=\.)", "*", parts.netloc)
    usable = parts.scheme in ("http", "https") and re.fullmatch(r"(\*\.)?[\w.-]+(:\d+)?", host)
    if not usable or any(f"{{{part}}}" not in options.tiles for part in "zxy"):
        raise SettingsError(
            Fault(
                code="tiles_address",
                what=_("Adressen till bakgrundskartan går inte att använda: {url}").format(
                    url=options.tiles
                ),
                where="[map] tiles",
                why=_("Den ska börja med https:// och innehålla {z}, {x} och {y}."),
                next_step=_("Rätta adressen, eller ta bort den för en karta utan anrop."),
            )
        )
    if not options.attribution:
        raise SettingsError(
            Fault(
                code="tiles_attribution",
                what=_("Bakgrundskartan saknar uppgift om upphov."),
                where="[map] attribution",
                why=_("Den som ger ut kartan kräver att det står på den."),
                next_step=_('Skriv till exempel attribution = "© OpenStreetMaps bidragsgivare".'),
            )
        )
    return _Tiles(options.tiles, str(escape(options.attribution)), f"{parts.scheme}://{host}")


def _policy(scripts: list[str], style: str, tile_source: str) -> str:
    """Return the page's Content-Security-Policy.

    Only the scripts and the style written here may run, by their hashes; not even an ``onerror``
    that slipped through would. Images come from within, or from the one host of the tiles.
    """
    hashes = " ".join(_hash(script) for script in scripts)
    rules = (
        "default-src 'none'",
        f"script-src {hashes}",
        f"style-src {_hash(style)}",
        f"img-src data: {tile_source}".strip(),
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
