"""Rows as lines of text where Spark's own writers cannot say what the records say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StringType, StructField, StructType

from awsglue import gluetypes as glue
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.values import as_json, decoder

NEVER = "\uffff"
"""No text has this character; Spark's CSV writer needs a delimiter."""
AS_IT_IS = {
    "sep": NEVER, "quote": "\x00", "escape": "\x00", "emptyValue": "", "nullValue": "", "comment": "\ufffe",
    "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false",
}  # fmt: skip


def of_json(columns: Columns, keys: Sequence[str]) -> DataFrame:
    """A line of JSON for each record, a choice being what it holds, and the partition keys beside it."""
    decode, inside = decoder(columns.schema), set(keys)

    def line(row: Any) -> tuple[Any, ...]:
        record = decode(row)
        told = {name: value for name, value in record.items() if name not in inside and value is not None}
        text = json.dumps(told, ensure_ascii=False, default=as_json, separators=(",", ":"))
        return (text, *(None if record.get(key) is None else str(record[key]) for key in keys))

    schema = StructType([StructField(name, StringType()) for name in ("value", *keys)])
    lines = columns.frame.rdd.map(line)
    return columns.frame.sparkSession.createDataFrame(lines, schema, verifySchema=False)


def without_choices(columns: Columns) -> Columns:
    """The records with each choice as the text of what it holds."""

    def visit(path: tuple[str, ...], value: tree.Value) -> list[tree.Named] | None:
        is_choice = isinstance(value.kind, glue.ChoiceType)
        return [(path[-1], casts.cast(value, glue.StringType()))] if is_choice else None

    return tree.rewrite(columns, visit)


def of_csv_without_quotes(
    rows: DataFrame, options: Mapping[str, str], keys: Sequence[str]
) -> tuple[DataFrame, dict[str, str]]:
    """One column of lines that have no quotes whatever is in them, named as the header line."""
    separator = options["sep"]
    names = [name for name in rows.columns if name not in set(keys)]
    texts = [F.coalesce(tree.quoted(name).cast("string"), F.lit("")) for name in names]
    # A value of several lines would be quoted for its line feed: each of its lines becomes a row.
    lines = F.explode(F.split(F.concat_ws(separator, *texts), "\n", -1)).alias(separator.join(names))
    kept = {name: value for name, value in options.items() if name not in AS_IT_IS}
    return rows.select(lines, *[tree.quoted(key) for key in keys]), {**kept, **AS_IT_IS}
