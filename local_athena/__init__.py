"""Athena's stand-in: Trino SQL and Hive DDL answered by DuckDB over a Glue catalog and S3."""

from typing import Any

from local_athena.service.api import AthenaService

__all__ = ["AthenaService", "connect"]


def __getattr__(name: str) -> Any:
    """`local_athena.connect`, loaded when it is asked for: the service needs no boto3 session."""
    if name == "connect":
        from local_athena.dbapi import connect

        return connect
    raise AttributeError(name)
