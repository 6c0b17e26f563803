# ruff: noqa: N803 - the names are AWS's
"""Transforms of collections, as classes.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-transforms.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms.transform import GlueTransform


class SelectFromCollection(GlueTransform):
    """One frame of a collection."""

    def __call__(  # noqa: D102 - the class says it
        self,
        dfc: DynamicFrameCollection,
        key: str,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        return dfc.select(key, transformation_ctx)


class MapToCollection(GlueTransform):
    """A function applied to each frame of a collection."""

    def __call__(  # noqa: D102 - the class says it
        self,
        dfc: DynamicFrameCollection,
        callable: Callable[[DynamicFrame, str], DynamicFrame],
        transformation_ctx: str = "",
    ) -> DynamicFrameCollection:
        return dfc.map(callable, transformation_ctx)


class FlatMap(GlueTransform):
    """A transform applied to each frame of a collection, whose results are one collection."""

    def __call__(  # noqa: D102 - the class says it
        self,
        dfc: DynamicFrameCollection,
        BaseTransform: type[GlueTransform],
        frame_name: str,
        transformation_ctx: str = "",
        **base_kwargs: Any,
    ) -> DynamicFrameCollection:
        def transform(frame: DynamicFrame, context: str) -> Any:
            return BaseTransform.apply(**{**base_kwargs, frame_name: frame, "transformation_ctx": context})

        return dfc.flatmap(transform, transformation_ctx)
