"""From Trino SQL to DuckDB SQL, expression by expression, each with its Trino type."""
