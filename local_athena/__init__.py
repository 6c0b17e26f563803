"""Athena's stand-in: Trino SQL and Hive DDL answered by DuckDB over a Glue catalog and S3."""

from local_athena.service.api import AthenaService

__all__ = ["AthenaService"]
