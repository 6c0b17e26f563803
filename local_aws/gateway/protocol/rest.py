"""The REST protocols (REST-JSON, REST-XML): members in the path, query and headers, and one in the body.

https://smithy.io/2.0/spec/http-bindings.html
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local_aws.errors import AwsError
from local_aws.gateway.beside import SMALL_BYTES, beside
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.protocol.json_body import parse_json_body, render_json_body
from local_aws.gateway.protocol.scalars import read_scalar, write_scalar
from local_aws.gateway.protocol.xml_body import XML_DECLARATION, parse_xml_body, render_members


async def parse_rest(
    request: HttpRequest, operation: OperationModel, labels: dict[str, str]
) -> dict[str, Any]:
    """An operation's input. A streaming member is an async iterator of bytes.

    Handlers also get `_headers` and `_query`, the raw ones, for what the model does not carry, and `_chunks`,
    which checks the signatures of a body's chunks.
    """
    parsed: dict[str, Any] = {
        "_headers": request.headers, "_query": request.query, "_chunks": request.chunks
    }  # fmt: skip
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return parsed
    for name, member in shape.members.items():
        value = _bound_value(name, member, request, labels)
        if value is not None:
            parsed[name] = value
    payload = shape.serialization.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if member.type_name == "blob":
            parsed[payload] = request.stream() if operation.has_streaming_input else await request.body()
        else:
            await _parse_payload(request, operation, member, payload, parsed)
    elif any("location" not in member.serialization for member in shape.members.values()):
        body = await request.body()
        parsed.update(await beside(len(body) > SMALL_BYTES, _parse_document, body, operation, shape))
    return parsed


async def _parse_payload(
    request: HttpRequest, operation: OperationModel, member: Shape, name: str, parsed: dict[str, Any]
) -> None:
    body = await request.body()
    if member.type_name == "string":
        parsed[name] = body.decode("utf-8", "replace")
    elif body.strip():
        parsed[name] = await beside(len(body) > SMALL_BYTES, _parse_document, body, operation, member)
    elif operation.input_shape is not None and name in operation.input_shape.required_members:
        raise AwsError("MissingRequestBodyError", "Request Body is empty")


def _parse_document(body: bytes, operation: OperationModel, shape: Shape) -> Any:
    if operation.service_model.protocol == "rest-json":
        return parse_json_body(body, shape)
    return parse_xml_body(body, shape) if body.strip() else {}


def _bound_value(name: str, member: Shape, request: HttpRequest, labels: dict[str, str]) -> Any:
    location = member.serialization.get("location")
    if location is None:
        return None
    wire = member.serialization.get("name", name)
    if location == "uri":
        return read_scalar(member, labels[wire], name) if wire in labels else None
    if location == "querystring":
        return _from_query(member, wire, request)
    if location == "header":
        text = request.headers.get(wire.lower())
        return None if text is None else _from_header(member, text, name)
    if location == "headers":
        prefix = wire.lower()
        found = {key[len(prefix) :]: text for key, text in request.headers.items() if key.startswith(prefix)}
        return found or None
    return None


def _from_query(member: Shape, wire: str, request: HttpRequest) -> Any:
    if isinstance(member, ListShape):
        return [request.query[wire]] if wire in request.query else None
    if isinstance(member, MapShape):
        return dict(request.query)
    text = request.query.get(wire)
    if text is None:
        return None
    try:
        return read_scalar(member, text, wire)
    except AwsError as error:
        raise AwsError(
            "InvalidArgument",
            f"Provided {wire} not an integer or within integer range",
            ArgumentName=wire,
            ArgumentValue=text,
        ) from error


def _from_header(member: Shape, text: str, name: str) -> Any:
    if isinstance(member, ListShape):
        return [part.strip() for part in text.split(",")]
    if member.type_name != "timestamp":
        return read_scalar(member, text, name)
    try:
        return read_scalar(member, text, name)
    except AwsError:
        return None  # HTTP says an unreadable date in a conditional header is to be ignored


def render_rest(operation: OperationModel, answer: dict[str, Any]) -> HttpResponse:
    """The HTTP answer; `_status` and `_headers` in `answer` say what the model cannot."""
    response = HttpResponse(answer.get("_status") or operation.http.get("responseCode", 200), {})
    shape = operation.output_shape
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            value = answer.get(name)
            if value is not None and "location" in member.serialization:
                _bind_output(name, member, value, response)
        _render_body(operation, shape, answer, response)
    response.headers.update(answer.get("_headers", {}))
    return response


def _bind_output(name: str, member: Shape, value: Any, response: HttpResponse) -> None:
    wire = member.serialization.get("name", name)
    location = member.serialization["location"]
    if location == "statusCode":
        response.status = value
    elif location == "headers":
        response.headers.update({f"{wire}{key}": str(text) for key, text in value.items()})
    elif isinstance(member, ListShape):
        response.headers[wire] = ", ".join(str(each) for each in value)
    else:
        response.headers[wire] = write_scalar(member, value, "rfc822")


def _render_body(
    operation: OperationModel, shape: StructureShape, answer: dict[str, Any], response: HttpResponse
) -> None:
    payload = shape.serialization.get("payload")
    if payload is None:
        if any("location" not in member.serialization for member in shape.members.values()):
            _render_document(operation, shape, answer, response)
        return
    value, member = answer.get(payload), shape.members[payload]
    if value is None:
        return
    if member.type_name == "blob" or isinstance(value, AsyncIterator):
        response.body = value
    elif member.type_name == "string":
        response.body = str(value).encode()
    else:
        _render_document(operation, member, value, response)


def _render_document(operation: OperationModel, shape: Shape, value: Any, response: HttpResponse) -> None:
    if operation.service_model.protocol == "rest-json":
        response.headers.setdefault("Content-Type", "application/json")
        response.body = render_json_body(shape, value)
        return
    root = str(S3_ROOTS.get(operation.name) or shape.serialization.get("name") or shape.name)
    namespace = operation.metadata.get("xmlNamespace") or S3_NAMESPACE
    out = [XML_DECLARATION, f'<{root} xmlns="{namespace}">']
    if operation.name in BARE_TEXT:
        out.append("".join(escape(str(text)) for text in value.values() if isinstance(text, str)))
    else:
        assert isinstance(shape, StructureShape)
        render_members(shape, value, out)
    out.append(f"</{root}>")
    response.headers.setdefault("Content-Type", "application/xml")
    response.body = "".join(out).encode()


S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

BARE_TEXT = frozenset({"GetBucketLocation"})
"""Operations whose document is one element with a text, which the model shows as a structure."""

S3_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListParts": "ListPartsResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketAcl": "AccessControlPolicy",
    "GetObjectAcl": "AccessControlPolicy",
    "GetBucketTagging": "Tagging",
    "GetObjectTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetObjectAttributes": "GetObjectAttributesResponse",
}
"""Names of S3's documents where the model's shape has another name."""
