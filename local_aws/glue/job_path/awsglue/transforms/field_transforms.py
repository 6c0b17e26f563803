# ruff: noqa: N803 - the names are AWS's
"""Transforms of fields, as classes.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-transforms.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from awsglue.dynamic.fields import null_paths
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms.transform import GlueTransform


class ApplyMapping(GlueTransform):
    """Rename, cast and keep fields."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        mappings: Sequence[Any],
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.apply_mapping(
            mappings, case_sensitive, transformation_ctx, info, stageThreshold, totalThreshold
        )


class SelectFields(GlueTransform):
    """Only some fields."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        paths: Sequence[str] | str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.select_fields(paths, transformation_ctx, info, stageThreshold, totalThreshold)


class DropFields(GlueTransform):
    """All but some fields."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        paths: Sequence[str] | str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.drop_fields(paths, transformation_ctx, info, stageThreshold, totalThreshold)


class RenameField(GlueTransform):
    """One field under another name."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        old_name: str,
        new_name: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        return frame.rename_field(
            old_name, new_name, transformation_ctx, info, stageThreshold, totalThreshold
        )


class SplitFields(GlueTransform):
    """Two frames: of some fields, and of the others."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        paths: Sequence[str] | str,
        name1: str | None = None,
        name2: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        base = frame.name or "frame"
        return frame.split_fields(
            paths, name1 or f"{base}1", name2 or f"{base}2", transformation_ctx, info, stageThreshold,
            totalThreshold,
        )  # fmt: skip


class DropNullFields(GlueTransform):
    """All but the fields that are null in every record, in structs and in arrays of structs too."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrame:
        empty = null_paths(frame.schema())
        print("null_fields", empty)  # noqa: T201 - as AWS's does
        return frame.drop_fields(empty, transformation_ctx, info, stageThreshold, totalThreshold)


class ResolveChoice(GlueTransform):
    """Settle fields of several types."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
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
        return frame.resolveChoice(
            specs, choice, database, table_name, transformation_ctx, info, stageThreshold, totalThreshold,
            catalog_id,
        )  # fmt: skip


class Unbox(GlueTransform):
    """A text field read as JSON or CSV."""

    def __call__(  # noqa: D102 - the class says it
        self,
        frame: DynamicFrame,
        path: str,
        format: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        **options: Any,
    ) -> DynamicFrame:
        return frame.unbox(path, format, transformation_ctx, info, stageThreshold, totalThreshold, **options)
