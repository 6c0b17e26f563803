"""A statement to run, as a value: what the server sends to the process that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from local_athena.parse.kinds import Statement


@dataclass(frozen=True, slots=True)
class Session:
    """Where a query runs: its catalog and database, and its moment."""

    database: str
    catalog: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One statement, and what its run needs to know."""

    execution_id: str
    statement: Statement
    session: Session
    output: str
    """The folder of results, with its final slash."""
    parameters: tuple[str, ...] = ()
    """The values of its `?`, in their order, as they were written."""
    cutoff: int | None = None
    """The most bytes that its workgroup lets a query read."""
    enforced: bool = False
    """Whether the workgroup says where all output goes."""
    workgroup: str = "primary"


@dataclass(frozen=True, slots=True)
class Request:
    """What StartQueryExecution was asked to run, before anything of it has been read."""

    text: str
    workgroup: str
    database: str
    parameters: tuple[str, ...]
    """ExecutionParameters."""
    request_id: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """A request, read: nothing in it is refused before it runs.

    `outer` is what was written; `statement` is what runs, which for EXECUTE is the prepared statement.
    """

    outer: Statement
    statement: Statement
    parameters: tuple[str, ...]
    uses_engine: bool
    """Whether it goes through the engine; what does not only reads or changes the catalog."""
    reusable: bool
    """Whether it is a query whose answer the same data gives again."""
