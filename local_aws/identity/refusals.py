"""AWS's words for credentials that do not hold, which each kind of protocol says its own way.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/glue/latest/webapi/CommonErrors.html (checked 2026-11)
"""

from __future__ import annotations

from typing import Literal

from local_aws.errors import AwsError

Family = Literal["s3", "query", "json"]

_INVALID = "The security token included in the request is invalid."
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your {}key and "
    "signing method."
)
_CODES: dict[str, dict[Family, tuple[str, int, str]]] = {
    "anonymous": {
        "s3": ("AccessDenied", 403, "Access Denied"),
        "query": ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        "json": ("MissingAuthenticationTokenException", 403, "Missing Authentication Token"),
    },
    "unknown key": {
        "s3": (
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        "query": ("InvalidClientTokenId", 403, _INVALID),
        "json": ("UnrecognizedClientException", 400, _INVALID),
    },
    "wrong token": {
        "s3": ("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
        "query": ("InvalidClientTokenId", 403, _INVALID),
        "json": ("UnrecognizedClientException", 400, _INVALID),
    },
    "ended": {
        "s3": ("ExpiredToken", 400, "The provided token has expired."),
        "query": ("ExpiredToken", 403, "The security token included in the request is expired"),
        "json": ("ExpiredTokenException", 400, "The security token included in the request is expired"),
    },
    "mismatch": {
        "s3": ("SignatureDoesNotMatch", 403, _MISMATCH.format("")),
        "query": ("SignatureDoesNotMatch", 403, _MISMATCH.format("AWS Secret Access ")),
        "json": ("InvalidSignatureException", 400, _MISMATCH.format("AWS Secret Access ")),
    },
    "skewed": {
        "s3": (
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        "query": ("SignatureDoesNotMatch", 403, "Signature expired: its time is over 15 minutes from now."),
        "json": (
            "InvalidSignatureException",
            400,
            "Signature expired: its time is over 15 minutes from now.",
        ),
    },
    "unsigned header": {
        "s3": ("AccessDenied", 403, "There were headers present in the request which were not signed"),
        "query": ("SignatureDoesNotMatch", 403, _MISMATCH.format("AWS Secret Access ")),
        "json": ("InvalidSignatureException", 400, _MISMATCH.format("AWS Secret Access ")),
    },
    "wrong service": {
        "s3": (
            "AuthorizationHeaderMalformed",
            400,
            "The authorization header is malformed; the Credential is scoped to no service of AWS.",
        ),
        "query": ("SignatureDoesNotMatch", 403, "Credential should be scoped to correct service."),
        "json": ("InvalidSignatureException", 400, "Credential should be scoped to correct service."),
    },
    "old signature": {
        "s3": (
            "InvalidRequest",
            400,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        "query": ("IncompleteSignature", 400, "Please use AWS4-HMAC-SHA256."),
        "json": ("IncompleteSignatureException", 400, "Please use AWS4-HMAC-SHA256."),
    },
}


def refusal(why: str, family: Family, **members: str) -> AwsError:
    """The error for a reason of the table."""
    code, status, message = _CODES[why][family]
    return AwsError(code, message, status, **members)
