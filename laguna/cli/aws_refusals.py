"""What an error answer of AWS means for the user, by its code.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (checked 2026-11-21): the
message of a denied request reads `User: ARN is not authorized to perform: ACTION on resource: ARN because …`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_DENIED = re.compile(
    r"(?:User: )?(?P<who>arn:\S+) is not authorized to perform: (?P<action>[\w-]+:\w+)"
    r"(?: on resource: \"?(?P<resource>[^\s\"]+)\"?)?(?: because (?P<why>.*))?",
    re.DOTALL,
)


def refusal_of(error: Any) -> str:
    """The sentence for botocore's `ClientError`."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    say = _BY_CODE.get(code)
    return say(error) if say else _as_it_is(error)


def _message(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Message", "")).rstrip(".")


def _as_it_is(error: Any) -> str:
    answer = error.response.get("Error", {})
    said = f"{answer.get('Code', 'an error')}: {answer.get('Message', '')}".rstrip(": ")
    return f"AWS refused {error.operation_name} with {said}" + ("" if said.endswith(".") else ".")


def _denied(error: Any) -> str:
    found = _DENIED.search(_message(error))
    if found is None:
        return (
            f"AWS did not permit {error.operation_name} ({_message(error)}); docs/deploy-to-aws.md says "
            "which permissions a deployer needs."
        )
    where = f" on {found['resource']}" if found["resource"] else ""
    why = f", because {found['why']}" if found["why"] else ""
    return (
        f"{found['who']} may not do {found['action']}{where}{why}; have that action allowed "
        "(infra/policies/deployer.json lists all that are needed), and try again."
    )


def _expired(error: Any) -> str:
    return f"The AWS credentials have expired ({_message(error)}); sign in again, as with 'aws sso login'."


def _unknown_key(error: Any) -> str:
    return (
        f"AWS does not accept these credentials ({_message(error)}); check them with 'aws sts "
        "get-caller-identity'."
    )


def _other_region(error: Any) -> str:
    answer = error.response
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    region = answer.get("Error", {}).get("Region") or headers.get("x-amz-bucket-region")
    bucket = answer.get("Error", {}).get("BucketName") or answer.get("Error", {}).get("Bucket")
    return (
        f"The bucket{f' {bucket!r}' if bucket else ''} is in {region or 'another region'} and not in the "
        "profile's; set that region in laguna.toml, or choose another bucket_name."
    )


def _bucket_taken(error: Any) -> str:
    bucket = error.response.get("Error", {}).get("BucketName", "")
    return (
        f"The bucket name{f' {bucket!r}' if bucket else ''} is taken by another account; choose another "
        "bucket_name in laguna.toml, as they are unique in all of AWS."
    )


_BY_CODE: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"), _denied),
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException", "RequestExpired"), _expired),
    **dict.fromkeys(
        (
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
        ),
        _unknown_key,
    ),
    **dict.fromkeys(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"),
        _other_region,
    ),
    "BucketAlreadyExists": _bucket_taken,
}
