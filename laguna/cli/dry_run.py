"""`--dry-run`: run a command without its writes, and show every API call it would make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from laguna.cli.output import Answer, Block, Output, Table

if TYPE_CHECKING:
    from laguna.cli.session import Session
    from laguna.rehearsal import Call

SHOWN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The calls of a command, in their order."""

    calls: list[Call]

    def document(self) -> dict[str, Any]:
        """Each call with its parameters, whether it would change something, and whether it was made."""
        return {
            "calls": [
                {
                    "service": call.service,
                    "operation": call.operation,
                    "parameters": {name: _plain(value) for name, value in call.parameters.items()},
                    "writes": call.writes,
                    "made": call.made,
                }
                for call in self.calls
            ]
        }

    def blocks(self) -> Iterator[Block]:
        """A row a call, and how many were held back."""
        rows: list[tuple[Any, ...]] = [
            (call.service, call.operation, _fate(call), _in_short(call.parameters)) for call in self.calls
        ]
        yield Table("", ("service", "operation", "dry run", "parameters"), rows)
        held_back = sum(call.writes for call in self.calls)
        yield f"Calls that would change something: {held_back}. They were held back; nothing was changed."


class _Quiet(Output):
    """Says what is going on, and keeps the answer to itself: it is that of a run that was not."""

    def answer(self, answer: Answer) -> None:
        """Print nothing."""

    def show(self, blocks: Iterable[Block], *, stderr: bool = False) -> None:
        """Print nothing."""


def rehearse(session: Session, act: Callable[[Session], None]) -> None:
    """Run `act` on a profile whose writes are held back, and print its calls."""
    from laguna.rehearsal import Rehearsal

    rehearsal = Rehearsal(session.profile.buckets)
    profile = replace(session.profile, rehearsal=rehearsal)
    act(replace(session, profile=profile, output=_Quiet(session.output.style)))
    session.output.answer(Rehearsed(rehearsal.calls))


def _fate(call: Call) -> str:
    """A read that was left out is of something that a held-back call would have made."""
    return "held back" if call.writes else "made" if call.made else "left out"


def _in_short(parameters: dict[str, Any]) -> str:
    text = ", ".join(f"{name}={_plain(value)}" for name, value in parameters.items())
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def _plain(value: Any) -> Any:
    """A parameter as a reader wants it: texts of many lines and contents of objects by their size."""
    if isinstance(value, str) and "\n" in value:
        return f"<{len(value.encode()):,} bytes>"
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return f"<{type(value).__name__}>"
