"""The yearly appendix: a paper of numbered maps and tables, and the same as one page for screens.

`appendix_paper` says what it holds; `maps.pdf` and `maps.word` write it, and `appendix_html` makes
the page. The strategic tier is for managers, the normative one can be handed out and is made of
tables released to ``publik`` alone.
"""

from __future__ import annotations

from maps.appendix.content import appendix_paper
from maps.appendix.model import TIERS, AppendixFacts, Tier, tier_name
from maps.appendix.page import appendix_html

__all__ = ["TIERS", "AppendixFacts", "Tier", "appendix_html", "appendix_paper", "tier_name"]
