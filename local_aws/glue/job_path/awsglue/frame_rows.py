# ruff: noqa: N802, N803 - the names are AWS's
"""The operations of a DynamicFrame on its records: Python functions, and other frames beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self

from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic import errors, functions, rows, sample
from awsglue.dynamic.data import Data
from awsglue.dynamic.errors import Stage
from awsglue.dynamic.union import union
from awsglue.frame_base import FrameBase, Paths, as_list


class RowOperations(FrameBase):
    """Filtering, mapping, joining, merging and splitting records."""

    def repartition(
        self,
        num_partitions: int,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
        """`mapPartitions` with a function that is also given the partition's number."""
        spark, site = self.glue_ctx.spark_session, errors.call_site()
        good, bad = functions.mapped_partitions(spark, self._data, f, site)
        return self._of(good, Stage(bad, stageThreshold, totalThreshold))

    def join(
        self,
        paths1: Paths,
        paths2: Paths,
        frame2: FrameBase,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The equality join of two frames; a field of `frame2` whose name is taken gets a dot before it."""
        ours, theirs = self._data, frame2._data
        joined = Data(lambda: rows.join(ours.columns, theirs.columns, as_list(paths1), as_list(paths2)))
        return self._with_other(joined, frame2, stageThreshold, totalThreshold, self.name + frame2.name)

    def union(
        self,
        other_frame: FrameBase,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The records of both; a field of two types is a choice."""
        ours, theirs = self._data, other_frame._data
        both = Data(lambda: union(ours.columns, theirs.columns))
        return self._with_other(both, other_frame, stageThreshold, totalThreshold, self.name)

    def mergeDynamicFrame(
        self,
        stage_dynamic_frame: FrameBase,
        primary_keys: Paths,
        transformation_ctx: str = "",
        options: Mapping[str, Any] | None = None,
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The records of this frame, with those of the other in the place of those with their keys."""
        ours, theirs = self._data, stage_dynamic_frame._data
        merged = Data(lambda: rows.merge(ours.columns, theirs.columns, as_list(primary_keys)))
        return self._with_other(merged, stage_dynamic_frame, stageThreshold, totalThreshold, self.name)

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
        limits = (stageThreshold, totalThreshold)
        chosen = self._by(lambda columns: rows.split_rows(columns, comparison_dict)[0], *limits)
        rest = self._by(lambda columns: rows.split_rows(columns, comparison_dict)[1], *limits)
        return self._pair(chosen, rest, name1, name2)

    def spigot(
        self,
        path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Write a sample of the records to `path` as JSON, and go on with all of them."""
        sample.write(self._checked(), path, options or {})
        return self._of(self._data, Stage(None, stageThreshold, totalThreshold))
