"""What a view costs in privacy, and what masks take away of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.privacy.costs import for_choosing, view_costs
    from hotspots.privacy.layers import SENSITIVE_KINDS, PrivacyLayers, privacy_layers
    from hotspots.privacy.masks import Masks
    from hotspots.privacy.near import sensitive_near
    from hotspots.privacy.options import PrivacyOptions
else:
    __getattr__ = lazily(
        __name__,
        {
            "for_choosing": "costs",
            "view_costs": "costs",
            "SENSITIVE_KINDS": "layers",
            "PrivacyLayers": "layers",
            "privacy_layers": "layers",
            "Masks": "masks",
            "sensitive_near": "near",
            "PrivacyOptions": "options",
        },
    )

__all__ = [
    "SENSITIVE_KINDS",
    "Masks",
    "PrivacyLayers",
    "PrivacyOptions",
    "for_choosing",
    "privacy_layers",
    "sensitive_near",
    "view_costs",
]
