"""What a client of Athena is told about an error of DuckDB: Trino's name for it, in Trino's words if known.

Errors that the translation or a Python function raises on purpose come through DuckDB with `NAME: message`
inside.
"""

from __future__ import annotations

import logging
import re

import duckdb

from local_athena.errors import (
    AthenaApiError,
    QueryCancelled,
    QueryFailed,
    internal_error,
    is_no_space,
    memory_exceeded,
    no_space,
    not_supported,
)

logger = logging.getLogger(__name__)

OURS = re.compile(
    r"(?:QueryFailed: |string ['\"])([A-Z][A-Z_]{4,}): (.*?)(?:['\"] to INT32|\n\nAt:|$)", re.DOTALL
)
TYPES = {"INT8": "tinyint", "INT16": "smallint", "INT32": "integer", "INT64": "bigint"}
SQL_TYPES = {"INT8": "TINYINT", "INT16": "SMALLINT", "INT32": "INT", "INT64": "BIGINT"}
RANGE, CAST = "NUMERIC_VALUE_OUT_OF_RANGE", "INVALID_CAST_ARGUMENT"

REWORDED: tuple[tuple[str, str, str], ...] = (
    (r"Overflow in (\w+) of (INT\d+) \((.*)\)!", RANGE, "{2} {1} overflow: {3}"),
    (r"Overflow in \w+ of DECIMAL", RANGE, "Decimal overflow"),
    (r"Overflow in division of (.*)", RANGE, "bigint division overflow: {1}"),
    (r"Overflow on abs\((.*)\)", RANGE, "Value {1} is out of range for abs(bigint)"),
    (r"Type INT128 with value (\S+) can't be cast .* type INT64", RANGE, "bigint addition overflow: {1}"),
    (r"Type INT\d+ with value (\S+) can't be cast .* type (INT\d+)", RANGE, "Out of range for {2}: {1}"),
    (r"Type (?:DOUBLE|FLOAT) with value (\S+) can't be cast .* type (INT\d+)", CAST,
     "Unable to cast {1} to {2}"),
    (r"Casting value \"(.*)\" to type DECIMAL\((\d+),(\d+)\) failed", CAST,
     "Cannot cast DECIMAL '{1}' to DECIMAL({2}, {3})"),
    (r"Could not cast value (\S+) to DECIMAL\((\d+),(\d+)\)", CAST, "Cannot cast '{1}' to DECIMAL({2}, {3})"),
    (r"Failed to cast decimal value (\S+) to type (INT\d+)", CAST, "Cannot cast '{1}' to {2}"),
    (r'(?:read file|in Parquet file) "(?:[^"]*/)?([^"/]*)"', "HIVE_CURSOR_ERROR",
     "Failed to read Parquet file: {1}"),
    (r"No magic bytes found at end of file '(?:[^']*/)?([^'/]*)'", "HIVE_BAD_DATA",
     "Not valid Parquet file: {1}"),
    (r"File '(?:[^']*/)?([^'/]*)' too small to be a Parquet file", "HIVE_BAD_DATA",
     "Not valid Parquet file: {1}"),
    (r'Failed to read file "(?:[^"]*/)?([^"/]*)"', "HIVE_BAD_DATA", "Malformed Parquet file: {1}"),
    (r"TProtocolException|Variable-length int over|^don't know what type: "
     r"|^(?:No more data|Out of buffer|Unknown thrift type)",
     "HIVE_BAD_DATA", "Malformed Parquet file"),
    (r"could not convert blob to UTF8", "HIVE_BAD_DATA", "A binary value of a string column is not UTF-8"),
)  # fmt: skip
"""Patterns of DuckDB's messages; in what they become, names of its integers turn into Trino's."""
_REWORDED = [(re.compile(pattern), name, message) for pattern, name, message in REWORDED]
NO_MEMORY = re.compile(r"\bMemoryError\b|bad_alloc|\bmalloc of size \d+ failed")
"""What is said of it where an allocation failed below DuckDB: in a Python function, or in Arrow."""
TOO_DEEP = re.compile(r"\bRecursionError\b|Max expression depth limit|Parser Error: memory exhausted")
ARROW_TOO_DEEP = "Recursion level in ArrowSchema"
"""A result's column that is nested more than 64 deep."""
LIMIT = re.compile(r"/([\d.]+ [KMGT]?i?B) used\)")
CONVERSION = re.compile(r"Could not convert string ['\"](.*?)['\"] to (\w+)", re.DOTALL)

