"""Athena's stand-in: Trino SQL and Hive DDL answered by DuckDB over a Glue catalog and S3."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_athena.service.api import AthenaService

__all__ = ["AthenaService", "connect"]


def __getattr__(name: str) -> Any:
    """Each loaded when it is asked for: the service needs no engine of its own, the library no service."""
    if name == "AthenaService":
        from local_athena.service.api import AthenaService

        return AthenaService
    if name == "connect":
        from local_athena.dbapi import connect

        return connect
    raise AttributeError(name)
