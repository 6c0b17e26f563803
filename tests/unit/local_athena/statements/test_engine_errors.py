"""What the engine says of damaged files becomes Athena's words."""

from __future__ import annotations

import duckdb
import pytest

from local_athena.statements.engine_errors import query_failed


@pytest.mark.parametrize(
    "text",
    [
        "don't know what type: \x0f",
        "No more data to read.",
        "Unknown thrift type 14",
        "TProtocolException: Invalid data",
        "Variable-length int over 10 bytes.",
    ],
)
def test_what_thrift_says_of_a_parquet_file_is_bad_data(text: str) -> None:
    failed = query_failed(duckdb.Error(text))
    assert str(failed).startswith("HIVE_BAD_DATA: Malformed Parquet file")


def test_what_nobody_knows_is_an_internal_error_without_the_engine_s_words() -> None:
    assert "frobnicated" not in str(query_failed(duckdb.Error("frobnicated")))
