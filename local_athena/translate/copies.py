"""Which WITH queries give other rows each time they are read, and how often those are read in all.

Trino writes the query of a WITH in the place of each of its names, so two names of one that holds `random()`
differ. Such a one is written out here as well; all others are computed once, which nobody can tell. Written
out again and again, a chain of them doubles with each link, so what comes of it is bounded, as Trino bounds
the stages of its plans.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from local_athena.errors import QueryFailed

MOST = 1000
"""DuckDB plans so many in a tenth of a second."""


@dataclass(slots=True)
class Copies:
    """What one query's translation has met so far."""

    changing: int = 0
    """Functions, samples and WITH queries that give other rows each time."""
    made: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)
    """How many queries each copy of a WITH query holds, by its name here."""

    def read(self, name: str) -> None:
        """A WITH query is read; one that gives other rows each time is copied.

        Raises:
            QueryFailed: there are too many copies.
        """
        size = self._sizes.get(name)
        if size is None:
            return
        self.changing += 1
        self.made += size
        if self.made > MOST:
            problem = f"Number of stages in the query ({self.made}) exceeds the allowed maximum ({MOST})"
            raise QueryFailed("QUERY_HAS_TOO_MANY_STAGES", f"{problem}.")

    def defined(self, name: str, before: tuple[int, int]) -> bool:
        """Whether a WITH query must be copied whose translation began at the state `before`."""
        if self.changing == before[0]:
            return False
        self._sizes[name] = 1 + self.made - before[1]
        self.made = before[1]
        return True

    @property
    def state(self) -> tuple[int, int]:
        """What has been met, to be compared with later."""
        return self.changing, self.made
