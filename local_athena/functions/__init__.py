"""Trino functions as data: one entry each, saying its signature and how DuckDB does it."""
