"""Turn a request into a call of a service's method, and its answer into HTTP, by the service's protocol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel

from local_aws.errors import AwsError
from local_aws.gateway.beside import SMALL_BYTES, beside, is_large
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.identify import s3_path
from local_aws.gateway.protocol.json_body import parse_json_body, render_json_body
from local_aws.gateway.protocol.query import parse_query, render_query
from local_aws.gateway.protocol.rest import parse_rest, render_rest
from local_aws.gateway.routes import routes_of
from local_aws.gateway.validation import validate


@dataclass(frozen=True, slots=True)
class Call:
    """An operation and its parsed input."""

    operation: OperationModel
    request: dict[str, Any]

    @property
    def method(self) -> str:
        """The name of the handler's method, as boto3 names it: `get_table`."""
        return xform_name(self.operation.name)


@cache
def service_model(service: str) -> ServiceModel:
    """botocore's model of `service`; loading one takes milliseconds, so it is kept."""
    return _session().get_service_model(service)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


async def read_call(service: str, request: HttpRequest) -> Call:
    """Find the operation and parse its input.

    Raises:
        AwsError: the operation is unknown or the input does not parse.
    """
    model = service_model(service)
    if model.protocol == "json":
        return await _read_json(model, request)
    if model.protocol == "query":
        return await _read_query(model, request)
    path = s3_path(request) if service == "s3" else request.path
    found = routes_of(model).find(request.method, path, request.query, request.headers)
    if found is None:
        code = "MethodNotAllowed" if service == "s3" else "UnknownOperationException"
        message = "The specified method is not allowed against this resource."
        raise AwsError(code, message, 405 if service == "s3" else 404)
    operation, labels = found
    return Call(operation, await parse_rest(request, operation, labels))


async def _read_json(model: ServiceModel, request: HttpRequest) -> Call:
    name = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if name not in model.operation_names:
        raise AwsError("UnknownOperationException", "")
    operation = model.operation_model(name)
    body = await request.body()
    return Call(
        operation, await beside(len(body) > SMALL_BYTES, parse_json_body, body, operation.input_shape)
    )


async def _read_query(model: ServiceModel, request: HttpRequest) -> Call:
    body = await request.body()
    return await beside(len(body) > SMALL_BYTES, _parsed_form, model, request, body)


def _parsed_form(model: ServiceModel, request: HttpRequest, body: bytes) -> Call:
    try:
        text = body.decode()
        fields = {**request.query, **dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100_000))}
    except ValueError as error:
        raise AwsError("MalformedInput", "The form in the request body cannot be read.") from error
    name = fields.get("Action", "")
    if not name:
        raise AwsError("MissingAction", "The request must contain the parameter Action")
    if name not in model.operation_names:
        version = fields.get("Version", model.api_version)
        raise AwsError("InvalidAction", f"Could not find operation {name} for version {version}")
    operation = model.operation_model(name)
    return Call(operation, parse_query(fields, operation.input_shape))


async def check_call(service: str, call: Call, request: HttpRequest) -> None:
    """Check the input against its shape.

    Raises:
        AwsError: with the service's code, all failures in one message.
    """
    shape = call.operation.input_shape
    await beside(request.size > SMALL_BYTES, validate, service, shape, call.request)


async def answered(operation: OperationModel, answer: dict[str, Any], request_id: str) -> HttpResponse:
    """Serialise what the handler answered, beside the loop if it is much."""
    return await beside(is_large(answer), write_answer, operation, answer, request_id)


def write_answer(operation: OperationModel, answer: dict[str, Any], request_id: str) -> HttpResponse:
    """Serialise what the handler answered."""
    model = operation.service_model
    if model.protocol == "json":
        kind = f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.1')}"
        return HttpResponse(200, {"Content-Type": kind}, render_json_body(operation.output_shape, answer))
    if model.protocol == "query":
        return HttpResponse(200, {"Content-Type": "text/xml"}, render_query(operation, answer, request_id))
    return render_rest(operation, answer)
