"""Static maps for paper and documents: SVG, PDF and PNG from the same drawing.

`printed_map` draws layers in a frame; the themes that make layers of released tables stand in
`maps.printed.themes`, and a theme of one's own needs only `maps.printed.layer`.

Examples
--------
>>> from maps.printed import Backdrop, common_classes, common_frame, printed_map
>>> from maps.printed.themes import area_layer, grid_layer, hotspot_layer
>>> frame = common_frame([released["hotspots"]])
>>> classes = common_classes([released["grid"], last_year["grid"]], "n_events")
>>> layers = [
...     grid_layer(released["grid"], classes),
...     area_layer(released["areas"]),
...     hotspot_layer(released["hotspots"]),
... ]
>>> made = printed_map(
...     layers, Backdrop(background), facts, PrintOptions(), frame=frame, size="A4",
...     orientation="landscape", number=1, title="Hot spots 2024–2025",
... )
>>> made.svg(), made.png(dpi=300), made.pdf()

In a document the map stands without title and facts, which the caption and the text tell:

>>> figure = printed_map(layers, ..., size=(160, 110), furnished="figure")
>>> Picture(figure.svg(), alt=figure.alt, caption=figure.title, width_mm=160)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from maps.printed.backdrop import Backdrop
    from maps.printed.classes import Classes, around, common_classes, common_frame
    from maps.printed.layer import Hatch, Key, Label, Layer, Look, Shapes, Symbols
    from maps.printed.multiples import Panel, small_multiples
    from maps.printed.options import PrintOptions
    from maps.printed.sheet import PrintedMap, printed_map
else:
    __getattr__ = lazily(
        __name__,
        {
            "Backdrop": "backdrop",
            "Classes": "classes",
            "around": "classes",
            "common_classes": "classes",
            "common_frame": "classes",
            "Hatch": "layer",
            "Key": "layer",
            "Label": "layer",
            "Layer": "layer",
            "Look": "layer",
            "Shapes": "layer",
            "Symbols": "layer",
            "Panel": "multiples",
            "small_multiples": "multiples",
            "PrintOptions": "options",
            "PrintedMap": "sheet",
            "printed_map": "sheet",
        },
    )

__all__ = [
    "Backdrop",
    "Classes",
    "Hatch",
    "Key",
    "Label",
    "Layer",
    "Look",
    "Panel",
    "PrintOptions",
    "PrintedMap",
    "Shapes",
    "Symbols",
    "around",
    "common_classes",
    "common_frame",
    "printed_map",
    "small_multiples",
]