NAMED: tuple[tuple[str, str, str], ...] = (
    ("must appear in the GROUP BY", "EXPRESSION_NOT_AGGREGATE",
     "must be an aggregate expression or appear in GROUP BY clause"),
    ("must be part of an aggregate", "EXPRESSION_NOT_AGGREGATE",
     "must be an aggregate expression or appear in GROUP BY clause"),
    ("More than one row returned by a subquery", "SUBQUERY_MULTIPLE_ROWS",
     "Scalar sub-query has returned multiple rows"),
)  # fmt: skip
"""Parts of DuckDB's messages, and what is said instead."""


def query_failed(error: Exception) -> QueryFailed:
    """The failure of a query that DuckDB gave up with `error`."""
    text = str(error)
    ours = OURS.search(text)
    if ours:
        return QueryFailed(ours[1], ours[2].strip())
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError) or NO_MEMORY.search(text):
        return out_of_memory(text)
    if TOO_DEEP.search(text):
        return too_large()
    return _reworded(text) or _by_kind(error, text)


def as_query_failed(error: BaseException) -> QueryFailed | QueryCancelled:
    """Any exception of a statement as what its client sees; what has no words of Athena's is written down."""
    if isinstance(error, QueryFailed | QueryCancelled):
        return error
    if isinstance(error, duckdb.InterruptException):
        return QueryCancelled()
    if isinstance(error, AthenaApiError):
        return QueryFailed("SYNTAX_ERROR", error.message)
    if is_no_space(error):
        return no_space()
    if isinstance(error, duckdb.Error | MemoryError):
        return query_failed(error)
    if isinstance(error, RecursionError):
        return too_large()
    logger.error("A statement failed inside", exc_info=error)
    return internal_error()


def too_large() -> QueryFailed:
    """The failure of a statement that is nested deeper than can be worked through."""
    return QueryFailed("GENERIC_USER_ERROR", "statement is too large (stack overflow during analysis)")


def unrepresentable(error: Exception) -> QueryFailed:
    """The failure of a query with a value that cannot be handed over; what Arrow or Python say is logged."""
    if ARROW_TOO_DEEP in str(error):
        return too_large()
    logger.error("A value could not be handed over", exc_info=error)
    return not_supported("A value is out of the engine's range")


def out_of_memory(text: str) -> QueryFailed:
    """The failure of a query for which the engine's memory, or the space it spills to, was not enough.

    Trino's words, with the limit that DuckDB names: `(466.3 MiB/476.8 MiB used)`.
    """
    limit = LIMIT.search(text)
    shown = f" of {limit[1]}" if limit else ""
    return memory_exceeded(shown)


def _reworded(text: str) -> QueryFailed | None:
    for pattern, name, message in _REWORDED:
        found = pattern.search(text)
        if found:
            words = [TYPES.get(word, word) for word in found.groups()]
            return QueryFailed(name, message.format(text, *words))
    found = CONVERSION.search(text)
    if found:
        return QueryFailed(CAST, f"Cannot cast '{found[1]}' to {SQL_TYPES.get(found[2], found[2])}")
    return next((QueryFailed(name, message) for part, name, message in NAMED if part in text), None)


KINDS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((duckdb.OutOfRangeException,), RANGE),
    ((duckdb.ConversionException,), CAST),
    ((duckdb.IOException, duckdb.InvalidInputException), "GENERIC_USER_ERROR"),
    (
        (
            duckdb.InternalException,
            duckdb.BinderException,
            duckdb.NotImplementedException,
            duckdb.CatalogException,
            duckdb.ParserException,
        ),
        "NOT_SUPPORTED",
    ),
)


SAID = {
    RANGE: "A value is out of the range of its type",
    CAST: "A value cannot be cast to the type that is wanted",
    "GENERIC_USER_ERROR": "A function or a file was given what it cannot take",
    "NOT_SUPPORTED": "The engine cannot compute an expression of this query",
}
"""What is told of an error that has no words of Athena's; those of DuckDB are for the log."""


def _by_kind(error: Exception, text: str) -> QueryFailed:
    logger.warning("An error of the engine has no words of Athena's: %s", text)
    for kinds, name in KINDS:
        if isinstance(error, kinds):
            return QueryFailed(name, SAID[name])
    return QueryFailed("GENERIC_INTERNAL_ERROR", "Internal error", category=1, error_type=1)
