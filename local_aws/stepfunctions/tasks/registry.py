"""Which class runs a task. The one place where moto's interpreter is told of ours.

moto chooses the class in one function, `state_task_service_for`, and offers no way to add to it; so that
function is replaced by this one, which falls back on it. Where a Map or Parallel state passes on the error of
what ran inside it, moto takes every name for a custom one and refuses its own (`States.TaskFailed`), which
would hide why a query failed; there `error_name` takes the place of its constructor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_factory import (
    _UNSUPPORTED_SERVICE_NAMES,
    state_task_service_for,
)

from local_aws.stepfunctions.tasks.athena import AthenaTask
from local_aws.stepfunctions.tasks.aws_sdk import AwsSdkTask
from local_aws.stepfunctions.tasks.glue import GlueTask
from local_aws.stepfunctions.tasks.states import StatesTask

TASKS: dict[str, Callable[[], Any]] = {
    "athena": AthenaTask,
    "aws-sdk": AwsSdkTask,
    "glue": GlueTask,
    "states": StatesTask,
}


def task_for(service_name: str) -> Any:
    """The task of an optimised integration, or of `aws-sdk`.

    Raises:
        ValueError: nobody has it. moto would pass the call on and ignore `.sync`: worse than failing.
    """
    if service_name in TASKS:
        return TASKS[service_name]()
    if service_name in _UNSUPPORTED_SERVICE_NAMES:
        raise ValueError(f"Laguna does not implement the integration with '{service_name}'")
    return state_task_service_for(service_name)


def error_name(error_name: str | None) -> ErrorName:
    """The name of an error that came out of a Map's or Parallel's inside; the argument's name is moto's."""
    if error_name is not None and error_name.startswith("States."):
        return StatesErrorName.from_name(error_name)
    return CustomErrorName(error_name)


def install() -> None:
    """Make the interpreter use `task_for` and `error_name`."""
    state_task_factory.state_task_service_for = task_for
    iteration_worker.CustomErrorName = error_name
    branches_decl.CustomErrorName = error_name
