"""DuckDB SQL as typed fragments, and the one writer that makes text of them."""
