"""The errors that a client of Athena sees, in Athena's own words.

Two kinds: an API call that is refused (`InvalidRequestException` and its sisters), and a query that was
accepted and reached FAILED. A failed query shows `NAME: message` as its StateChangeReason and a category
and type number (https://docs.aws.amazon.com/athena/latest/ug/error-reference.html).
"""

from __future__ import annotations

import errno
import os
from typing import Any


class AthenaApiError(Exception):
    """An API call is refused. `members` are the further fields of the error body, such as
    `AthenaErrorCode`.
    """

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def invalid_request(athena_code: str, message: str) -> AthenaApiError:
    """InvalidRequestException with its AthenaErrorCode."""
    return AthenaApiError("InvalidRequestException", message, AthenaErrorCode=athena_code)


def malformed_query(message: str) -> AthenaApiError:
    """The statement is refused before an execution exists."""
    return invalid_request("MALFORMED_QUERY", message)


SYSTEM, USER = 1, 2

TYPE_NUMBERS = {
    "TABLE_NOT_FOUND": 1301,
    "SCHEMA_NOT_FOUND": 1301,
    "CATALOG_NOT_FOUND": 1006,
    "COLUMN_NOT_FOUND": 1006,
    "SYNTAX_ERROR": 1006,
    "TYPE_MISMATCH": 1002,
    "FUNCTION_NOT_FOUND": 1303,
    "DIVISION_BY_ZERO": 1001,
    "INVALID_CAST_ARGUMENT": 1100,
    "INVALID_FUNCTION_ARGUMENT": 1106,
    "NOT_SUPPORTED": 1200,
    "MISSING_COLUMN_NAME": 1100,
    "TABLE_ALREADY_EXISTS": 1110,
}
"""ErrorType by error name; any other user error is 1000."""


class QueryFailed(Exception):
    """A query that reached FAILED; `reason` becomes its StateChangeReason.

    `message` starts with `line L:C: ` where Athena gives a position.
    """

    def __init__(
        self,
        name: str,
        message: str,
        *,
        category: int = USER,
        error_type: int | None = None,
        error_message: str | None = None,
    ) -> None:
        self.name = name
        self.reason = f"{name}: {message}" if name else message
        self.error_message = error_message or self.reason
        self.category = category
        self.error_type = TYPE_NUMBERS.get(name, 1000) if error_type is None else error_type
        super().__init__(self.reason)

    def followed_by(self, text: str) -> QueryFailed:
        """The same failure with more to read at its end."""
        message = self.reason.removeprefix(f"{self.name}: ") + text
        return QueryFailed(self.name, message, category=self.category, error_type=self.error_type)

    def as_athena_error(self) -> dict[str, Any]:
        """The AthenaError member of the execution's Status."""
        return {
            "ErrorCategory": self.category,
            "ErrorType": self.error_type,
            "Retryable": False,
            "ErrorMessage": self.error_message,
        }


def not_supported(what: str) -> QueryFailed:
    """A feature that cannot be answered faithfully; it is named."""
    return QueryFailed("NOT_SUPPORTED", what)


def internal_error() -> QueryFailed:
    """The engine failed in a way that says nothing to a client; what it was is in the server's log."""
    return QueryFailed("GENERIC_INTERNAL_ERROR", "Internal error", category=SYSTEM, error_type=1)


NO_SPACE = "No space left on the disk for what the query writes. Make room and run it again."


def no_space() -> QueryFailed:
    """What a query writes has no room."""
    return QueryFailed("GENERIC_INTERNAL_ERROR", NO_SPACE, category=SYSTEM, error_type=1)


def is_no_space(error: BaseException) -> bool:
    """Whether a disk is full: DuckDB says it in the system's words, the system by its number."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return full or os.strerror(errno.ENOSPC) in str(error)


def memory_exceeded(limit: str = "") -> QueryFailed:
    """A query needs more memory than it may have; `limit` says how much that is (` of 1.5 GiB`)."""
    return QueryFailed("EXCEEDED_MEMORY_LIMIT", f"Query exceeded per-node memory limit{limit}", error_type=0)


class QueryCancelled(Exception):
    """The query was stopped, by its user or by the workgroup's scan limit; `reason` says which.

    `scanned` is what it read, and what Athena bills: at the limit, the limit.
    """

    def __init__(self, reason: str = "Query cancelled by user", scanned: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.scanned = scanned
