"""Athena's SQL as a library: a DB-API connection without a server, on a Glue catalog and S3 of your own."""

from local_athena.dbapi.connection import Connection, Cursor, ProgrammingError, connect

__all__ = ["Connection", "Cursor", "ProgrammingError", "connect"]
