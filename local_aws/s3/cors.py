"""A bucket's CORS rules: which pages of other sites may do what with its objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html (checked 2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local_aws.errors import AwsError

Rule = Mapping[str, Any]
"""As boto3 shows it, with `AllowedOrigins`, `AllowedMethods`, `AllowedHeaders`, …"""

_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
_NOT_ENABLED = "CORSResponse: CORS is not enabled for this bucket."
_NOT_ALLOWED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "
    "request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "
    "by the resource's CORS spec."
)  # S3's own spelling


def rule_for(rules: Sequence[Rule], origin: str, method: str, headers: Sequence[str] = ()) -> Rule | None:
    """The first rule that allows a request of `origin` with these headers."""
    return next((rule for rule in rules if _allows(rule, origin, method, headers)), None)


def answer_headers(rule: Rule, origin: str, requested: Sequence[str] = ()) -> dict[str, str]:
    """What a browser is told of a request that `rule` allows."""
    anybody = "*" in rule["AllowedOrigins"]
    told = {
        "Access-Control-Allow-Origin": "*" if anybody else origin,
        "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethods"]),
        "Vary": _VARY,
    }
    if not anybody:
        told["Access-Control-Allow-Credentials"] = "true"
    if requested:
        told["Access-Control-Allow-Headers"] = ", ".join(name.lower() for name in requested)
    if rule.get("ExposeHeaders"):
        told["Access-Control-Expose-Headers"] = ", ".join(rule["ExposeHeaders"])
    if rule.get("MaxAgeSeconds") is not None:
        told["Access-Control-Max-Age"] = str(rule["MaxAgeSeconds"])
    return told


def forbidden(rules: Sequence[Rule], method: str, is_object: bool) -> AwsError:
    """S3's answer to a page that no rule allows."""
    message = _NOT_ALLOWED if rules else _NOT_ENABLED
    kind = "OBJECT" if is_object else "BUCKET"
    return AwsError("AccessForbidden", message, 403, Method=method, ResourceType=kind)


def _allows(rule: Rule, origin: str, method: str, headers: Sequence[str]) -> bool:
    allowed_headers = [pattern.lower() for pattern in rule.get("AllowedHeaders") or ()]
    return (
        method in rule["AllowedMethods"]
        and any(_matches(pattern, origin) for pattern in rule["AllowedOrigins"])
        and all(any(_matches(pattern, name.lower()) for pattern in allowed_headers) for name in headers)
    )


def _matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which one `*` stands for anything."""
    before, star, after = pattern.partition("*")
    if not star:
        return pattern == text
    long_enough = len(text) >= len(before) + len(after)
    return long_enough and text.startswith(before) and text.endswith(after)
