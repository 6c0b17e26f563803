"""Transforms as classes with `apply`, as older scripts write them: `ApplyMapping.apply(frame=…, mappings=…)`.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-transforms.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.missing import not_there


class GlueTransform:
    """A transform that is a method of DynamicFrame; `renamed` are arguments the method calls otherwise."""

    method: ClassVar[str]
    renamed: ClassVar[dict[str, str]] = {}

    @classmethod
    def apply(cls, frame: DynamicFrame, *arguments: Any, **named: Any) -> Any:
        """Transform `frame`."""
        names = {cls.renamed.get(name, name): value for name, value in named.items()}
        return getattr(frame, cls.method)(*arguments, **names)


class ApplyMapping(GlueTransform):
    """Rename, cast and keep fields."""

    method = "apply_mapping"


class Coalesce(GlueTransform):
    """Fewer partitions."""

    method = "coalesce"


class DropFields(GlueTransform):
    """All but some fields."""

    method = "drop_fields"


class Filter(GlueTransform):
    """The records for which a function is true."""

    method = "filter"


class Map(GlueTransform):
    """The records that a function makes."""

    method = "map"


class RenameField(GlueTransform):
    """One field under another name."""

    method = "rename_field"
    renamed: ClassVar[dict[str, str]] = {"old_name": "oldName", "new_name": "newName"}


class Repartition(GlueTransform):
    """Another number of partitions."""

    method = "repartition"


class SelectFields(GlueTransform):
    """Only some fields."""

    method = "select_fields"


class SplitFields(GlueTransform):
    """Two frames of some fields and of the others."""

    method = "split_fields"


class Relationalize(GlueTransform):
    """Not there yet."""

    method = "relationalize"


class ResolveChoice(GlueTransform):
    """Not there yet."""

    method = "resolveChoice"


class Spigot(GlueTransform):
    """Not there yet."""

    method = "spigot"


class SplitRows(GlueTransform):
    """Not there yet."""

    method = "split_rows"


class Unbox(GlueTransform):
    """Not there yet."""

    method = "unbox"


class UnnestFrame(GlueTransform):
    """Not there yet."""

    method = "unnest"


class Join:
    """The equality join of two frames."""

    @classmethod
    def apply(
        cls,
        frame1: DynamicFrame,
        frame2: DynamicFrame,
        keys1: Sequence[str],
        keys2: Sequence[str],
        **unused: Any,
    ) -> DynamicFrame:
        """Join `frame1` and `frame2` where `keys1` equal `keys2`."""
        return frame1.join(keys1, keys2, frame2)


class Union:
    """The records of two frames."""

    @classmethod
    def apply(cls, frame1: DynamicFrame, frame2: DynamicFrame, **unused: Any) -> DynamicFrame:
        """`frame1` and `frame2` together."""
        return frame1.union(frame2)


class DropNullFields:
    """All but the fields whose type is null: those without any value."""

    @classmethod
    def apply(cls, frame: DynamicFrame, **unused: Any) -> DynamicFrame:
        """Drop them."""
        empty = [field.name for field in frame.schema().fields if field.dataType.typeName() == "void"]
        return frame.drop_fields([f"`{name}`" for name in empty])


class SelectFromCollection:
    """One frame of a collection."""

    @classmethod
    def apply(cls, dfc: DynamicFrameCollection, key: str, **unused: Any) -> DynamicFrame:
        """The frame called `key`."""
        return dfc.select(key)


class MapToCollection:
    """A function applied to each frame of a collection."""

    @classmethod
    def apply(cls, dfc: DynamicFrameCollection, callable: Any, **unused: Any) -> DynamicFrameCollection:
        """The collection of what `callable` makes."""
        return dfc.map(callable)


class FlatMap:
    """Not there yet."""

    @classmethod
    def apply(cls, *arguments: Any, **named: Any) -> NoReturn:
        """Not there yet."""
        raise not_there("the transform FlatMap")


class ErrorsAsDynamicFrame(FlatMap):
    """Not there yet."""
