"""What was found of a state file, and the sentence that tells it: what it is, what is lost, the way out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from local_aws.storage.kinds import kind_of, title_of


class Verdict(StrEnum):
    """How a state file is."""

    OK = "ok"
    EMPTY = "empty"
    DAMAGED = "damaged"
    NEWER = "newer"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One state file."""

    path: str
    verdict: Verdict
    detail: str = ""
    """What is wrong with it, as the end of a sentence."""
    size: int = 0
    version: int | None = None
    whole: bool = True
    """Whether all of it was read."""

    @property
    def title(self) -> str:
        """What a person calls it."""
        return _LIST_TITLE if self.path == _LIST else title_of(self.path)

    @property
    def lost(self) -> str:
        """What would be gone without it."""
        kind = kind_of(self.path)
        return kind.lost if kind else _LIST_LOST

    def sentence(self, option: str = "") -> str:
        """All of it in one sentence; `option` names the state folder in the commands, when it needs that."""
        what = f"{self.title[:1].upper()}{self.title[1:]} ({self.path}) {_SAYS[self.verdict]}"
        if self.detail:
            what += f": {self.detail}"
        if self.verdict is Verdict.NEWER:
            return (
                f"{what}; nothing is lost: start the Laguna that wrote it, or choose another state folder "
                "with --state."
            )
        kind = kind_of(self.path)
        kept = f" ({kind.kept})" if kind and kind.kept else ""
        return (
            f"{what}; without it {self.lost} would be lost{kept}: put it back from a copy, or run 'laguna "
            f"doctor --repair{option}', which keeps a copy and saves what can be read."
        )


_SAYS = {
    Verdict.OK: "is whole",
    Verdict.EMPTY: "is empty",
    Verdict.DAMAGED: "is damaged",
    Verdict.NEWER: "was written by a later Laguna",
    Verdict.MISSING: "is missing",
}
_LIST = "state.json"
_LIST_TITLE = "the list of state files"
_LIST_LOST = "the knowledge of which files there should be"
