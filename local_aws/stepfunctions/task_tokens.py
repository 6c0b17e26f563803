"""SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat: how a `.waitForTaskToken` task is told its
result.

moto has them, without the names of their errors and without the cause of a failure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError


class TaskTokens:
    """Finds who waits for a token among `runs`, the executions that are running."""

    def __init__(self, runs: Mapping[str, Any]) -> None:
        self._runs = runs

    def send_task_success(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """End the task with an output."""
        from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess

        token, output = request["taskToken"], request["output"]
        try:
            json.loads(output)
        except ValueError as error:
            raise AwsError("InvalidOutput", f"Invalid Output: '{error}'") from error
        outcome = CallbackOutcomeSuccess(callback_id=token, output=output)
        return self._deliver(lambda waiting: waiting.notify(callback_id=token, outcome=outcome))

    def send_task_failure(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """End the task with an error."""
        from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeFailure

        token = request["taskToken"]
        outcome = CallbackOutcomeFailure(
            callback_id=token, error=request.get("error", ""), cause=request.get("cause")
        )
        return self._deliver(lambda waiting: waiting.notify(callback_id=token, outcome=outcome))

    def send_task_heartbeat(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Keep the task waiting for another HeartbeatSeconds."""
        return self._deliver(lambda waiting: waiting.heartbeat(callback_id=request["taskToken"]))

    def _deliver(self, to: Callable[[Any], bool]) -> dict[str, Any]:
        from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackNotifyConsumerError

        for run in list(self._runs.values()):
            environment = run.exec_worker.env
            try:
                if environment is not None and to(environment.callback_pool_manager):
                    return {}
            except CallbackNotifyConsumerError as error:
                raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task has ended'") from error
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
