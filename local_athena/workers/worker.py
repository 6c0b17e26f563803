"""A worker as the server holds it: gives it statements, answers its calls, and sees it die."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from local_athena.workers.channel import Disconnected
from local_athena.workers.failures import as_exception
from local_athena.workers.launching import Process
from local_athena.workers.messages import Analyse, Answer, Boot, Call, Failure, Ready, Run, StopRequest
from local_athena.workers.serving import Serving


class WorkerDied(Exception):
    """The process ended before it answered; `why` is why it was killed, if we did it."""

    def __init__(self, why: str | None, grown: int) -> None:
        super().__init__(why or "a worker ended by itself")
        self.why = why
        self.grown = grown


OUT_OF_MEMORY, OUT_OF_TIME, STOPPED, CLOSED = "memory", "time", "stop", "close"
"""Why we kill."""


@dataclass(slots=True, eq=False)
class Worker:
    """One process. One thread at a time gives it statements; any may stop or kill it."""

    process: Process
    resting: int
    """Bytes that it had when it was ready."""
    grown: int = 0
    """Bytes that it has taken since."""
    since: float = 0.0
    """When it was given its statement, or was left idle."""
    deadline: float | None = None
    """When it is killed, if it has not answered."""
    overdue: str = OUT_OF_TIME
    """What it is when the deadline passes."""
    killed: str | None = None
    yielding: bool = False
    """Whether the system gives it what others leave."""
    worn: bool = False
    loaded: tuple[str, ...] = ()

    def boot(self, boot: Boot) -> None:
        """Tell a new process what it is, and wait until it is ready.

        Raises:
            WorkerDied: it could not.
        """
        try:
            self.process.channel.send(boot)
            ready = self.process.channel.receive()
        except Disconnected as error:
            raise WorkerDied(self.killed, 0) from error
        if not isinstance(ready, Ready):
            raise WorkerDied("what it said first is no message", 0)

    def ask(self, task: Analyse | Run, serving: Serving) -> Any:
        """Give it a task, answer its calls, and return what comes of the task.

        Raises:
            WorkerDied: it ended before.
            Exception: what the task raised.
        """
        channel = self.process.channel
        try:
            with serving.stop.interrupting(self._ask_to_stop):
                channel.send(task)
                while isinstance(message := channel.receive(), Call):
                    channel.send(serving.answer(message))
        except Disconnected as error:
            self.worn = True
            raise WorkerDied(self.killed, self.grown) from error
        self.worn = self.worn or message.worn
        if isinstance(message, Failure):
            raise as_exception(message)
        assert isinstance(message, Answer)
        self.loaded = message.loaded
        return message.value

    def _ask_to_stop(self) -> None:
        """Called again for as long as it has not stopped; the first time sets when it is killed."""
        if self.overdue != STOPPED:
            self.overdue, self.deadline = STOPPED, time.monotonic() + PATIENCE_SECONDS
        try:
            self.process.channel.send(StopRequest())
        except Disconnected:
            return  # it has ended already

    def kill(self, why: str) -> None:
        """End it at once."""
        self.killed = self.killed or why
        self.worn = True
        self.process.kill()


PATIENCE_SECONDS = 1.2
"""How long a worker that was asked to stop may go on: StopQueryExecution ends a query within two seconds."""
