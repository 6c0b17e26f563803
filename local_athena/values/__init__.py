"""Functions that DuckDB has no equal of, in Python. They take and return the values of their Trino types."""
