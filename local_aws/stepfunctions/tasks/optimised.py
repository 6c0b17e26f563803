"""What the optimised integrations of Athena and Glue share: call, and for `.sync` wait for the end.

A subclass of moto's task, registered in `registry.py`. Stopping an execution, or a task's timeout, also
cancels the job, as AWS does.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html (checked 2026-11).
"""

from __future__ import annotations

import abc
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import (
    HistoryEventExecutionDataDetails,
    HistoryEventType,
    TaskFailedEventDetails,
    TaskSubmittedEventDetails,
)
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local_aws.stepfunctions.tasks.clients import client_of, role_clients
from local_aws.stepfunctions.tasks.values import as_output, milliseconds

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1


class OptimisedTask(StateTaskServiceCallback, abc.ABC):  # type: ignore[misc]
    """A task on one service. The class variables say which calls it may make."""

    service: ClassVar[str]
    error_prefix: ClassVar[str]
    base_exception: ClassVar[str]
    """The exception's name for errors that the service's model does not have."""
    actions: ClassVar[frozenset[str]]
    sync_action: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(supported_integration_patterns={ResourceCondition.Sync})

    @abc.abstractmethod
    def output_of(self, request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The output of the request-response form."""

    @abc.abstractmethod
    def poll(self, client: Any, submitted: dict[str, Any]) -> tuple[dict[str, Any], bool | None]:
        """The job's output for a submitted job, and whether it succeeded; None while it runs."""

    @abc.abstractmethod
    def cancel(self, client: Any, submitted: dict[str, Any]) -> None:
        """Ask the service to stop the job."""

    def _get_supported_parameters(self) -> set[str] | None:
        action, condition = self.resource.api_action, self.resource.condition
        if action not in self.actions:
            return None
        if condition is not None and (condition != ResourceCondition.Sync or action != self.sync_action):
            return None
        operation = client_of(self.service, "us-east-1").meta.service_model.operation_model(
            action[0].upper() + action[1:]
        )
        return set(operation.input_shape.members)

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any
    ) -> None:
        region, role_arn = resource_runtime_part.region, state_credentials.role_arn
        client = role_clients.client_of(self.service, region, role_arn)
        answer = getattr(client, self._get_boto_service_action())(**normalised_parameters)
        answer.pop("ResponseMetadata", None)
        env.stack.append(as_output(self.output_of(normalised_parameters, answer), milliseconds))

    def _after_eval_execution(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any
    ) -> None:
        if self.resource.condition is not None:
            self._report_submitted(env)
            region, role_arn = resource_runtime_part.region, state_credentials.role_arn
            self._await_end(env, partial(role_clients.client_of, self.service, region, role_arn))
            if not env.is_running():
                return
        # Past StateTaskServiceCallback's, which waits in its own way.
        StateTaskService._after_eval_execution(
            self, env, resource_runtime_part, normalised_parameters, state_credentials
        )

    def _report_submitted(self, env: Any) -> None:
        details = TaskSubmittedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            output=to_json_str(env.stack[-1], separators=(",", ":")),
            outputDetails=HistoryEventExecutionDataDetails(truncated=False),
        )
        env.event_manager.add_event(
            context=env.event_history_context,
            event_type=HistoryEventType.TaskSubmitted,
            event_details=EventDetails(taskSubmittedEventDetails=details),
        )

    def _await_end(self, env: Any, client: Callable[[], Any]) -> None:
        # Asked for each time: a job may outlast the session that it was started with.
        submitted = env.stack.pop()
        while env.is_running():
            output, succeeded = self.poll(client(), submitted)
            if succeeded is not None:
                self._finish(env, as_output(output, milliseconds), succeeded)
                return
            time.sleep(POLL_SECONDS)
        try:
            self.cancel(client(), submitted)
        except ClientError as error:
            logger.warning("%s could not be cancelled: %s", submitted, error)
        # Whoever ended the state ignores this; the interpreter expects an output.
        env.stack.append(None)

    def _finish(self, env: Any, output: dict[str, Any], succeeded: bool) -> None:
        if succeeded:
            env.stack.append(output)
            return
        failure = StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed)
        cause = to_json_str(output, separators=(",", ":"))
        raise FailureEventException(self._failure(env, failure, "States.TaskFailed", cause))

    def _from_error(self, env: Any, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        in_model = type(ex) is not ClientError
        code = ex.response["Error"]["Code"] if in_model else self.base_exception
        name = f"{self.error_prefix}.{code}"
        return self._failure(env, CustomErrorName(name), name, ex.response["Error"]["Message"])

    def _failure(self, env: Any, error_name: Any, error: str, cause: str) -> FailureEvent:
        details = TaskFailedEventDetails(
            error=error,
            cause=cause,
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
        )
        return FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
