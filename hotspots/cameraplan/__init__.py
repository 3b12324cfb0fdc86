"""Camera proposals: what each place would see, whom it concerns, and which set is efficient.

What is proposed is where to look closer. Whether a camera is needed and proportionate is weighed by
people, with other measures tried first; nothing here says that a place meets a term of law.
"""

from hotspots.cameraplan.describing import (
    considered_table,
    frontier_tables,
    masks_table,
    sensitive_table,
    site_masks,
    views_table,
)
from hotspots.cameraplan.looking import SceneLook, sights_of
from hotspots.cameraplan.planning import CameraPlan, plan_cameras
from hotspots.cameraplan.scene import CameraSettings, Decided, Scene, make_scene

__all__ = [
    "CameraPlan",
    "CameraSettings",
    "Decided",
    "Scene",
    "SceneLook",
    "considered_table",
    "frontier_tables",
    "make_scene",
    "masks_table",
    "plan_cameras",
    "sensitive_table",
    "sights_of",
    "site_masks",
    "views_table",
]
