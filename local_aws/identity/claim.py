"""What a request says of itself: which service it is for, in which region, and by which key it is signed.

AWS tells services apart by host name; on one local address the signature's credential scope
(`AKID/20260101/eu-west-1/athena/aws4_request`) says the same. It is in the `Authorization` header, or in the
query of a presigned URL, never in both: two readers could believe different ones.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from local_aws.errors import AwsError

Where = Literal["header", "query"]

VERSION_4 = "AWS4-HMAC-SHA256"
VERSION_4A = "AWS4-ECDSA-P256-SHA256"
VERSION_2 = "AWS"

_SCOPE_4 = re.compile(
    r"(?P<key>[^/\s,]+)/(?P<date>\d{8})/(?P<region>[^/\s,]+)/(?P<service>[^/\s,]+)/aws4_request"
)
_SCOPE_4A = re.compile(r"(?P<key>[^/\s,]+)/(?P<date>\d{8})/(?P<region>)(?P<service>[^/\s,]+)/aws4_request")
_PART = re.compile(
    r"(?:(Credential)=([^\s,=]+)|(SignedHeaders)=([\w;.-]+)|(Signature)=([0-9A-Fa-f]+))", re.ASCII
)
_HEADER_2 = re.compile(r"AWS (?P<key>[^:\s]+):(?P<signature>\S+)")
_IN_QUERY = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders")
_IN_QUERY_2 = ("AWSAccessKeyId", "Signature")


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature as it was presented. `service` is the signing name; empty in version 2, which is S3's."""

    where: Where
    algorithm: str
    access_key_id: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    moment: str
    """`X-Amz-Date`; in version 2 of a query, the time of its end."""
    token: str
    """The session's, or empty."""

    @property
    def scope(self) -> str:
        """The credential's scope."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    @property
    def header(self) -> str:
        """The `Authorization` header of version 4, its parts in AWS's order: others read it by position."""
        signed = ";".join(self.signed_headers)
        credential = f"Credential={self.access_key_id}/{self.scope}"
        return f"{self.algorithm} {credential}, SignedHeaders={signed}, Signature={self.signature}"

    @property
    def is_version_4(self) -> bool:
        """Whether it can be computed again from a secret by Signature Version 4."""
        return self.algorithm == VERSION_4


def is_claimed_in_query(query: Mapping[str, str]) -> bool:
    """Whether the query has any part of a signature."""
    return any(name in query for name in (*_IN_QUERY, *_IN_QUERY_2))


def claim_of(headers: Mapping[str, str], query: Mapping[str, str]) -> Claim | None:
    """The signature of a request, or None when nobody signed.

    Raises:
        AwsError: there are two, or what is there is no whole signature.
    """
    header = headers.get("authorization")
    if header is None:
        return _of_query(query) if is_claimed_in_query(query) else None
    if is_claimed_in_query(query):
        raise AwsError(
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
            "string parameter or the Authorization header should be specified",
        )
    return _of_header(header, headers)


def _of_header(header: str, headers: Mapping[str, str]) -> Claim:
    moment, token = headers.get("x-amz-date", ""), headers.get("x-amz-security-token", "")
    old = _HEADER_2.fullmatch(header)
    if old is not None:
        return Claim("header", VERSION_2, old["key"], "", "", "", (), old["signature"], moment, token)
    algorithm, _, rest = header.partition(" ")
    if algorithm not in (VERSION_4, VERSION_4A):
        raise AwsError("InvalidArgument", "Unsupported Authorization Type", ArgumentName="Authorization")
    found = [_PART.fullmatch(part.strip()) for part in rest.split(",")]
    parts: dict[str, str] = {}
    for part in filter(None, found):
        name, value = filter(None, part.groups())
        parts[name] = value
    scope = _scope(algorithm, parts.get("Credential", ""))
    # Each part once: another reader of the header finds the same.
    if scope is None or not len(parts) == len(found) == 3:
        raise _incomplete(
            "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters."
        )
    return _claim("header", algorithm, scope, parts["SignedHeaders"], parts["Signature"], moment, token)


def _of_query(query: Mapping[str, str]) -> Claim:
    token = query.get("X-Amz-Security-Token", "")
    if all(name in query for name in _IN_QUERY_2):
        key, signature = query["AWSAccessKeyId"], query["Signature"].replace(" ", "+")
        token = query.get("x-amz-security-token", "")
        return Claim("query", VERSION_2, key, "", "", "", (), signature, query.get("Expires", ""), token)
    algorithm = query.get("X-Amz-Algorithm", "")
    scope = _scope(algorithm, query.get("X-Amz-Credential", ""))
    if scope is None or not all(query.get(name) for name in (*_IN_QUERY, "X-Amz-Date")):
        raise AwsError(
            "AuthorizationQueryParametersError",
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        )
    signed, signature = query["X-Amz-SignedHeaders"], query["X-Amz-Signature"]
    return _claim("query", algorithm, scope, signed, signature, query["X-Amz-Date"], token)


def _claim(
    where: Where, algorithm: str, scope: re.Match[str], signed: str, signature: str, moment: str, token: str
) -> Claim:
    names = tuple(signed.lower().split(";"))
    key, date, region, service = scope["key"], scope["date"], scope["region"], scope["service"]
    return Claim(where, algorithm, key, date, region, service, names, signature, moment, token)


def _scope(algorithm: str, credential: str) -> re.Match[str] | None:
    return (_SCOPE_4A if algorithm == VERSION_4A else _SCOPE_4).fullmatch(credential)


def _incomplete(message: str) -> AwsError:
    return AwsError("IncompleteSignature", message)
