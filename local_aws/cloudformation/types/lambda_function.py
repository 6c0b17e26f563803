"""AWS::Lambda::Function.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    REQUIRED,
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api
from local_aws.cloudformation.types.tagging import retag

# What UpdateFunctionConfiguration takes, and how it empties what is gone.
_EMPTY: dict[str, Any] = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {"Variables": {}},
    "KMSKeyArn": "",
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
_CONFIGURATION = (*_EMPTY, "EphemeralStorage", "Handler", "LoggingConfig", "Role", "Runtime", "VpcConfig")


class Function(ResourceType):
    """A function; `Code.ZipFile` is source text that is packed as `index.py` or `index.js`."""

    type_name = "AWS::Lambda::Function"
    service, operation = "lambda", "CreateFunction"
    name_property, name_limit = "FunctionName", 64
    tags_form = "list"
    properties = table(
        {
            "Architectures": PLAIN,
            "Code": Property(required=True, kind="Any"),
            "DeadLetterConfig": PLAIN,
            "Description": PLAIN,
            "Environment": PLAIN,
            "EphemeralStorage": PLAIN,
            "FunctionName": REPLACES,
            "Handler": PLAIN,
            "KmsKeyArn": Property(param="KMSKeyArn"),
            "Layers": PLAIN,
            "LoggingConfig": PLAIN,
            "MemorySize": PLAIN,
            "PackageType": REPLACES,
            "ReservedConcurrentExecutions": Property(kind="Integer"),
            "Role": REQUIRED,
            "Runtime": PLAIN,
            "Timeout": PLAIN,
            "TracingConfig": PLAIN,
            "VpcConfig": PLAIN,
        }
    )
    attributes = frozenset(("Arn",))

    def check(self, properties: Mapping[str, Any]) -> None:
        _code(properties)

    def exists(self, request: Request) -> bool:
        return found(request.client("lambda").get_function, FunctionName=request.name)

    def create(self, request: Request) -> Made:
        answer = request.client("lambda").create_function(**request.params, Code=_code(request.properties))
        self._set_concurrency(request)
        return Made(request.physical_id, {"Arn": answer["FunctionArn"]})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        service, name = request.client("lambda"), request.physical_id
        if request.changed("Code", "Architectures"):
            chips = {key: request.params[key] for key in ("Architectures",) if key in request.params}
            service.update_function_code(FunctionName=name, **_code(request.properties), **chips)
        wanted = {key: request.params[key] for key in _CONFIGURATION if key in request.params}
        gone = {key: _EMPTY[key] for key in _EMPTY if key in request.old.params and key not in wanted}
        if {**gone, **wanted} != {
            key: request.old.params[key] for key in _CONFIGURATION if key in request.old.params
        }:
            service.update_function_configuration(FunctionName=name, **gone, **wanted)
        if request.changed("ReservedConcurrentExecutions"):
            self._set_concurrency(request)
        arn = request.attributes["Arn"]
        retag(
            request.old.tags,
            request.tags,
            lambda tags: service.tag_resource(Resource=arn, Tags=tags),
            lambda keys: service.untag_resource(Resource=arn, TagKeys=keys),
        )
        return Made(name, {"Arn": arn})

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lambda").delete_function(FunctionName=request.physical_id)

    def _set_concurrency(self, request: Request) -> None:
        service, name = request.client("lambda"), request.physical_id
        reserved = request.properties.get("ReservedConcurrentExecutions")
        if reserved is not None:
            service.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(reserved))
        elif request.old is not None:
            service.delete_function_concurrency(FunctionName=name)


def _code(properties: Mapping[str, Any]) -> Any:
    """`Code` as the API takes it."""
    code = properties["Code"]
    if code is UNKNOWN or not isinstance(code, dict) or "ZipFile" not in code:
        return to_api(code, input_member("lambda", "CreateFunction", "Code"), "Code")
    if set(code) != {"ZipFile"}:
        raise BadProperty("Code must have either ZipFile or an S3 object")
    source = code["ZipFile"]
    return {} if source is UNKNOWN else {"ZipFile": packed(source, str(properties.get("Runtime", "")))}


def packed(source: str, runtime: str) -> bytes:
    """A zip with the source as its one file; always the same bytes for the same source."""
    name = "index.py" if runtime.startswith("python") else "index.js"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), source)
    return buffer.getvalue()
