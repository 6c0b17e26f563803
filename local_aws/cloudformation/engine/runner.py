"""Operations run in threads of their own, one a stack; the answer to the API call does not wait for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial

from local_aws.cloudformation.engine.context import Context, Interrupted
from local_aws.cloudformation.engine.recover import BROKEN, interrupted
from local_aws.storage.answers import answer_for
from local_aws.storage.room import when_there_is_room

_log = logging.getLogger(__name__)

Operation = Callable[[Context, str], None]


class Runner:
    """Starts operations, and at its making takes up those that a stop has interrupted."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._threads: set[threading.Thread] = set()
        for stack_id, operation in interrupted(context).items():
            self.start(operation, stack_id)

    def start(self, operation: Operation, stack_id: str) -> None:
        """Run it in the background; the stack's status must say already that it is under way."""
        # In the caller's context: the operation is done as who asked for it.
        work = partial(copy_context().run, self._run, operation, stack_id)
        thread = threading.Thread(target=work, name=stack_id, daemon=True)
        self._threads.add(thread)
        thread.start()

    def linger(self, stack_id: str, seconds: float) -> None:
        """Wait until the stack's operation is over, but no longer than that."""
        for thread in list(self._threads):
            if thread.name == stack_id:
                thread.join(seconds)

    def under_way(self) -> list[str]:
        """The operations that have not ended."""
        return [f"CloudFormation operation on {thread.name}" for thread in list(self._threads)]

    def wait(self) -> None:
        """Until nothing runs any more; for tests."""
        for thread in list(self._threads):
            thread.join()

    def close(self) -> None:
        """Let running operations stop at their next step; the next start takes them up."""
        self._context.stopping.set()
        self._context.pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, operation: Operation, stack_id: str) -> None:
        try:
            operation(self._context, stack_id)
        except Interrupted:
            _log.info("%s stays as it is until the next start", stack_id)
        except Exception as error:
            if self._context.stopping.is_set():
                return
            _log.exception("operation on %s", stack_id)
            failed = answer_for(error)
            reason = f"Internal Failure: {failed.message if failed else repr(error)}"
            when_there_is_room(lambda: self._break(stack_id, reason), self._context.stopping.is_set)
        finally:
            self._threads.discard(threading.current_thread())

    def _break(self, stack_id: str, reason: str) -> None:
        status = self._context.store.get(stack_id).status
        self._context.set_status(stack_id, BROKEN.get(status, status), reason)
