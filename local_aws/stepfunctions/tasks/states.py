"""`arn:aws:states:::states:startExecution` with `.sync`, `.sync:2` and `.waitForTaskToken`.

moto's task, which sends the definition's PascalCase members as they are, while the API's are in
camelCase. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html (checked
2026-11).
"""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)

from local_aws.stepfunctions.tasks.clients import client_of
from local_aws.stepfunctions.tasks.values import as_output, milliseconds


class StatesTask(StateTaskServiceSfn):  # type: ignore[misc]
    """Start another state machine."""

    def _normalise_parameters(
        self,
        parameters: dict[str, Any],
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        super()._normalise_parameters(parameters, boto_service_name, service_action_name)
        self._to_boto_request(parameters, self._operation(service_action_name).input_shape)

    def _normalise_response(
        self,
        response: dict[str, Any],
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        self._from_boto_response(response, self._operation(service_action_name).output_shape)
        response.update(as_output(response, milliseconds))

    def _operation(self, action: str | None) -> Any:
        meta = client_of("stepfunctions", "us-east-1").meta
        name = meta.method_to_api_mapping[self._get_boto_service_action(action)]
        return meta.service_model.operation_model(name)
