# ruff: noqa: N802, N803 - the names are AWS's
"""DynamicFrame: Glue's table of records, each of which may differ from the next.

What it is made of is decided in docs/decisions/dynamic-frames.md: columns or Python records
(`dynamic/data.py`), and beside them the errors that each transformation left (`dynamic/errors.py`).
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame

from awsglue import gluetypes
from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic import (
    dynamodb_json,
    errors,
    fields,
    flatten,
    functions,
    resolve,
    rows,
    sample,
    unboxing,
)
from awsglue.dynamic.catalog_types import catalog_types
from awsglue.dynamic.data import Columns, Data, encoded
from awsglue.dynamic.errors import Stage
from awsglue.dynamic.spark_types import from_spark
from awsglue.dynamic.union import union
from awsglue.dynamic.values import as_json
from awsglue.readers import DynamicFrameReader, DynamicFrameWriter
from awsglue.schema_text import tree_text

__all__ = [
    "DynamicFrame",
    "DynamicFrameCollection",
    "DynamicFrameReader",
    "DynamicFrameWriter",
    "ResolveOption",
]

Record = dict[str, Any]
Paths = Sequence[str] | str


@dataclass
class ResolveOption:
    """What `toDF` does with the choice at `path`: Project or Cast it to `target`, or KeepAsStruct."""

    path: str
    action: str
    target: Any = None


class DynamicFrame:
    """Records, and the errors of making them. `glue_ctx` is the GlueContext it belongs to."""

    def __init__(
        self, jdf: DataFrame | Data, glue_ctx: Any, name: str = "", stages: tuple[Stage, ...] = ()
    ) -> None:
        self._data = jdf if isinstance(jdf, Data) else Data.of_columns(Columns.of(jdf))
        self._stages = stages or (Stage(),)
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str) -> DynamicFrame:
        """A DynamicFrame of a DataFrame's rows."""
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: Sequence[ResolveOption] | None = None) -> DataFrame:
        """The records as a DataFrame; a choice that `options` do not name is a struct of its types."""
        wanted = [
            (one.path, one.action, from_spark(one.target) if one.target is not None else None)
            for one in options or ()
        ]
        return resolve.to_frame(self._checked().columns, wanted).frame

    def with_frame_schema(self, schema: gluetypes.StructType) -> DynamicFrame:
        """The same records with a schema that is known and need not be looked for."""
        records, spark = self._data.records, self.glue_ctx.spark_session
        return self._of(Data(lambda: encoded(spark, records, schema), lambda: records, lambda: schema))

    def schema(self) -> gluetypes.StructType:
        """The type of the records; records that a function made are looked through for it."""
        return self._data.columns.schema

    def printSchema(self) -> None:
        """Print the schema as a tree."""
        print(tree_text(self.schema()))  # noqa: T201

    def show(self, num_rows: int = 20) -> None:
        """Print the first records as JSON, one a line."""
        for record in self._checked().records.take(num_rows):
            print(json.dumps(record, ensure_ascii=False, default=as_json))  # noqa: T201

    def count(self) -> int:
        """How many good records there are."""
        data = self._checked()
        return int(data.records.count() if data.has_records else data.columns.frame.count())

    def getNumPartitions(self) -> int:
        """How many Spark partitions the records are in."""
        data = self._data
        return int((data.records if data.has_records else data.columns.frame.rdd).getNumPartitions())

    def errorsAsDynamicFrame(self) -> DynamicFrame:
        """The error records of this frame and of those it was made from."""
        spark = self.glue_ctx.spark_session
        found = [stage.errors() for stage in self._stages if stage.errors is not None]
        records = spark.sparkContext.union(found) if found else spark.sparkContext.emptyRDD()
        return DynamicFrame(Data.of_records(spark, records, lambda: errors.SCHEMA), self.glue_ctx, self.name)

    def errorsCount(self) -> int:
        """How many error records there are."""
        return sum(stage.count() for stage in self._stages)

    def stageErrorsCount(self) -> int:
        """How many error records the last transformation made."""
        return self._stages[-1].count()

    def assertErrorThreshold(self) -> None:
        """Raise when errors have reached a threshold of a transformation so far."""
        errors.check(self._stages)

    def repartition(
        self,
        num_partitions: int,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The same records in `num_partitions` partitions."""
        return self._same(lambda frame: frame.repartition(num_partitions), stageThreshold, totalThreshold)

    def coalesce(
        self,
        num_partitions: int,
        shuffle: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The same records in at most `num_partitions` partitions."""
        if shuffle:
            return self.repartition(num_partitions, "", "", stageThreshold, totalThreshold)
        return self._same(lambda frame: frame.coalesce(num_partitions), stageThreshold, totalThreshold)

    def filter(
        self,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records for which `f` is true; a KeyError, ValueError or TypeError in `f` counts as false."""
        spark, site = self.glue_ctx.spark_session, errors.call_site()
        good, bad = functions.filtered(spark, self._data, f, site, info)
        return self._of(good, Stage(bad, stageThreshold, totalThreshold))

    def map(
        self,
        f: Callable[[Any], Any],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records that `f` makes, one of each; what `f` fails at becomes an error record."""
        spark, site = self.glue_ctx.spark_session, errors.call_site()
        good, bad = functions.mapped(spark, self._data, f, site, info)
        return self._of(good, Stage(bad, stageThreshold, totalThreshold))

    def mapPartitions(
        self,
        f: Callable[[Iterator[Any]], Iterable[Any]],
        preservesPartitioning: bool = True,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """What `f` makes of the items of each partition: dicts with a `record`."""
        return self.mapPartitionsWithIndex(
            lambda _, items: f(items), preservesPartitioning, transformation_ctx, info,
            stageThreshold, totalThreshold,
        )  # fmt: skip

    def mapPartitionsWithIndex(
        self,
        f: Callable[[int, Iterator[Any]], Iterable[Any]],
        preservesPartitioning: bool = True,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """`mapPartitions` with a function that is also given the partition's number."""
        spark, site = self.glue_ctx.spark_session, errors.call_site()
        good, bad = functions.mapped_partitions(spark, self._data, f, site)
        return self._of(good, Stage(bad, stageThreshold, totalThreshold))

    def apply_mapping(
        self,
        mappings: Sequence[Any],
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Rename, cast and keep fields: (from, to), (from, to, type) or (from, its type, to, type).

        Fields without a mapping are dropped, and so is a mapping of a field that is not there.
        """
        wanted = [mappings] if isinstance(mappings, tuple) and isinstance(mappings[0], str) else mappings
        return self._by(
            lambda columns: fields.apply_mapping(columns, list(wanted), case_sensitive),
            stageThreshold,
            totalThreshold,
        )

    def applyMapping(self, *args: Any, **kwargs: Any) -> DynamicFrame:
        """`apply_mapping` by its older name."""
        return self.apply_mapping(*(args[1:] if args and args[0] is self else args), **kwargs)

    def select_fields(
        self,
        paths: Paths,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Only the fields at `paths`."""
        wanted = _as_list(paths)
        return self._by(lambda columns: fields.select_fields(columns, wanted), stageThreshold, totalThreshold)

    def drop_fields(
        self,
        paths: Paths,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """All but the fields at `paths`."""
        unwanted = _as_list(paths)
        return self._by(lambda columns: fields.drop_fields(columns, unwanted), stageThreshold, totalThreshold)

    def rename_field(
        self,
        oldName: str,
        newName: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The same records with one field under another name."""
        return self._by(
            lambda columns: fields.rename_field(columns, oldName, newName), stageThreshold, totalThreshold
        )

    def resolveChoice(
        self,
        specs: Sequence[Any] | None = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        catalog_id: str | None = None,
    ) -> DynamicFrame:
        """Settle fields of several types: by `specs` (path, action), or all of them by one `choice`."""
        if not specs and not choice:
            raise ValueError("Parameter specs and option are both missing, add one.")
        if specs and choice:
            raise ValueError("Parameter specs and option are both specified, choose one.")
        if specs and isinstance(specs, tuple) and isinstance(specs[0], str):
            specs = [specs]
        names = [choice] if choice else [action for _, action in specs or ()]
        catalog = catalog_types(names, database, table_name, catalog_id)

        def resolved(columns: Columns) -> Columns:
            if choice:
                return resolve.everywhere(columns, choice, catalog)
            return resolve.by_specs(columns, list(specs or ()), catalog)

        return self._by(resolved, stageThreshold, totalThreshold)

    def unbox(
        self,
        path: str,
        format: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        **options: Any,
    ) -> DynamicFrame:
        """The records with the text at `path` read as `format`; what cannot be read is an error record."""
        unboxer = unboxing.unboxer(path, format, options)
        made = self.map(unboxer, False, "", info, stageThreshold, totalThreshold)
        if options.get("withSchema"):
            return made._by(lambda columns: unboxing.with_schema(columns, path, options["withSchema"]))
        return made

    def unnest(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """One flat table: structs as `struct.field`, arrays as keys."""
        return self._by(flatten.unnest, stageThreshold, totalThreshold)

    def unnest_ddb_json(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records of DynamoDB's JSON without its types, flat."""
        return self.map(dynamodb_json.unnested, False, "", info, stageThreshold, totalThreshold)

    def simplify_ddb_json(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records of DynamoDB's JSON without its types."""
        return self.map(dynamodb_json.simplified, False, "", info, stageThreshold, totalThreshold)

    def relationalize(
        self,
        root_table_name: str,
        staging_path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        """Flat tables that join by keys; nothing is written to `staging_path`, which AWS needs."""
        tables = flatten.relationalize(self._checked().columns, root_table_name)
        stages = (*self._stages, Stage(None, stageThreshold, totalThreshold))
        made = {
            name: DynamicFrame(Data.of_columns(columns), self.glue_ctx, name, stages)
            for name, columns in tables.items()
        }
        return DynamicFrameCollection(made, self.glue_ctx)

    def join(
        self,
        paths1: Paths,
        paths2: Paths,
        frame2: DynamicFrame,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The equality join of two frames; a field of `frame2` whose name is taken gets a dot before it."""
        ours, theirs = self._data, frame2._data
        joined = Data(lambda: rows.join(ours.columns, theirs.columns, _as_list(paths1), _as_list(paths2)))
        return self._with_other(joined, frame2, stageThreshold, totalThreshold, self.name + frame2.name)

    def union(
        self,
        other_frame: DynamicFrame,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records of both; a field of two types is a choice."""
        ours, theirs = self._data, other_frame._data
        both = Data(lambda: union(ours.columns, theirs.columns))
        return self._with_other(both, other_frame, stageThreshold, totalThreshold, self.name)

    def mergeDynamicFrame(
        self,
        stage_dynamic_frame: DynamicFrame,
        primary_keys: Paths,
        transformation_ctx: str = "",
        options: Mapping[str, Any] | None = None,
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """The records of this frame, with those of the other in the place of those with their keys."""
        ours, theirs = self._data, stage_dynamic_frame._data
        merged = Data(lambda: rows.merge(ours.columns, theirs.columns, _as_list(primary_keys)))
        return self._with_other(merged, stage_dynamic_frame, stageThreshold, totalThreshold, self.name)

    def split_fields(
        self,
        paths: Paths,
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        """Two frames: one with the fields at `paths`, one with the others."""
        chosen = self.select_fields(paths, "", info, stageThreshold, totalThreshold)
        rest = self.drop_fields(paths, "", info, stageThreshold, totalThreshold)
        return self._pair(chosen, rest, name1, name2)

    def split_rows(
        self,
        comparison_dict: Mapping[str, Mapping[str, Any]],
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        """Two frames: the rows for which every comparison is true, and the others."""
        chosen, rest = (
            self._by(
                lambda columns, side=side: rows.split_rows(columns, comparison_dict)[side],
                stageThreshold,
                totalThreshold,
            )
            for side in (0, 1)
        )
        return self._pair(chosen, rest, name1, name2)

    def spigot(
        self,
        path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        """Write a sample of the records to `path` as JSON, and go on with all of them."""
        sample.write(self._checked(), path, options or {})
        return self._of(self._data, Stage(None, stageThreshold, totalThreshold))

    def write(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        accumulator_size: int = 0,
    ) -> DynamicFrame:
        """Write the records, as `write_dynamic_frame.from_options` does."""
        written: DynamicFrame = self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options or {}, format, format_options or {}
        )
        return written

    def _checked(self) -> Data:
        """The data, for an action; raises when errors have reached a threshold."""
        self.assertErrorThreshold()
        return self._data

    def _of(self, data: Data, stage: Stage | None = None) -> DynamicFrame:
        return DynamicFrame(data, self.glue_ctx, self.name, (*self._stages, stage or Stage()))

    def _by(
        self,
        change: Callable[[Columns], Columns],
        stage_threshold: int = 0,
        total_threshold: int = 0,
    ) -> DynamicFrame:
        """The frame of what `change` makes of the columns: at once, or when they are asked for."""
        data, stage = self._data, Stage(None, stage_threshold, total_threshold)
        if data.is_ready:
            return self._of(Data.of_columns(change(data.columns)), stage)
        return self._of(Data(lambda: change(data.columns)), stage)

    def _same(self, change: Callable[[Any], Any], stage_threshold: int, total_threshold: int) -> DynamicFrame:
        """The same records after something that Spark calls alike for records and columns."""
        data, stage = self._data, Stage(None, stage_threshold, total_threshold)
        if data.has_records:
            spark = self.glue_ctx.spark_session
            return self._of(Data.of_records(spark, change(data.records), data.hint), stage)
        columns = data.columns
        return self._of(Data.of_columns(Columns(change(columns.frame), columns.schema)), stage)

    def _with_other(
        self, data: Data, other: DynamicFrame, stage_threshold: int, total_threshold: int, name: str
    ) -> DynamicFrame:
        stages = (*self._stages, *other._stages, Stage(None, stage_threshold, total_threshold))
        return DynamicFrame(data, self.glue_ctx, name, stages)

    def _pair(self, one: DynamicFrame, two: DynamicFrame, name1: str, name2: str) -> DynamicFrameCollection:
        one.name, two.name = name1, name2
        return DynamicFrameCollection({name1: one, name2: two}, self.glue_ctx)


def _as_list(paths: Paths) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)
