"""What the server and a worker say to each other. Values only: no code, no open file, no exception crosses.

server → worker   Boot, then Analyse or Run; StopRequest at any time; Answer or Failure to a Call
worker → server   Ready; Call, while a statement runs; Answer or Failure at its end
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_athena.statements.jobs import Job, Request


@dataclass(frozen=True, slots=True)
class Boot:
    """What a new worker is: where it may write, what it may read and how much it may take."""

    scratch: Path
    """Its own folder."""
    copies: Path
    """The folder of readable copies of files, which all workers share."""
    results: Path
    """The folder of results, which the server takes from there; a worker may be gone by then."""
    engine_memory: int
    """Bytes that the engine may take before it spills."""
    memory: int
    """Bytes that the process may take beyond what it has at its start."""
    readable: tuple[str, ...]
    """The folders, or URL beginnings, that the engine may read."""
    setup: tuple[str, ...]
    """Statements that set up the engine to open the storage's paths."""


@dataclass(frozen=True, slots=True)
class Analyse:
    """Read a request; the answer is an `Analysis`."""

    request: Request


@dataclass(frozen=True, slots=True)
class Run:
    """Run a statement; the answer is an `Outcome`."""

    job: Job


@dataclass(frozen=True, slots=True)
class StopRequest:
    """End the statement that runs."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes statements."""

    pid: int


@dataclass(frozen=True, slots=True)
class Call:
    """The server is asked for what only it may do. `target` is `glue`, `storage`, `saved` or `run`."""

    target: str
    operation: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call or a statement."""

    value: Any = None
    worn: bool = False
    """Whether the worker should be replaced: it holds more than a new one."""
    loaded: tuple[str, ...] = ()
    """Large parts that the statement loaded, which later workers should have from their start."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception as a value. `kind` says which class it is again on the other side."""

    kind: str
    fields: dict[str, Any]
    worn: bool = False
