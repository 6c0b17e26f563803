"""Athena's Iceberg tables: pyiceberg plans and commits, DuckDB reads and writes the Parquet files.

The package is imported only when a statement names an Iceberg table, as pyiceberg takes a second to load.
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg.html
"""
