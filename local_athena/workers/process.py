"""A worker: runs one statement after another, and can be killed at any moment.

The main thread listens to the server, so that a stop gets in while a statement runs; the statement has a
thread of its own with a stack that deep statements do not outgrow (Python's recursion limit ends them
before).
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
import threading
from queue import SimpleQueue
from typing import Any

from local_athena.engine.stopping import Stop, stoppable
from local_athena.errors import AthenaApiError, QueryCancelled, QueryFailed
from local_athena.workers.channel import Channel, Disconnected
from local_athena.workers.failures import as_exception, as_failure
from local_athena.workers.limits import behind_the_server, bound_memory, no_core_file
from local_athena.workers.messages import Analyse, Answer, Boot, Call, Failure, Ready, Run, StopRequest
from local_athena.workers.parent import die_with
from local_athena.workers.remote import RemoteGlue, RemoteSaved, RemoteStorage

logger = logging.getLogger(__name__)

STACK = 512 << 20
"""Bytes of address space; memory only as far as a statement's depth needs it."""
DEPTH = 50_000
"""Calls of Python in each other: ten kilobytes of the stack for each."""
STATEMENTS = 500
"""After so many statements a new process serves better: what libraries keep for ever is freed."""
FUNCTIONS = 200
"""So many Python functions may have been registered with one engine."""
COLLECTED = (100_000, 20, 100)
"""When garbage is looked for: a long statement makes a tree of a million objects, none of which is any."""
LARGE = ("local_athena.statements.iceberg.row_changes", "local_athena.statements.iceberg.maintenance")
"""Modules that take long to load, and that many lakes never need."""
MARK = "pyiceberg"
"""What is loaded when one of them was needed."""


class SealingStop(Stop):
    """A stop whose seal the server keeps, since it is the server that is asked to stop."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def seal(self) -> None:
        """Take no stop from here on.

        Raises:
            QueryCancelled: one was asked for before.
        """
        self._server.ask(Call("run", "seal"))
        super().seal()


class Server:
    """The other end, for the thread of the statement and those that pyiceberg reads manifests with."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._asking = threading.Lock()
        self.answers: SimpleQueue[Answer | Failure] = SimpleQueue()

    def ask(self, call: Call) -> Any:
        """What the server answers to a call.

        Raises:
            Exception: what the call raised there.
        """
        with self._asking:  # an answer is the last call's
            self._channel.send(call)
            answer = self.answers.get()
        if isinstance(answer, Failure):
            raise as_exception(answer)
        return answer.value


class Worker:
    """The process's two threads and what they share."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._server = Server(channel)
        self._tasks: SimpleQueue[Analyse | Run | Boot] = SimpleQueue()
        self._stop: Stop = Stop()
        self._done = 0

    def listen(self) -> None:
        """Take what the server says until it is gone."""
        threading.stack_size(STACK)
        threading.Thread(target=self._work, name="statement", daemon=True).start()
        threading.stack_size(0)
        while True:
            message = self._channel.receive()
            if isinstance(message, StopRequest):
                self._stop.ask()
            elif isinstance(message, Answer | Failure):
                self._server.answers.put(message)
            else:
                if not isinstance(message, Boot):
                    self._stop = SealingStop(self._server)
                self._tasks.put(message)

    def _work(self) -> None:
        boot = self._tasks.get()
        assert isinstance(boot, Boot)
        try:
            self._set_up(boot)
            self._channel.send(Ready(os.getpid()))
            while True:
                self._channel.send(self._answered(self._tasks.get()))
        except Disconnected:
            os._exit(0)
        except BaseException:
            logger.exception("A worker could not go on")
            os._exit(1)

    def _set_up(self, boot: Boot) -> None:
        from local_athena.engine.engine import Engine
        from local_athena.statements.analysis import Analyst
        from local_athena.statements.query import Queries
        from local_athena.statements.runners import Statements

        sys.setrecursionlimit(DEPTH)
        self._storage = RemoteStorage(self._server.ask, boot)
        glue, saved = RemoteGlue(self._server.ask), RemoteSaved(self._server.ask)
        memory = f"{boot.engine_memory}B"
        self._engine = Engine(self._storage, boot.scratch, memory=memory, copies=boot.copies)
        queries = Queries(self._engine, glue, self._storage, self._journal)
        self._statements = Statements(queries, boot.results, saved)
        self._analyst = Analyst(glue, saved)
        bound_memory(boot.memory)
        gc.freeze()
        gc.set_threshold(*COLLECTED)

    def _journal(self, undo: Any) -> None:
        self._server.ask(Call("run", "journal", (undo,)))

    def _answered(self, task: Analyse | Run | Boot) -> Answer | Failure:
        self._done += 1
        try:
            with stoppable(self._stop):
                value = self._analysed(task) if isinstance(task, Analyse) else self._run(task)
            return Answer(value, self._worn, LARGE if MARK in sys.modules else ())
        except Disconnected:
            raise
        except BaseException as error:
            failure = as_failure(told(error))
            large = isinstance(error, MemoryError) or failure.fields.get("name") == "EXCEEDED_MEMORY_LIMIT"
            return Failure(failure.kind, failure.fields, large or self._worn)

    def _analysed(self, task: Analyse) -> Any:
        return self._analyst.analyse(task.request)

    def _run(self, task: Any) -> Any:
        self._storage.forget()
        return self._statements.run(task.job, self._analyst.tree(task.job))

    @property
    def _worn(self) -> bool:
        return self._done >= STATEMENTS or self._engine.functions > FUNCTIONS


def told(error: BaseException) -> BaseException:
    """What may be said of an error: Athena's words for it; of one that has none, that it was internal."""
    from local_athena.statements.engine_errors import as_query_failed

    if isinstance(error, QueryFailed | QueryCancelled | AthenaApiError):
        return error
    return as_query_failed(error)


def main(end: socket.socket, parent: int | None) -> None:
    """Serve until the server is gone. `parent` made this process, and neither outlives the other."""
    if parent is not None:
        die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in a terminal is the server's
    no_core_file()
    behind_the_server()
    faulthandler.enable()
    try:
        Worker(Channel(end)).listen()
    except Disconnected:
        os._exit(0)
