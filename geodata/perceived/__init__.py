"""Perceived safety from dialogues and surveys: points on a map, and answers by area.

What people feel, never what has happened: these tables are not summed with reports anywhere. Free
text is refused, and so is anything about who answered.
"""

from geodata.perceived.reading import Answers, Feelings, read_answers, read_feelings

__all__ = ["Answers", "Feelings", "read_answers", "read_feelings"]
