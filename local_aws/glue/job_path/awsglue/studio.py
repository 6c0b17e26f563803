# ruff: noqa: N803 - the names are AWS's
"""The visual transforms of Glue Studio: `import gs_derived` gives frames the method `gs_derived`.

On AWS each is a module beside the script that adds one method to DynamicFrame; so are the `gs_*` modules
beside this package. What a transform leaves alone keeps its type, choices too.
https://docs.aws.amazon.com/glue/latest/dg/edit-jobs-transforms.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.spark_types import from_spark
from awsglue.dynamicframe import DynamicFrame
from awsglue.missing import not_there
from awsglue.paths import parse_path

MILLISECONDS = r"^-?\d{12,}$"
NUMBER = r"^-?\d+(\.\d+)?$"


def gs_derived(self: DynamicFrame, colName: str, expr: str) -> DynamicFrame:
    """A column of an expression of Spark SQL."""
    return self._by(lambda columns: _with(columns, colName, F.expr(expr)))


def gs_concat(self: DynamicFrame, colName: str, colList: Sequence[str], spacer: str = "") -> DynamicFrame:
    """A column of the texts of others, with `spacer` between them."""
    return self._by(
        lambda columns: _with(
            columns,
            colName,
            F.concat_ws(spacer, *[_at(columns, one).column.cast("string") for one in colList]),
        )
    )


def gs_split(self: DynamicFrame, colName: str, pattern: str, newColName: str | None = None) -> DynamicFrame:
    """A column of the parts of a text between matches of a regular expression."""
    return self._by(
        lambda columns: _with(columns, newColName or colName, F.split(_at(columns, colName).column, pattern))
    )


def gs_array_to_cols(self: DynamicFrame, colName: str, colList: Sequence[str] | str) -> DynamicFrame:
    """A column for each of an array's first elements."""
    names = [one.strip() for one in colList.split(",")] if isinstance(colList, str) else list(colList)

    def made(columns: Columns) -> Columns:
        array = _at(columns, colName).column
        for at, name in enumerate(names):
            columns = _with(columns, name, F.when(F.size(array) > at, array.getItem(at)))
        return columns

    return self._by(made)


def gs_explode(self: DynamicFrame, colName: str, newCol: str, outer: bool = False) -> DynamicFrame:
    """A row for each element of an array; with `outer` also one for a row without elements."""

    def made(columns: Columns) -> Columns:
        value = _at(columns, colName)
        if not isinstance(value.kind, glue.ArrayType):
            raise not_there(f"gs_explode of a {value.kind.typeName()}")
        rows = (F.explode_outer if outer else F.explode)(value.column)
        return _with(columns, newCol, rows, value.kind.elementType)

    return self._by(made)


def gs_flatten(self: DynamicFrame, maxLevels: int = 0, separator: str = ".") -> DynamicFrame:
    """The fields of structs as columns, down to `maxLevels` levels (0: all); arrays stay."""

    def leaves(name: str, value: tree.Value, level: int) -> list[tree.Named]:
        deepest = maxLevels > 0 and level >= maxLevels
        if deepest or not isinstance(value.kind, glue.StructType):
            return [(name, value)]
        inside = tree.members(value)
        return [
            found for one, inner in inside for found in leaves(f"{name}{separator}{one}", inner, level + 1)
        ]

    return self._by(
        lambda columns: tree.select(
            columns, [found for name, value in tree.fields_of(columns) for found in leaves(name, value, 0)]
        )
    )


def gs_to_timestamp(
    self: DynamicFrame, colName: str, colType: str = "autodetect", newColName: str | None = None
) -> DynamicFrame:
    """A column of the points in time that texts or numbers stand for."""
    if colType not in TIMES:
        raise not_there(f"gs_to_timestamp with the type '{colType}'")
    return self._by(
        lambda columns: _with(columns, newColName or colName, TIMES[colType](_at(columns, colName).column))
    )


def gs_format_timestamp(
    self: DynamicFrame, colName: str, dateFormat: str, newColName: str | None = None
) -> DynamicFrame:
    """A column of the texts of points in time, by a pattern of Spark's."""
    return self._by(
        lambda columns: _with(
            columns, newColName or colName, F.date_format(_at(columns, colName).column, dateFormat)
        )
    )


def gs_now(self: DynamicFrame, colName: str, dateFormat: str | None = None) -> DynamicFrame:
    """A column of the present, as text when there is a pattern, which is one of Python's."""
    now = F.lit(datetime.now(UTC).strftime(dateFormat)) if dateFormat else F.current_timestamp()
    return self._by(lambda columns: _with(columns, colName, now))


def gs_repartition(self: DynamicFrame, numPartitionsStr: str) -> DynamicFrame:
    """The same records in another number of partitions."""
    return self.repartition(int(numPartitionsStr))


def attach(name: str) -> Callable[..., DynamicFrame]:
    """Give DynamicFrame the method of that name, as importing its module does."""
    method: Callable[..., DynamicFrame] = globals()[name]
    setattr(DynamicFrame, name, method)
    return method


def _at(columns: Columns, path: str) -> tree.Value:
    """The value of a column or path; raises ValueError when there is none."""
    fields = tree.fields_of(columns)
    # The console offers names as they are, with whatever is in them.
    found = next((value for name, value in fields if name == path), None)
    found = found or tree.find(fields, parse_path(path), case_sensitive=False)
    if found is None:
        names = ", ".join(columns.schema.field_map)
        raise ValueError(f"there is no column '{path}'; the columns are {names}")
    return found


def _with(columns: Columns, name: str, column: Column, kind: glue.DataType | None = None) -> Columns:
    """The columns with one more, or with another in the place of the one of that name."""
    plain = name.replace("`", "")
    frame = columns.frame.withColumn(plain, column)
    fields = dict(columns.schema.field_map)
    schema = [
        fields[one.name] if one.name in fields and one.name != plain
        else glue.Field(one.name, kind or from_spark(one.dataType))
        for one in frame.schema
    ]  # fmt: skip
    return Columns(frame, glue.StructType(schema))


def _seconds(column: Column) -> Column:
    return F.timestamp_seconds(column.cast("double"))


def _milliseconds(column: Column) -> Column:
    return F.timestamp_millis(column.cast("bigint"))


def _detected(column: Column) -> Column:
    """Numbers of 12 digits or more are milliseconds, other numbers seconds, texts ISO 8601."""
    text: Any = column.cast("string")
    return (
        F.when(text.rlike(MILLISECONDS), _milliseconds(text))
        .when(text.rlike(NUMBER), _seconds(text))
        .otherwise(F.to_timestamp(text))
    )


TIMES: dict[str, Callable[[Column], Column]] = {
    "autodetect": _detected,
    "iso": F.to_timestamp,
    "seconds": _seconds,
    "milliseconds": _milliseconds,
}
