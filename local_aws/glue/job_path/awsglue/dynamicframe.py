# ruff: noqa: N802, N803, N812 - the names are AWS's and PySpark's
"""DynamicFrame: Glue's table of records, here on a Spark DataFrame.

A DataFrame's columns have one type each, so there are no choice types, and no error records: what AWS
would set aside as one fails the job. What is not there raises NotImplementedError.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from awsglue import records
from awsglue.collection import DynamicFrameCollection
from awsglue.missing import not_there
from awsglue.paths import column_at, find_path, nested, parse_path
from awsglue.schema_text import tree_text

__all__ = ["DynamicFrame", "DynamicFrameCollection"]

Record = dict[str, Any]
Mapped = Sequence[str]

NOT_THERE = frozenset(
    {
        "errorsAsDynamicFrame", "mapPartitions", "mapPartitionsWithIndex", "mergeDynamicFrame",
        "relationalize", "resolveChoice", "simplify_ddb_json", "spigot", "split_rows", "unbox", "unnest",
        "unnest_ddb_json",
    }
)  # fmt: skip


class DynamicFrame:
    """Records with a schema. `glue_ctx` is the GlueContext it belongs to."""

    def __init__(self, frame: DataFrame, glue_ctx: Any, name: str = "") -> None:
        self._frame = frame
        self.glue_ctx = glue_ctx
        self.name = name

    def __getattr__(self, name: str) -> NoReturn:
        if name in NOT_THERE:
            raise not_there(f"DynamicFrame.{name}")
        raise AttributeError(name)

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str) -> DynamicFrame:
        """A DynamicFrame of a DataFrame's rows."""
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: Sequence[Any] | None = None) -> DataFrame:
        """The records as a DataFrame."""
        if options:
            raise not_there("DynamicFrame.toDF with options")
        return self._frame

    def schema(self) -> Any:
        """The schema: `fields`, each with `name` and `dataType`."""
        return self._frame.schema

    def printSchema(self) -> None:
        """Print the schema as a tree."""
        print(tree_text(self._frame.schema))  # noqa: T201

    def show(self, num_rows: int = 20) -> None:
        """Print the first records as JSON, one a line."""
        for row in self._frame.take(num_rows):
            print(json.dumps(row.asDict(recursive=True), ensure_ascii=False, default=str))  # noqa: T201

    def count(self) -> int:
        """How many records there are."""
        return int(self._frame.count())

    def errorsCount(self) -> int:
        """How many error records there are: none, since an error fails the job."""
        return 0

    def stageErrorsCount(self) -> int:
        """How many error records the last transformation made: none."""
        return 0

    def getNumPartitions(self) -> int:
        """How many Spark partitions the records are in."""
        return int(self._frame.rdd.getNumPartitions())

    def repartition(self, num_partitions: int, *unused: Any, **also: Any) -> DynamicFrame:
        """The same records in `num_partitions` partitions."""
        return self._with(self._frame.repartition(num_partitions))

    def coalesce(self, num_partitions: int, shuffle: bool = False, *unused: Any, **also: Any) -> DynamicFrame:
        """The same records in at most `num_partitions` partitions."""
        frame = self._frame
        return self._with(frame.repartition(num_partitions) if shuffle else frame.coalesce(num_partitions))

    def filter(self, f: Callable[[Record], bool], *unused: Any, **also: Any) -> DynamicFrame:
        """The records for which `f` is true; a KeyError, ValueError or TypeError in `f` counts as false."""
        return self._with(records.filtered(self._frame, f))

    def map(
        self, f: Callable[[Record], Record], preservesPartitioning: bool = False, *unused: Any, **also: Any
    ) -> DynamicFrame:
        """The records that `f` makes, one of each."""
        return self._with(records.mapped(self._frame, f))

    def apply_mapping(
        self, mappings: Sequence[Mapped], case_sensitive: bool = False, *unused: Any, **also: Any
    ) -> DynamicFrame:
        """Rename, cast and keep fields: (from, to), (from, to, type) or (from, its type, to, type).

        Fields without a mapping are dropped, and so is a mapping of a field that is not there.
        """
        fields = []
        for mapping in mappings:
            source, target, kind = _mapping(mapping)
            found = find_path(self._frame.schema, parse_path(source), case_sensitive=case_sensitive)
            if found is not None:
                value = column_at(found)
                fields.append((parse_path(target), value if kind is None else value.cast(_spark_type(kind))))
        return self._with(self._frame.select(nested(fields)))

    def select_fields(self, paths: Sequence[str] | str, *unused: Any, **also: Any) -> DynamicFrame:
        """Only the fields at `paths`; a path that is not there is passed over."""
        found = [find_path(self._frame.schema, parse_path(path)) for path in _as_list(paths)]
        return self._with(self._frame.select(nested((path, column_at(path)) for path in found if path)))

    def drop_fields(self, paths: Sequence[str] | str, *unused: Any, **also: Any) -> DynamicFrame:
        """All but the fields at `paths`."""
        frame = self._frame
        for text in _as_list(paths):
            path = find_path(frame.schema, parse_path(text))
            if path is None:
                continue
            if len(path) == 1:
                frame = frame.drop(path[0])
            else:
                inner = ".".join(f"`{name}`" for name in path[1:])
                frame = frame.withColumn(path[0], F.col(f"`{path[0]}`").dropFields(inner))
        return self._with(frame)

    def rename_field(self, oldName: str, newName: str, *unused: Any, **also: Any) -> DynamicFrame:
        """The same records with one field under another name."""
        old, new = parse_path(oldName), parse_path(newName)
        if len(old) > 1 or len(new) > 1:
            raise not_there("DynamicFrame.rename_field of a nested field")
        return self._with(self._frame.withColumnRenamed(old[0], new[0]))

    def join(
        self, paths1: Sequence[str], paths2: Sequence[str], frame2: DynamicFrame, *unused: Any, **also: Any
    ) -> DynamicFrame:
        """The equality join of two frames; a field of `frame2` whose name is taken gets a dot before it."""
        left, right = self._frame.alias("left"), frame2.toDF().alias("right")
        keys1, keys2 = _as_list(paths1), _as_list(paths2)
        if len(keys1) != len(keys2):
            raise ValueError(f"join needs as many keys on both sides: {keys1} and {keys2}")
        equal = [_of("left", one) == _of("right", two) for one, two in zip(keys1, keys2, strict=True)]
        taken = {name.lower() for name in left.columns}
        columns = [_of("left", f"`{name}`").alias(name) for name in left.columns]
        for name in right.columns:
            alias = f".{name}" if name.lower() in taken else name
            columns.append(_of("right", f"`{name}`").alias(alias))
        return self._with(left.join(right, equal).select(columns))

    def union(self, other: DynamicFrame, *unused: Any, **also: Any) -> DynamicFrame:
        """The records of both; a field that one side lacks is null there.

        Raises:
            NotImplementedError: a field has different types, which AWS would make a choice.
        """
        ours = {field.name: field.dataType for field in self._frame.schema}
        for field in other.toDF().schema:
            if ours.get(field.name, field.dataType) != field.dataType:
                raise not_there(f"union of different types in the field '{field.name}' (a choice type)")
        return self._with(self._frame.unionByName(other.toDF(), allowMissingColumns=True))

    def split_fields(
        self, paths: Sequence[str], name1: str, name2: str, *unused: Any, **also: Any
    ) -> DynamicFrameCollection:
        """Two frames: one with the fields at `paths`, one with the others."""
        chosen, rest = self.select_fields(paths), self.drop_fields(paths)
        return DynamicFrameCollection({name1: chosen, name2: rest}, self.glue_ctx)

    def write(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        **unused: Any,
    ) -> DynamicFrame:
        """Write the records, as `write_dynamic_frame.from_options` does."""
        written: DynamicFrame = self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options or {}, format, format_options or {}
        )
        return written

    def _with(self, frame: DataFrame) -> DynamicFrame:
        return DynamicFrame(frame, self.glue_ctx, self.name)


def _mapping(mapping: Mapped) -> tuple[str, str, str | None]:
    """Source path, target path and target type of a mapping of any of the three lengths."""
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    if len(mapping) == 3:
        return mapping[0], mapping[1], mapping[2]
    if len(mapping) == 4:
        return mapping[0], mapping[2], mapping[3]
    raise ValueError(f"A mapping has 2, 3 or 4 members: {mapping!r}")


def _spark_type(glue_type: str) -> str:
    return "bigint" if glue_type == "long" else glue_type


def _as_list(paths: Sequence[str] | str) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)


def _of(side: str, path: str) -> Any:
    return F.col(f"{side}." + ".".join(f"`{name}`" for name in parse_path(path)))
