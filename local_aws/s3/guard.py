"""Before S3 does anything: may nobody, or a page of another site, ask for this?

Who signed may do everything (permissions are not evaluated). Who did not is held to the bucket's policy under
the public access blocks. A page of another site is held to the bucket's CORS rules also when its request is
signed, because a page can sign with `test` itself; with the key of an IAM user or a session it cannot, and
AWS's answer counts: the request is served and the browser keeps it from the page.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws.errors import AwsError
from local_aws.gateway.door.browsers import Page
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.identify import s3_path
from local_aws.gateway.operations import service_model
from local_aws.gateway.routes import routes_of
from local_aws.identity.anybody import anybody_may
from local_aws.identity.signer import Signer
from local_aws.s3.bucket_policy import is_public
from local_aws.s3.cors import Rule, answer_headers, forbidden, rule_for
from local_aws.s3.errors import access_denied

Document = Callable[[str, str], Awaitable[Any | None]]
"""`document(bucket, "cors")`, `"policy"` or `"public_access"`; the account's own are of the bucket `""`."""

READS = frozenset({"GET", "HEAD"})

ACTIONS = {
    "GetObject": "s3:GetObject", "HeadObject": "s3:GetObject", "GetObjectAttributes": "s3:GetObject",
    "PutObject": "s3:PutObject", "CreateMultipartUpload": "s3:PutObject", "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject", "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "ListParts": "s3:ListMultipartUploadParts", "DeleteObject": "s3:DeleteObject",
    "GetObjectTagging": "s3:GetObjectTagging", "PutObjectTagging": "s3:PutObjectTagging",
    "DeleteObjectTagging": "s3:DeleteObjectTagging", "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket", "HeadBucket": "s3:ListBucket",
    "GetBucketLocation": "s3:GetBucketLocation", "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
}  # fmt: skip
"""What a policy may let nobody do, by operation: not copies, DeleteObjects or a bucket's own settings."""

SHOWN = frozenset({"document", "iframe", "frame", "embed", "object"})
SANDBOX = "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads"
"""An object that a browser shows as a page is of no site, so its scripts are not at home on this server."""


class S3Guard:
    """`document` is asked for what a bucket's owner has set."""

    def __init__(self, document: Document) -> None:
        self._document = document

    async def preflight(self, request: HttpRequest) -> HttpResponse:
        """Answer a browser that asks whether a page may send a request.

        Raises:
            AwsError: it may not.
        """
        origin = request.headers.get("origin", "")
        method = request.headers.get("access-control-request-method", "")
        if not origin:
            raise AwsError("BadRequest", "Insufficient information. Origin request header needed.")
        if method not in READS | {"PUT", "POST", "DELETE"}:
            raise AwsError("BadRequest", f"Invalid Access-Control-Request-Method: {method[:40] or 'null'}")
        asked = request.headers.get("access-control-request-headers", "").split(",")
        headers = [name.strip() for name in asked if name.strip()]
        bucket, key = _resource(request)
        rules = await self._rules(bucket)
        rule = rule_for(rules, origin, method, headers)
        if rule is None:
            raise forbidden(rules, method, bool(key))
        return HttpResponse(200, answer_headers(rule, origin, headers))

    async def admit(self, request: HttpRequest, signer: Signer) -> dict[str, str]:
        """Let a request in; returns headers that its answer has to have for the browser.

        Raises:
            AwsError: it is refused.
        """
        told = {} if request.page is None else await self._admit_page(request, request.page, signer)
        if signer.principal.is_anonymous:
            await self._admit_nobody(request)
        if _is_shown(request):
            told["Content-Security-Policy"] = SANDBOX
        return told

    async def _admit_page(self, request: HttpRequest, page: Page, signer: Signer) -> dict[str, str]:
        bucket, key = _resource(request)
        rules = await self._rules(bucket)
        rule = rule_for(rules, page.origin, request.method) if page.origin else None
        if rule is not None:
            return answer_headers(rule, page.origin)
        is_read = request.method in READS
        if signer.proven or (is_read and signer.principal.is_anonymous):
            return {}
        # A link that was followed shows the object to the person only; so does an image.
        unreadable = page.is_navigation or (page.site == "same-site" and page.mode == "no-cors")
        by_url = "authorization" not in request.headers
        if is_read and unreadable and by_url and not page.origin:
            return {}
        raise forbidden(rules, request.method, bool(key))

    async def _admit_nobody(self, request: HttpRequest) -> None:
        found = routes_of(service_model("s3")).find(
            request.method, s3_path(request), request.query, request.headers
        )
        action = ACTIONS.get(found[0].name) if found is not None else None
        bucket, key = _resource(request)
        if action is None or not bucket:
            raise access_denied()
        text = await self._document(bucket, "policy")
        policy = json.loads(text) if text else {}
        if policy and is_public(policy):
            await self._check_public_access(bucket)
        arn = f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else "")
        if not anybody_may(policy, action, arn, _context(request)):
            raise access_denied()

    async def _check_public_access(self, bucket: str) -> None:
        for holder in (bucket, ""):
            block = await self._document(holder, "public_access") or {}
            if block.get("RestrictPublicBuckets"):
                raise access_denied()

    async def _rules(self, bucket: str) -> list[Rule]:
        document = await self._document(bucket, "cors") or {}
        return list(document.get("CORSRules") or [])


def _resource(request: HttpRequest) -> tuple[str, str]:
    bucket, _, key = s3_path(request).lstrip("/").partition("/")
    return bucket, key


def _is_shown(request: HttpRequest) -> bool:
    if request.method not in READS:
        return False
    destination = request.headers.get("sec-fetch-dest")
    if destination is None:
        return "text/html" in request.headers.get("accept", "")
    return destination.lower() in SHOWN


def _context(request: HttpRequest) -> Mapping[str, str]:
    """Condition keys of an anonymous request."""
    values = {
        "aws:sourceip": request.client or "127.0.0.1",
        "aws:securetransport": "true",  # nothing leaves the machine
        "aws:currenttime": datetime.now(UTC).isoformat(),
        "aws:epochtime": str(int(datetime.now(UTC).timestamp())),
        "aws:principaltype": "Anonymous",
        "aws:useragent": request.headers.get("user-agent"),
        "aws:referer": request.headers.get("referer"),
        "s3:prefix": request.query.get("prefix"),
        "s3:delimiter": request.query.get("delimiter"),
        "s3:max-keys": request.query.get("max-keys"),
        "s3:x-amz-acl": request.headers.get("x-amz-acl"),
        "s3:authtype": None,
    }
    return {name: value for name, value in values.items() if value is not None}
