"""The pages of the picture: one of the whole municipality and one of each area."""

from maps.area_page.facts import PictureFacts
from maps.area_page.page import area_pages

__all__ = ["PictureFacts", "area_pages"]
