"""Which service a request is for, in which region, and what signature it presents.

The service is the one of the signature's scope (`identity/claim.py`) and of nothing else. A request without a
signature is told by its target header or form, or is an anonymous S3 one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from local_aws.errors import AwsError
from local_aws.gateway.http import HttpRequest
from local_aws.identity.claim import VERSION_2, Claim, claim_of
from local_aws.identity.refusals import refusal

SIGNING_NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}
"""Scope names that differ from botocore's service names."""

SIGNING_NAME = re.compile(r"[a-z0-9-]+|IoTSecuredTunneling")
"""How AWS writes the names of services in scopes; it compares them letter by letter."""

NO_SIGNING_NAMES = frozenset((*SIGNING_NAMES.values(), "s3control")) - {"ses"}
"""Names of botocore's that are no service's in a scope."""

NOT_HERE = {
    "s3express": "directory buckets (S3 Express One Zone)",
    "s3-outposts": "S3 on Outposts",
    "s3-object-lambda": "S3 Object Lambda",
}
"""Services that look like one of ours and are not there."""

TARGETS = {"AWSGlue": "glue", "AmazonAthena": "athena"}
"""Prefixes of `X-Amz-Target` of our services."""

UNSIGNED_ACTIONS = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
"""What STS answers to a caller who has no credentials yet."""

LONGEST_UNSIGNED_FORM = 64 * 1024
"""Bytes of a form that are read before anybody is known: a web identity's token takes 20,000 at most."""

CONTROL_PATH = "/_laguna/"
"""Pages of ours, which are no service's."""

_SCOPE_SERVICE = re.compile(r"/([a-z0-9-]{1,40})/aws4_request")
_LONGEST_SCOPE = 400

_CONTROL_OF_S3 = "/v20180820/"
"""S3 Control shares the signing name of S3."""

BUCKET_HOST = re.compile(r"^(?P<bucket>.{3,63}?)\.(?:s3[.-][a-z0-9.-]*|s3|localhost)(?::\d+)?$")


@dataclass(frozen=True, slots=True)
class Identity:
    """`service` is botocore's name; `claim` is None when nobody signed."""

    service: str
    region: str
    claim: Claim | None


async def identify(request: HttpRequest, default_region: str) -> Identity:
    """Read the credential scope, or what stands in for it.

    Raises:
        AwsError: the signature is not whole, or the request is signed by nobody and of no service that allows
            this; nothing may guess then.
    """
    claim = claim_of(request.headers, request.query)
    if claim is None:
        return Identity(await _unsigned_service(request), default_region, None)
    name = "s3" if claim.algorithm == VERSION_2 else claim.service
    _check_name(request, name)
    if name == "s3" and request.raw_path.startswith(_CONTROL_OF_S3) and "x-amz-account-id" in request.headers:
        name = "s3control"
    # S3 clients of the legacy global endpoint sign for "aws-global".
    region = claim.region if claim.region not in ("", "aws-global") else default_region
    return Identity(SIGNING_NAMES.get(name, name), region, claim)


def _check_name(request: HttpRequest, name: str) -> None:
    if name in NOT_HERE:
        raise AwsError("NotImplemented", f"Laguna does not implement {NOT_HERE[name]}.", 501)
    if SIGNING_NAME.fullmatch(name) is None or name in NO_SIGNING_NAMES:
        target = "x-amz-target" in request.headers
        raise refusal("wrong service", "json" if target else "query" if _is_query_form(request) else "s3")


def is_for_s3(request: HttpRequest) -> bool:
    """Whether a request can only be one for a bucket or object of S3; nothing of its body is read."""
    try:
        claim = claim_of(request.headers, request.query)
        path = s3_path(request)
    except AwsError:
        return False
    names_bucket = path.strip("/") != "" and not path.startswith(("/_", _CONTROL_OF_S3))
    is_s3 = claim is None or claim.service == "s3" or claim.algorithm == VERSION_2
    return names_bucket and is_s3 and "Action" not in request.query and "x-amz-target" not in request.headers


def seeming_service(request: HttpRequest) -> str:
    """Whose form an answer has to a request of which nothing is certain: by its signature, target or form."""
    scope = _SCOPE_SERVICE.search(request.headers.get("authorization", "")[:_LONGEST_SCOPE])
    target = request.headers.get("x-amz-target", "").partition(".")[0]
    if scope is not None:
        return SIGNING_NAMES.get(scope[1], scope[1])
    if target:
        return TARGETS.get(target, "glue")
    return "sts" if "Action" in request.query or _is_form(request) else "s3"


async def _unsigned_service(request: HttpRequest) -> str:
    target = request.headers.get("x-amz-target", "").partition(".")[0]
    if target in TARGETS:
        return TARGETS[target]
    if not target and not _is_query_form(request):
        return "s3"
    form = {**request.query, **dict(parse_qsl((await _short_body(request)).decode("latin-1")))}
    if not target and form.get("Action") in UNSIGNED_ACTIONS:
        return "sts"
    raise refusal("anonymous", "json" if target else "query")


async def _short_body(request: HttpRequest) -> bytes:
    length = request.headers.get("content-length", "0")
    if (
        not length.isdecimal()
        or int(length) > LONGEST_UNSIGNED_FORM
        or "transfer-encoding" in request.headers
    ):
        return b""
    return await request.body()


def _is_query_form(request: HttpRequest) -> bool:
    return "Action" in request.query or _is_form(request)


def _is_form(request: HttpRequest) -> bool:
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return request.method == "POST" and is_form and request.raw_path == "/"


def s3_path(request: HttpRequest) -> str:
    """The path-style path of an S3 request: a bucket in the host name is put in front."""
    match = BUCKET_HOST.match(request.headers.get("host", ""))
    if match is None:
        return request.path
    return f"/{match['bucket']}{request.path if request.path != '/' else ''}"
