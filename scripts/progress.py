"""Progress on long work: a bar on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click


@dataclass
class Steps:
    """The steps of a run, timed; shown on standard error when that is a terminal.

    Attributes
    ----------
    seconds
        Wall time of each finished step by its name, for the manifest's reader, never for a table.
    """

    visible: bool = False
    total: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def on_terminal(cls) -> Iterator[Steps]:
        """Yield steps that show themselves when standard error is a terminal; clear at the end."""
        steps = cls(visible=sys.stderr.isatty())
        try:
            yield steps
        finally:
            steps.clear()

    def expect(self, total: int) -> None:
        """Tell how many steps there will be."""
        self.total = total

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show `text` while the step lasts, with a bar of the steps behind and ahead."""
        done = len(self.seconds)
        if self.visible:
            width = 24
            filled = width * done // max(self.total, done + 1)
            bar = "█" * filled + "░" * (width - filled)
            click.echo(f"\r\033[K{bar} {text} …", nl=False, err=True)
        started = time.perf_counter()
        yield
        self.seconds[text] = time.perf_counter() - started

    def clear(self) -> None:
        """Take the bar away."""
        if self.visible:
            click.echo("\r\033[K", nl=False, err=True)
