"""Kernel density on a grid: a picture of where events gather, smoother than counts.

For display. Counts on a grid foretell about as well or better (Camacho Doyle, Gerell & Andershed
2021); see `hotspots.density`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.kde.bandwidth import choose_bandwidth
    from hotspots.kde.frame import Frame, frame_of
    from hotspots.kde.options import KdeOptions
    from hotspots.kde.surface import Density, density_table, estimate_density, evaluate
else:
    __getattr__ = lazily(
        __name__,
        {
            "choose_bandwidth": "bandwidth",
            "Frame": "frame",
            "frame_of": "frame",
            "KdeOptions": "options",
            "Density": "surface",
            "density_table": "surface",
            "estimate_density": "surface",
            "evaluate": "surface",
        },
    )

__all__ = [
    "Density",
    "Frame",
    "KdeOptions",
    "choose_bandwidth",
    "density_table",
    "estimate_density",
    "evaluate",
    "frame_of",
]
