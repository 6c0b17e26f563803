"""Refuse what AWS's API would refuse before any service sees it: moto creates a role without a name.

The check is the gateway's, by botocore's models, for the services that a lake uses. A model takes time to
load and is loaded with the first request of its service.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel

from local_aws.errors import AwsError
from local_aws.gateway.error_answers import error_answer
from local_aws.gateway.operations import service_model
from local_aws.gateway.protocol.json_body import parse_json_body
from local_aws.gateway.protocol.query import parse_query
from local_aws.gateway.validation import validate
from local_aws.moto_host.application import Application
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of

# Signing name: botocore's name, and the code of a failed check.
CHECKED = {
    "events": ("events", "ValidationException"),
    "iam": ("iam", "ValidationError"),
    "kms": ("kms", "ValidationException"),
    "logs": ("logs", "InvalidParameterException"),
    "secretsmanager": ("secretsmanager", "ValidationException"),
    "sns": ("sns", "ValidationError"),
    "ssm": ("ssm", "ValidationException"),
    "states": ("stepfunctions", "ValidationException"),
    "sts": ("sts", "ValidationError"),
}


class Checked:
    """An application in front of moto's."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, request: Request) -> Response:
        """Refuse a bad request, pass on the others."""
        operation = operation_of(request)
        if operation.service not in CHECKED:
            return self._application(request)
        service, code = CHECKED[operation.service]
        try:
            _check(service_model(service), operation.name or "", request)
        except AwsError as error:
            name = code if error.code == "ValidationException" else error.code
            return _refusal(service, error, name)
        return self._application(request)


def _check(model: ServiceModel, operation: str, request: Request) -> None:
    if operation not in model.operation_names:
        code = "InvalidAction" if model.protocol == "query" else "UnknownOperationException"
        raise AwsError(code, f"Could not find operation {operation} for version {model.api_version}")
    shape = model.operation_model(operation)
    parsed = _query_input(shape, request) if model.protocol == "query" else _json_input(shape, request)
    validate(model.service_name, shape.input_shape, parsed)


def _json_input(operation: OperationModel, request: Request) -> dict[str, Any]:
    return parse_json_body(request.body, operation.input_shape)


def _query_input(operation: OperationModel, request: Request) -> dict[str, Any]:
    try:
        form = f"{request.target.partition('?')[2]}&{request.body.decode()}"
        return parse_query(dict(parse_qsl(form, keep_blank_values=True)), operation.input_shape)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise AwsError("MalformedInput", "The form in the request cannot be read.") from error


def _refusal(service: str, error: AwsError, code: str) -> Response:
    answer = error_answer(service, error.status, code, error.message, error.members, str(uuid.uuid4()))
    assert isinstance(answer.body, bytes)
    return Response(answer.status, list(answer.headers.items()), answer.body)
