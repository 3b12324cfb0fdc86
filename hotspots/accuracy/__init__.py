"""Which way of finding hot spots foretells best where the next events come, in this very town.

Rolling origin: each method learns from the past and is tried on the next period, many times over.
`evaluate` does it all; `Accuracy` holds the trial and the card that sums it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.accuracy.cards import Card
    from hotspots.accuracy.evaluating import Accuracy, cell_scores, evaluate
    from hotspots.accuracy.options import AccuracyOptions
    from hotspots.accuracy.trial import Trial
else:
    __getattr__ = lazily(
        __name__,
        {
            "Card": "cards",
            "Accuracy": "evaluating",
            "cell_scores": "evaluating",
            "evaluate": "evaluating",
            "AccuracyOptions": "options",
            "Trial": "trial",
        },
    )

__all__ = ["Accuracy", "AccuracyOptions", "Card", "Trial", "cell_scores", "evaluate"]
