"""A run under way, and how one ends."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

from local_aws.glue.jobs.arguments import Arguments
from local_aws.glue.jobs.process import ScriptProcess
from local_aws.glue.jobs.run_channel import RunChannel
from local_aws.glue.jobs.runs import Job, JobRun


@dataclass
class ActiveRun:
    """A run under way. `arguments` are the merged ones."""

    run: JobRun
    job: Job
    job_id: str
    arguments: Arguments
    stopping: threading.Event = field(default_factory=threading.Event)
    process: ScriptProcess | None = None
    metastore: socket.socket | None = None
    """Listens for Spark's Hive client."""
    credentials: dict[str, str] | None = None
    """The variables of its role's session, once it is about to need them."""
    channel: RunChannel | None = None
    """Answers the script when it loads or commits the job's bookmark."""
    thread: threading.Thread | None = None

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.run["Id"])


@dataclass(frozen=True, slots=True)
class End:
    """The last state of a run and its ErrorMessage."""

    state: str
    error: str | None = None
    seconds: float = 0.0
    clean: bool = False
    """Whether the JVM it ran on can be used again."""
