"""Refuse the token of a web identity (a JWT), in AWS's words.

Its signature is verified with keys that the provider publishes, and a local AWS asks nobody. Whoever can
write JSON can write a token, so one that is not verified proves nothing and opens no session.
https://www.rfc-editor.org/rfc/rfc7519,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (checked 2026-11)
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from typing import Any, NoReturn

from local_aws.errors import AwsError

UNVERIFIED = (
    "Couldn't retrieve verification key from your identity provider, please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)


def refuse(token: str) -> NoReturn:
    """Say what is wrong with a token; at best, that it cannot be verified.

    Raises:
        AwsError: InvalidIdentityToken, or ExpiredTokenException after its time.
    """
    claims = _claims(token)
    subject, issuer, audience = claims.get("sub"), claims.get("iss"), claims.get("aud")
    audience = audience[0] if isinstance(audience, list) and audience else audience
    if not all(isinstance(text, str) and text for text in (subject, issuer, audience)):
        raise _invalid("Missing a required claim: sub, iss or aud")
    ends = claims.get("exp")
    if not isinstance(ends, int | float) or isinstance(ends, bool):
        raise _invalid("Missing a required claim: exp")
    if time.time() > ends:
        raise AwsError(
            "ExpiredTokenException",
            "Token expired: current date/time must be before the expiration date/time",
        )
    raise _invalid(UNVERIFIED)


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        raise _invalid(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        )
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(body)
    except (binascii.Error, ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise _invalid("The ID Token provided is not a valid JWT.")
    return claims


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidIdentityToken", message)
