"""The picture of areas (lägesbild): counts, rates, weeks, places and reporters of each area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from areas.picture.feedback import feedback_measures
    from areas.picture.making import Known, Picture, make_picture
    from areas.picture.options import PictureOptions
    from areas.picture.reporters import Reporters, read_reporters
else:
    __getattr__ = lazily(
        __name__,
        {
            "feedback_measures": "feedback",
            "Known": "making",
            "Picture": "making",
            "make_picture": "making",
            "PictureOptions": "options",
            "Reporters": "reporters",
            "read_reporters": "reporters",
        },
    )

__all__ = [
    "Known",
    "Picture",
    "PictureOptions",
    "Reporters",
    "feedback_measures",
    "make_picture",
    "read_reporters",
]
