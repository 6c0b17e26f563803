"""DuckDB: sessions, limits, Python functions, stops. Nothing here knows Athena."""
