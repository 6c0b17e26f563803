"""The catalog's errors, with AWS's words where they are known."""

from __future__ import annotations

from local_aws.errors import AwsError


def not_found(message: str = "Entity Not Found") -> AwsError:
    """Something named in the request is not there."""
    return AwsError("EntityNotFoundException", message)


def database_not_found(name: str) -> AwsError:
    """The request names a database that the catalog does not have."""
    return not_found(f"Database {name} not found.")


def table_not_found(name: str) -> AwsError:
    """The request names a table that its database does not have."""
    return not_found(f"Table {name} not found.")


def partition_not_found() -> AwsError:
    """The request names a partition that its table does not have."""
    return not_found("Cannot find partition.")


def already_exists(kind: str) -> AwsError:
    """`kind` is what there is already: `Database`, `Table`, `Partition` …"""
    return AwsError("AlreadyExistsException", f"{kind} already exists.")


def invalid(message: str) -> AwsError:
    """The request cannot be carried out as it is."""
    return AwsError("InvalidInputException", message)


def detail(error: AwsError) -> dict[str, str]:
    """The `ErrorDetail` of one entry of a batch."""
    return {"ErrorCode": error.code, "ErrorMessage": error.message}
