"""Trino types: as values, as DuckDB carries them, as Hive names them, and how they turn into one another."""
