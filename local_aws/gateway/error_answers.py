"""Error bodies, each protocol's own."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import ServiceModel

from local_aws.gateway.http import HttpResponse
from local_aws.gateway.operations import service_model
from local_aws.gateway.protocol.query import render_query_error
from local_aws.gateway.protocol.xml_body import XML_DECLARATION, error_xml
from local_aws.identity.refusals import Family


def error_answer(
    service: str, status: int, code: str, message: str, members: dict[str, Any], request_id: str
) -> HttpResponse:
    """The answer for an error of `service`, in its protocol."""
    try:
        model = service_model(service)
    except UnknownServiceError:
        return s3_error(status, code, message, members, request_id)
    if model.protocol in ("query", "ec2"):
        fault = "Sender" if status < 500 else "Receiver"
        body = render_query_error(
            str(model.metadata.get("xmlNamespace", "")), code, message, fault, request_id
        )
        return HttpResponse(status, {"Content-Type": "text/xml"}, body)
    if model.protocol == "rest-xml":
        return s3_error(status, code, message, members, request_id)
    return _json_error(model, status, code, message, members)


def family_of(service: str) -> Family:
    """Which words a service has for credentials that do not hold."""
    if service == "s3":
        return "s3"
    try:
        protocol = service_model(service).protocol
    except UnknownServiceError:
        return "query"
    return "query" if protocol in ("query", "ec2", "rest-xml") else "json"


def s3_error(status: int, code: str, message: str, members: dict[str, Any], request_id: str) -> HttpResponse:
    """S3's `<Error>` document, also used when a request is too broken to say which service it is for."""
    if status == 304:
        return HttpResponse(304, {})
    extra = {**members, "RequestId": request_id, "HostId": request_id}
    body = f"{XML_DECLARATION}<Error>{error_xml(code, message, extra)}</Error>"
    return HttpResponse(status, {"Content-Type": "application/xml"}, body.encode())


def _json_error(
    model: ServiceModel, status: int, code: str, message: str, members: dict[str, Any]
) -> HttpResponse:
    # botocore reads "message" or "Message"; Athena was measured to send the latter.
    document: dict[str, Any] = {"__type": code, **members}
    if "AthenaErrorCode" in members:
        document["ErrorCode"] = members["AthenaErrorCode"]
    if message:
        document["Message" if model.service_name == "athena" else "message"] = message
    headers = {"Content-Type": f"application/x-amz-json-{model.metadata.get('jsonVersion', '1.1')}"}
    if model.protocol == "rest-json":
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return HttpResponse(status, headers, json.dumps(document, default=str).encode())
