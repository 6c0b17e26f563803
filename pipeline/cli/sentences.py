"""Turn any exception into the one sentence that the user reads: what, on which value, and the way out.

Our own errors carry it already. The SDK's are recognised by name, so that nothing of boto3 is imported to say
that a folder has no `laguna.toml`.
"""

from __future__ import annotations

from typing import Any

from pipeline.errors import LagunaError

TRACEBACK_HINT = "set LAGUNA_TRACEBACK=1 to see where it happened"


def sentence_of(error: BaseException) -> str:
    """The sentence for `error`."""
    if isinstance(error, LagunaError):
        return str(error)
    say = _SDK.get(type(error).__name__)
    if say is not None:
        return say(error)
    if hasattr(error, "response") and hasattr(error, "operation_name"):
        return _refused(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The system'}: {error.strerror}."
    return f"{type(error).__name__}: {error} ({TRACEBACK_HINT})."


def _unreachable(error: Any) -> str:
    endpoint = error.kwargs.get("endpoint_url", "the endpoint")
    return f"No AWS answers at {endpoint}; start the local one with 'laguna up', or check --port."


def _no_credentials(error: Any) -> str:
    return "There are no AWS credentials for this profile; set them up with 'aws configure'."


def _refused(error: Any) -> str:
    answer = error.response.get("Error", {})
    said = f"{answer.get('Code', 'an error')}: {answer.get('Message', '')}".rstrip(": ")
    return f"AWS refused {error.operation_name} with {said}" + ("" if said.endswith(".") else ".")


_SDK = {
    "EndpointConnectionError": _unreachable,
    "ConnectTimeoutError": _unreachable,
    "ConnectionClosedError": _unreachable,
    "ReadTimeoutError": _unreachable,
    "NoCredentialsError": _no_credentials,
}
