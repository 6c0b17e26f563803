"""Presigned URLs must be whole, and they expire. Who signed them is found out before (`identity/signer.py`).

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from local_aws.errors import AwsError
from local_aws.s3.errors import access_denied, unsupported

_NEEDED = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
)
_WEEK = 604_800
_NO_DATE = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
_METADATA = "x-amz-meta-"
_LOST_IN_QUERY = (
    "x-amz-acl",
    "x-amz-grant-",
    "x-amz-tagging",
    "x-amz-storage-class",
    "x-amz-server-side-encryption",
    "x-amz-website-redirect-location",
    "x-amz-copy-source",
)


def check_presigned(query: Mapping[str, str], now: datetime) -> None:
    """Raise when the request is a presigned URL that is broken or too old.

    Raises:
        AwsError: `AuthorizationQueryParametersError`, or `AccessDenied` after the URL's time.
    """
    if "X-Amz-Signature" in query or "X-Amz-Algorithm" in query:
        _check_version_4(query, now)
    elif "AWSAccessKeyId" in query and "Signature" in query:
        _check_version_2(query, now)


def metadata_in_query(query: Mapping[str, str]) -> dict[str, str]:
    """User metadata that an SDK moved from headers into the URL when it signed it.

    Raises:
        AwsError: `NotImplemented`, for another header there that would be lost without a word.
    """
    for name in query:
        if name.lower().startswith(_LOST_IN_QUERY):
            raise unsupported("presigned URLs", f"{name} in the query; send it as a signed header")
    return {
        name.lower().removeprefix(_METADATA): value
        for name, value in query.items()
        if name.lower().startswith(_METADATA)
    }


def _check_version_4(query: Mapping[str, str], now: datetime) -> None:
    if any(name not in query for name in _NEEDED):
        needs = f"requires the {', '.join(_NEEDED[:-1])}, and X-Amz-Expires parameters."
        raise _broken(f"Query-string authentication version 4 {needs}")
    try:
        signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _broken(_NO_DATE) from error
    lifetime = query["X-Amz-Expires"]
    if not (lifetime.isascii() and lifetime.isdecimal()):
        raise _broken("X-Amz-Expires should be a number")
    if int(lifetime) > _WEEK:
        raise _broken(f"X-Amz-Expires must be less than a week (in seconds); that is {_WEEK}")
    try:
        expires = signed + timedelta(seconds=int(lifetime))
    except OverflowError as error:
        raise _broken(_NO_DATE) from error
    if now > expires:
        times = {"Expires": _iso(expires), "ServerTime": _iso(now)}
        raise access_denied("Request has expired", **{"X-Amz-Expires": lifetime}, **times)


def _check_version_2(query: Mapping[str, str], now: datetime) -> None:
    expires = query.get("Expires", "")
    if not expires.isdecimal():
        raise access_denied(f"Invalid date (should be seconds since epoch): {expires}")
    if now.timestamp() > int(expires):
        moment = datetime.fromtimestamp(int(expires), UTC)
        raise access_denied("Request has expired", Expires=_iso(moment), ServerTime=_iso(now))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _broken(message: str) -> AwsError:
    return AwsError("AuthorizationQueryParametersError", message)
