"""Exceptions as values and back: AWS's codes and words cross unchanged, nothing else of an exception does."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import AthenaApiError, QueryCancelled, QueryFailed, is_no_space, no_space
from local_athena.protocols import StorageError
from local_athena.workers.messages import Failure

QUERY_FIELDS = ("name", "reason", "error_message", "category", "error_type")


class RemoteError(Exception):
    """The other side failed in a way that has no name here; it has written down how."""


class ClientExceptions:
    """A client's exception classes by their codes, like those of boto3's clients."""

    def __getattr__(self, code: str) -> type[ClientError]:
        if code.startswith("_"):
            raise AttributeError(code)
        return exception_class(code)

    def from_code(self, code: str) -> type[ClientError]:
        """The class of an error code."""
        return exception_class(code)


@cache
def exception_class(code: str) -> type[ClientError]:
    """The class of an error code; the same each time, so that `except` finds it."""
    return type(code, (ClientError,), {})


def as_failure(error: BaseException) -> Failure:
    """An exception as a value."""
    if isinstance(error, QueryFailed):
        return Failure("query", {name: getattr(error, name) for name in QUERY_FIELDS})
    if isinstance(error, QueryCancelled):
        return Failure("cancelled", {"reason": error.reason, "scanned": error.scanned})
    if isinstance(error, AthenaApiError):
        fields = {"code": error.code, "message": error.message, "status": error.status}
        return Failure("api", {**fields, "members": dict(error.members)})
    if isinstance(error, StorageError):
        return Failure("storage", {"code": error.code, "uri": error.uri})
    if isinstance(error, ClientError):
        return Failure("client", {"response": _plain(error.response), "operation": error.operation_name})
    if isinstance(error, FileNotFoundError):
        return Failure("missing", {})
    if is_no_space(error):
        return as_failure(no_space())
    return Failure("other", {"type": type(error).__name__})


def as_exception(failure: Failure) -> Exception:
    """The exception that a value tells of."""
    fields = failure.fields
    if failure.kind == "query":
        return _query_failed(fields)
    if failure.kind == "cancelled":
        return QueryCancelled(fields["reason"], fields["scanned"])
    if failure.kind == "api":
        return AthenaApiError(fields["code"], fields["message"], fields["status"], **fields["members"])
    if failure.kind == "storage":
        return StorageError(fields["code"], fields["uri"])
    if failure.kind == "client":
        code = fields["response"].get("Error", {}).get("Code", "Unknown")
        return exception_class(code)(fields["response"], fields["operation"])
    return FileNotFoundError() if failure.kind == "missing" else RemoteError(fields["type"])


def _query_failed(fields: dict[str, Any]) -> QueryFailed:
    name = fields["name"]
    text = fields["reason"].removeprefix(f"{name}: ") if name else fields["reason"]
    return QueryFailed(
        name,
        text,
        category=fields["category"],
        error_type=fields["error_type"],
        error_message=fields["error_message"],
    )


def _plain(response: Any) -> dict[str, Any]:
    """What a program reads of an answer; its HTTP headers stay."""
    return {key: value for key, value in dict(response).items() if key != "ResponseMetadata"}
