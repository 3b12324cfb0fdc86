"""The picture of areas (lägesbild): counts, rates, weeks, places and reporters of each area."""

from areas.picture.feedback import feedback_measures
from areas.picture.making import Known, Picture, make_picture
from areas.picture.options import PictureOptions
from areas.picture.reporters import Reporters, read_reporters

__all__ = [
    "Known",
    "Picture",
    "PictureOptions",
    "Reporters",
    "feedback_measures",
    "make_picture",
    "read_reporters",
]
