"""moto's interpreter of the Amazon States Language, as the executions here use it.

The interpreter's own class of an execution is extended in three places: it reports its end, an error inside
the interpreter fails the execution instead of leaving it running for ever, and it has AWS's bounds. This
module imports the parser, which takes two seconds, so it is imported when the first execution starts.
"""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from local_aws.stepfunctions.bounded import BoundedEnvironment
from local_aws.stepfunctions.execution_log import execution_log
from local_aws.stepfunctions.machines import Machine

logger = logging.getLogger(__name__)

LAST_EVENTS = frozenset({"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"})
LAST_EVENT_SECONDS = 5.0


class _Worker(ExecutionWorker):  # type: ignore[misc]
    _timer: threading.Timer | None = None

    def _get_evaluation_environment(self) -> BoundedEnvironment:
        environment = super()._get_evaluation_environment()
        environment.__class__ = BoundedEnvironment
        self._timer = environment.bound()
        if self._timer is not None:
            self._timer.start()
        bounded: BoundedEnvironment = environment
        return bounded

    def _execution_logic(self) -> None:
        try:
            super()._execution_logic()
        except Exception as error:
            logger.exception("The interpreter failed")
            self._execution_communication.crashed(error)
        finally:
            if self._timer is not None:
                self._timer.cancel()


class _Ending(BaseExecutionWorkerCommunication):  # type: ignore[misc]
    execution: Run

    def terminated(self) -> None:
        state = self.execution.exec_worker.env.program_state()
        if isinstance(state, ProgramStopped):
            self.execution.error, self.execution.cause = state.error, state.cause
        super().terminated()
        self.execution.ended()

    def crashed(self, error: Exception) -> None:
        self.execution.stop_date = datetime.now(UTC)
        self.execution.exec_status = ExecutionStatus.FAILED
        self.execution.error = "States.Runtime"
        self.execution.cause = f"{type(error).__name__}: {error}"
        self.execution.ended()


class Run(Execution):  # type: ignore[misc]
    """One execution while it runs. `on_end` is called in its thread, once, after its last event."""

    def __init__(
        self, machine: Machine, arn: str, name: str, text: str, on_end: Callable[[Run], None]
    ) -> None:
        started = datetime.now(UTC)
        super().__init__(
            name=name,
            sm_type=machine.moto.type,
            role_arn=machine.moto.roleArn,
            exec_arn=arn,
            account_id=machine.account_id,
            region_name=machine.region,
            state_machine=_snapshot(machine.moto),
            start_date=started,
            cloud_watch_logging_session=execution_log(machine, arn, started),
            activity_store={},
            input_data=text,
        )
        self._on_end = on_end

    def history(self) -> list[dict[str, Any]]:
        """GetExecutionHistory's events up to now."""
        worker = self.exec_worker
        if worker is None or worker.env is None:
            return []
        events = worker.env.event_manager.get_event_history()
        # moto keeps ISO 8601 texts, which only lenient clients read.
        return [{**event, "timestamp": datetime.fromisoformat(event["timestamp"])} for event in events]

    def abort(self, error: str | None, cause: str | None) -> None:
        """Stop at the next opportunity; the end is reported as for every other."""
        while self.exec_worker.env is None:
            time.sleep(0.01)  # its thread has not begun
        self.stop(stop_date=datetime.now(UTC), error=error, cause=cause)

    def result(self) -> dict[str, Any]:
        """The members of DescribeExecution's answer that the end brings."""
        members: dict[str, Any] = {"status": str(self.exec_status.value), "stopDate": self.stop_date}
        if self.exec_status == ExecutionStatus.SUCCEEDED:
            members["output"] = to_json_str(self.output, separators=(",", ":"))
            members["outputDetails"] = {"included": True}
        ending = {"error": self.error, "cause": self.cause}
        return members | {name: value for name, value in ending.items() if value is not None}

    def ended(self) -> None:
        """Report the end. A timed-out program writes its last event a little later than it says it ended."""
        deadline = time.monotonic() + LAST_EVENT_SECONDS
        while time.monotonic() < deadline:
            events = self.history()
            if events and events[-1]["type"] in LAST_EVENTS:
                break
            time.sleep(0.01)
        self._on_end(self)

    def _get_start_execution_worker_comm(self) -> _Ending:
        return _Ending(self)

    def _get_start_execution_worker(self) -> _Worker:
        worker: _Worker = super()._get_start_execution_worker()
        worker.__class__ = _Worker
        return worker


def problems_of(definition: str) -> list[str]:
    """What is wrong with a definition; nothing when it is well formed."""
    try:
        AmazonStateLanguageParser.parse(definition)
    except Exception as error:
        return [str(error)]
    return []


def _snapshot(moto_machine: Any) -> Any:
    # An execution keeps the definition it started with, whatever UpdateStateMachine does meanwhile.
    snapshot = copy.copy(moto_machine)
    snapshot.executions = []
    snapshot.sm_type = moto_machine.type
    return snapshot
