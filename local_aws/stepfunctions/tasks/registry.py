"""Which class runs a task. The one place where moto's interpreter is told of ours.

moto chooses the class in one function, `state_task_service_for`, and offers no way to add to it; so that
function is replaced by this one, which falls back on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


def install() -> None:
    """Make the interpreter use `task_for`."""
    state_task_factory.state_task_service_for = task_for
