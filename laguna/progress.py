"""How an operation says what is going on, without knowing whether anybody is watching."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Passed to whatever takes longer than a moment."""

    def tell(self, line: str) -> None:
        """A fact that stays on the screen and in a log."""

    def now(self, text: str) -> None:
        """What is being waited for at this moment; a log does not keep it."""
