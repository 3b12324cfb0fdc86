"""Leaflet itself, taken from a package on this machine so that no page has to fetch it.

The files come from *django-js-lib-leaflet*, which repackages Leaflet's own release unchanged. Only
its data files are read: Django is neither needed nor imported.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

VERSION: Final = "1.9.4"
_IMAGE = re.compile(r"url\(([^)]+\.png)\)")


def _folder() -> Traversable:
    return files("js_lib_leaflet") / "static" / "js_lib_leaflet"


@cache
def script() -> str:
    """Return Leaflet's minified JavaScript, licence line kept, without its source map's address."""
    text = (_folder() / "leaflet.js").read_text("utf-8")
    return text.replace("//# sourceMappingURL=leaflet.js.map", "").strip()


@cache
def style() -> str:
    """Return Leaflet's CSS with its images inside and Internet Explorer's extras left out."""
    text = (_folder() / "leaflet.css").read_text("utf-8")
    text = text.replace("behavior: url(#default#VML);", "")
    return _IMAGE.sub(lambda match: f"url({_data_uri(match[1])})", text).strip()


def _data_uri(name: str) -> str:
    data = (_folder() / name.strip("\"'")).read_bytes()
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")
