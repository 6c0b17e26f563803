"""unbox: a text field that holds JSON or CSV, as what the text says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from typing import Any

from awsglue.dynamic.casts import cast
from awsglue.dynamic.data import Columns
from awsglue.dynamic.fields import without_elements
from awsglue.dynamic.spark_types import from_spark
from awsglue.dynamic.tree import ELEMENT, Named, Value, rewrite
from awsglue.missing import not_there
from awsglue.paths import Path, parse_path

OPTIONS = frozenset({"separator", "escaper", "skipFirst", "withSchema", "withHeader"})


def unboxer(path: str, name: str, options: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The function that replaces the text at `path` in a record by what it says.

    Raises:
        NotImplementedError: the format or an option is not there.
    """
    unknown = [option for option in options if option not in OPTIONS]
    if unknown:
        raise not_there(f"unbox with {unknown[0]}")
    readers = {"json": _from_json, "csv": _from_csv}
    if name.lower() not in readers:
        raise not_there(f"unbox of the format '{name}'")
    read, steps = readers[name.lower()], parse_path(path)

    def unbox(record: dict[str, Any]) -> dict[str, Any]:
        holder: Any = record
        for step in steps[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        text = holder.get(steps[-1]) if isinstance(holder, dict) else None
        if text is not None:
            holder[steps[-1]] = read(text, options)
        return record

    return unbox


def with_schema(columns: Columns, path: str, schema: str) -> Columns:
    """Columns whose unboxed field has the type of a `StructType.json()` text."""
    from pyspark.sql.types import StructType

    kind = from_spark(StructType.fromJson(json.loads(schema)))
    steps = parse_path(path)

    def visit(found: Path, value: Value) -> list[Named] | None:
        at_path = without_elements(found) == steps and found[-1] != ELEMENT
        return [(found[-1], cast(value, kind))] if at_path else None

    return rewrite(columns, visit)


def _from_json(text: Any, options: Mapping[str, Any]) -> Any:
    if not isinstance(text, str):
        raise ValueError(f"unbox needs text, not {type(text).__name__}")
    return json.loads(text)


def _from_csv(text: Any, options: Mapping[str, Any]) -> Any:
    if not isinstance(text, str):
        raise ValueError(f"unbox needs text, not {type(text).__name__}")
    rows = list(
        csv.reader(
            text.splitlines(), delimiter=options.get("separator", ","), escapechar=options.get("escaper")
        )
    )
    header = rows.pop(0) if rows and options.get("withHeader") else None
    if options.get("skipFirst") and header is None:
        rows = rows[1:]
    if len(rows) != 1:
        raise ValueError(f"unbox needs one line of CSV, not {len(rows)}")
    names = header or [f"col{at}" for at in range(len(rows[0]))]
    return dict(zip(names, rows[0], strict=False))
