"""The one exception our services raise for an answer that AWS gives as an error.

The gateway turns it into the protocol's error body; a handler never builds a response for a failure.
"""

from __future__ import annotations

from typing import Any

INTERNAL = "The request processing has failed because of an unknown error, exception or failure."
"""AWS's words for a failure that nobody foresaw; what it was goes to the log, never into an answer."""


class AwsError(Exception):
    """An error answer: AWS's code and message, and the HTTP status when it is not 400.

    `members` are further fields of the error shape, such as Athena's `AthenaErrorCode` or S3's `BucketName`.
    Any exception with these attributes (`code`, `message`, `status`, `members`) is answered the same way,
    which is how `local_athena`, which may not import this package, raises its own.
    """

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def not_implemented(service: str, operation: str, detail: str = "") -> AwsError:
    """The answer to an operation that AWS has and we do not; it names the operation."""
    message = f"Laguna does not implement {service}:{operation}" + (f": {detail}" if detail else ".")
    return AwsError("NotImplemented", message, 501)
