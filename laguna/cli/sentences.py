"""Turn any exception into the one sentence that the user reads: what, on which value, and the way out.

Our own errors carry it already. The SDK's are recognised by name, so that nothing of boto3 is imported to say
that a folder has no `laguna.toml`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from laguna.cli.aws_refusals import refusal_of
from laguna.errors import LagunaError

TRACEBACK_HINT = "set LAGUNA_TRACEBACK=1 to see where it happened"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def sentence_of(error: BaseException) -> str:
    """The sentence for `error`."""
    if isinstance(error, LagunaError):
        return str(error)
    say = _SDK.get(type(error).__name__)
    if say is not None:
        return say(error)
    if hasattr(error, "response") and hasattr(error, "operation_name"):
        return refusal_of(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The system'}: {error.strerror}."
    return f"{type(error).__name__}: {error} ({TRACEBACK_HINT})."


def _unreachable(error: Any) -> str:
    endpoint = error.kwargs.get("endpoint_url", "the endpoint")
    if urlsplit(str(endpoint)).hostname in LOOPBACK:
        return f"No AWS answers at {endpoint}; start the local one with 'laguna up', or check --port."
    return f"No AWS answers at {endpoint}; check the network, and that the profile's region is one of AWS's."


def _no_credentials(error: Any) -> str:
    return (
        "There are no AWS credentials for this profile; set them up with 'aws configure' or 'aws sso login'."
    )


def _half_credentials(error: Any) -> str:
    return (
        f"The AWS credentials of '{error.kwargs['provider']}' are incomplete, {error.kwargs['cred_var']} is "
        "missing; set both the access key and the secret key, or neither."
    )


def _no_region(error: Any) -> str:
    return "No region was given; add region to the profile in laguna.toml, or set AWS_DEFAULT_REGION."


def _login(error: Any) -> str:
    return f"The AWS credentials cannot be used any more ({error}); sign in again, as with 'aws sso login'."


def _no_sdk_profile(error: Any) -> str:
    return f"AWS_PROFILE names '{error.kwargs['profile']}', which is not configured; correct or unset it."


_SDK = {
    "EndpointConnectionError": _unreachable,
    "ConnectTimeoutError": _unreachable,
    "ConnectionClosedError": _unreachable,
    "ReadTimeoutError": _unreachable,
    "NoCredentialsError": _no_credentials,
    "PartialCredentialsError": _half_credentials,
    "CredentialRetrievalError": _login,
    "NoRegionError": _no_region,
    "ProfileNotFound": _no_sdk_profile,
    "SSOTokenLoadError": _login,
    "TokenRetrievalError": _login,
    "UnauthorizedSSOTokenError": _login,
}
