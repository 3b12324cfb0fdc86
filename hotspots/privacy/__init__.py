"""What a view costs in privacy, and what masks take away of it."""

from hotspots.privacy.costs import for_choosing, view_costs
from hotspots.privacy.layers import SENSITIVE_KINDS, PrivacyLayers, privacy_layers
from hotspots.privacy.masks import Masks, masks
from hotspots.privacy.near import sensitive_near
from hotspots.privacy.options import PrivacyOptions

__all__ = [
    "SENSITIVE_KINDS",
    "Masks",
    "PrivacyLayers",
    "PrivacyOptions",
    "for_choosing",
    "masks",
    "privacy_layers",
    "sensitive_near",
    "view_costs",
]
