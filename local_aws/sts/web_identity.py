"""Read the token of a web identity (a JWT): who it is of, for whom, until when.

Its signature would have to be verified with keys that the provider publishes; a local AWS asks nobody.
https://www.rfc-editor.org/rfc/rfc7519
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import dataclass
from typing import Any

from local_aws.errors import AwsError


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """What a token claims."""

    subject: str
    audience: str
    issuer: str


def read_token(token: str) -> WebIdentity:
    """The claims of a token.

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
    return WebIdentity(str(subject), str(audience), str(issuer))


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
