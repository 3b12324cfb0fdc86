"""Kernel density on a grid: a picture of where events gather, smoother than counts.

For display. Counts on a grid foretell about as well or better (Camacho Doyle, Gerell & Andershed
2021); see `hotspots.density`.
"""

from hotspots.kde.bandwidth import choose_bandwidth
from hotspots.kde.frame import Frame, frame_of
from hotspots.kde.options import KdeOptions
from hotspots.kde.surface import Density, density_table, estimate_density, evaluate

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
