"""Step Functions' requests before they reach moto: what is about executions is answered here.

What comes here has been checked against the API's model (`moto_host/checked.py`).
"""

from __future__ import annotations

import json
import uuid

from botocore import xform_name

from local_aws.caller import Caller
from local_aws.gateway.error_answers import error_answer
from local_aws.gateway.http import HttpResponse
from local_aws.gateway.operations import service_model, write_answer
from local_aws.gateway.protocol.json_body import parse_json_body
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of
from local_aws.moto_host.recorder import Preparable
from local_aws.services import Parts
from local_aws.stepfunctions.definitions import Definitions
from local_aws.stepfunctions.executions import Executions
from local_aws.stepfunctions.machines import Machines
from local_aws.stepfunctions.task_tokens import TaskTokens
from local_aws.stepfunctions.versions import Versions

OURS = frozenset(
    {
        "StartExecution", "StartSyncExecution", "StopExecution", "DescribeExecution", "ListExecutions",
        "GetExecutionHistory", "DescribeStateMachineForExecution", "ValidateStateMachineDefinition",
        "ListStateMachineVersions",
        "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat",
    }
)  # fmt: skip

CHECKED = frozenset({"CreateStateMachine", "UpdateStateMachine"})
"""moto's, after our handler of the same name has found nothing wrong."""


class Front:
    """An application in front of moto's."""

    def __init__(self, moto: Preparable, executions: Executions, account_id: str) -> None:
        self._moto = moto
        self._executions = executions
        machines = Machines()
        self._handlers = Parts(
            executions, TaskTokens(executions.running), Definitions(machines), Versions(machines)
        )
        self._account_id = account_id

    def __call__(self, request: Request) -> Response:
        """Answer here, or pass on."""
        operation = operation_of(request)
        if operation.service != "states" or operation.name is None:
            return self._moto(request)
        if operation.name in OURS | CHECKED:
            answer = self._handle(request, operation.name, operation.region)
            if operation.name in OURS or answer.status != 200:
                return answer
        response = self._moto(request)
        if operation.name == "DeleteStateMachine" and response.succeeded:
            self._executions.forget(json.loads(request.body)["stateMachineArn"])
        return response

    def _handle(self, request: Request, operation: str, region: str) -> Response:
        self._moto.prepare(request)
        model = service_model("stepfunctions").operation_model(operation)
        request_id = str(uuid.uuid4())
        try:
            parsed = parse_json_body(request.body, model.input_shape)
            handler = getattr(self._handlers, xform_name(operation))
            answer = handler(parsed, Caller(self._account_id, region, request_id=request_id))
            return _response(write_answer(model, answer or {}, request_id))
        except Exception as error:
            code, message = getattr(error, "code", None), getattr(error, "message", None)
            if not isinstance(code, str) or not isinstance(message, str):
                raise
            status, members = getattr(error, "status", 400), getattr(error, "members", {})
            return _response(error_answer("stepfunctions", status, code, message, members, request_id))


def _response(answer: HttpResponse) -> Response:
    assert isinstance(answer.body, bytes)
    return Response(answer.status, list(answer.headers.items()), answer.body)
