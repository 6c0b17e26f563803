"""Which service a request is for, in which region, and who signed it.

AWS tells services apart by host name; on one local address the signature's credential scope
(`AKID/20260101/eu-west-1/athena/aws4_request`) says the same, in the `Authorization` header or, for a
presigned URL, in the query. A request without a signature is told by its target header or form, or is an
anonymous S3 one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from local_aws.errors import AwsError
from local_aws.gateway.http import HttpRequest

SIGNING_NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}
"""Scope names that differ from botocore's service names."""

TARGETS = {"AWSGlue": "glue", "AmazonAthena": "athena"}
"""Prefixes of `X-Amz-Target` of our services."""

UNSIGNED_ACTIONS = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
"""What STS answers to a caller who has no credentials yet."""

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")

BUCKET_HOST = re.compile(r"^(?P<bucket>.+?)\.(?:s3[.-][a-z0-9.-]*|s3|localhost)(?::\d+)?$")


@dataclass(frozen=True, slots=True)
class Identity:
    """`service` is botocore's name."""

    service: str
    region: str
    access_key_id: str | None


async def identify(request: HttpRequest, default_region: str) -> Identity:
    """Read the credential scope, or what stands in for it.

    Raises:
        AwsError: the request is signed by nobody and of no service that allows this; nothing may guess then.
    """
    scope = CREDENTIAL.search(request.headers.get("authorization", ""))
    if scope is None and "X-Amz-Credential" in request.query:
        scope = CREDENTIAL.search("Credential=" + request.query["X-Amz-Credential"])
    if scope is not None:
        key, region, name = scope.groups()
        # S3 clients of the legacy global endpoint sign for "aws-global".
        region = default_region if region == "aws-global" else region
        return Identity(SIGNING_NAMES.get(name, name), region, key)
    return Identity(await _unsigned_service(request), default_region, request.query.get("AWSAccessKeyId"))


async def _unsigned_service(request: HttpRequest) -> str:
    target = request.headers.get("x-amz-target", "").partition(".")[0]
    if target in TARGETS:
        return TARGETS[target]
    if not target and not _is_query_form(request):
        return "s3"
    form = {**request.query, **dict(parse_qsl((await request.body()).decode("latin-1")))}
    if form.get("Action") in UNSIGNED_ACTIONS:
        return "sts"
    raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)


def _is_query_form(request: HttpRequest) -> bool:
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return "Action" in request.query or (request.method == "POST" and is_form and request.path == "/")


def s3_path(request: HttpRequest) -> str:
    """The path-style path of an S3 request: a bucket in the host name is put in front."""
    match = BUCKET_HOST.match(request.headers.get("host", ""))
    if match is None:
        return request.path
    return f"/{match['bucket']}{request.path if request.path != '/' else ''}"
