# ruff: noqa: N803 - the names are AWS's
"""Transforms of records and frames, as classes.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-transforms.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms.transform import GlueTransform


class Filter(GlueTransform):
    """The records for which a function is true."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.filter(f, transformation_ctx, info, stageThreshold, totalThreshold)


class Map(GlueTransform):
    """The records that a function makes."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.map(f, False, transformation_ctx, info, stageThreshold, totalThreshold)


class Join(GlueTransform):
    """The equality join of two frames."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame1: DynamicFrame,
        frame2: DynamicFrame,
        keys1: Sequence[str] | str,
        keys2: Sequence[str] | str,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        return frame1.join(keys1, keys2, frame2, transformation_ctx)


class Union(GlueTransform):
    """The records of two frames."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame1: DynamicFrame,
        frame2: DynamicFrame,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame1.union(frame2, transformation_ctx, info, stageThreshold, totalThreshold)


class SplitRows(GlueTransform):
    """Two frames: the rows for which comparisons are true, and the others."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        comparison_dict: Mapping[str, Mapping[str, Any]],
        name1: str = "frame1",
        name2: str = "frame2",
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        return frame.split_rows(
            comparison_dict, name1, name2, transformation_ctx, info, stageThreshold, totalThreshold
        )


class Repartition(GlueTransform):
    """Another number of partitions."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        num_partitions: int,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.repartition(num_partitions, transformation_ctx, info, stageThreshold, totalThreshold)


class Coalesce(GlueTransform):
    """Fewer partitions."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        num_partitions: int,
        shuffle: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.coalesce(
            num_partitions, shuffle, transformation_ctx, info, stageThreshold, totalThreshold
        )


class Spigot(GlueTransform):
    """Write a sample of the records, and go on."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        return frame.spigot(path, options, transformation_ctx)


class Relationalize(GlueTransform):
    """Flat tables that join by keys."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        staging_path: str | None = None,
        name: str = "roottable",
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        return frame.relationalize(
            name, staging_path or "", options, transformation_ctx, info, stageThreshold, totalThreshold
        )


class UnnestFrame(GlueTransform):
    """One flat table."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.unnest(transformation_ctx, info, stageThreshold, totalThreshold)


class ErrorsAsDynamicFrame(GlueTransform):
    """The error records."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
    ) -> DynamicFrame:
        return frame.errorsAsDynamicFrame()
