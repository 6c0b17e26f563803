"""Translate a parsed partition expression to a condition on `catalog_partition`.

Values are compared in the form that `partition_values.py` gives them, so one SQL operator serves all types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.partition_expression import Expression, Logical, Not, Predicate, parse_expression
from local_aws.glue.catalog.partition_values import (
    NULL,
    Malformed,
    Typed,
    base_type,
    is_comparable,
    is_integral,
    is_text,
    typed_value,
)
from local_aws.glue.catalog.schema import INDEXED_KEYS


@dataclass(slots=True)
class Filter:
    """A SQL condition, its parameters in order, and a bit for each key that it looks at."""

    sql: str = ""
    parameters: list[Typed] = field(default_factory=list)
    keys_used: int = 0


def partition_filter(expression: str, keys: Sequence[dict[str, Any]]) -> Filter:
    """The filter of an expression on a table with these partition keys.

    Raises:
        AwsError: InvalidInputException: not in the grammar, no such key, a key whose type cannot be compared,
            an operator that the type does not have, or a literal that is no value of the type.
    """
    return _Translation(keys).filter(parse_expression(expression))


class _Translation:
    def __init__(self, keys: Sequence[dict[str, Any]]) -> None:
        self._positions = {key["Name"].lower(): position for position, key in enumerate(keys)}
        self._types = [key.get("Type", "string") for key in keys]
        self._filter = Filter()

    def filter(self, expression: Expression) -> Filter:
        self._filter.sql = self._sql(expression)
        return self._filter

    def _sql(self, expression: Expression) -> str:
        if isinstance(expression, Logical):
            return "(" + f" {expression.operator} ".join(map(self._sql, expression.operands)) + ")"
        if isinstance(expression, Not):
            return f"(NOT {self._sql(expression.operand)})"
        return self._predicate(expression)

    def _predicate(self, predicate: Predicate) -> str:
        position = self._positions.get(predicate.key)
        if position is None:
            raise invalid("Invalid partition expression!")
        hive_type = self._types[position]
        if not is_comparable(hive_type):
            raise invalid(f"Unknown type : '{hive_type}'")
        self._filter.keys_used |= 1 << position
        column = _column(position)
        if predicate.operator == "IS NULL":
            return f"({column} IS NULL OR {column} = '{NULL}')"
        if predicate.operator == "LIKE":
            _require_text(hive_type)
            self._filter.parameters.append(glob_of(predicate.literals[0]))
            return f"({column} GLOB ?)"
        try:
            self._filter.parameters += [typed_value(text, hive_type) for text in predicate.literals]
        except Malformed as error:
            raise invalid(str(error)) from error
        if predicate.operator == "IN":
            return f"({column} IN ({', '.join('?' * len(predicate.literals))}))"
        if predicate.operator == "BETWEEN":
            return f"({column} BETWEEN ? AND ?)"
        return f"({column} {predicate.operator} ?)"


def _column(position: int) -> str:
    return f"value_{position}" if position < INDEXED_KEYS else f"json_extract(typed, '$[{position}]')"


def _require_text(hive_type: str) -> None:
    if not is_text(hive_type):
        kind = "Integral" if is_integral(hive_type) else base_type(hive_type).capitalize()
        raise invalid(f"{kind} data type doesn't support operation 'LIKE'")


_GLOB = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}


def glob_of(pattern: str) -> str:
    """A LIKE pattern as SQLite's GLOB, which unlike its LIKE tells upper from lower case."""
    pieces = re.findall(r"\\[%_\\]|.", pattern, re.DOTALL)
    return "".join(piece[1] if len(piece) == 2 else _GLOB.get(piece, piece) for piece in pieces)
