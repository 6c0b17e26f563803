"""Transforms as classes with `apply`, as scripts write them: `ApplyMapping.apply(frame=…, mappings=…)`."""

from __future__ import annotations

import json

from awsglue.transforms.collection_transforms import FlatMap, MapToCollection, SelectFromCollection
from awsglue.transforms.field_transforms import (
    ApplyMapping,
    DropFields,
    DropNullFields,
    RenameField,
    ResolveChoice,
    SelectFields,
    SplitFields,
    Unbox,
)
from awsglue.transforms.row_transforms import (
    Coalesce,
    ErrorsAsDynamicFrame,
    Filter,
    Join,
    Map,
    Relationalize,
    Repartition,
    Spigot,
    SplitRows,
    Union,
    UnnestFrame,
)
from awsglue.transforms.transform import GlueTransform

ALL_TRANSFORMS = (
    ApplyMapping, Coalesce, DropFields, DropNullFields, ErrorsAsDynamicFrame, Filter, FlatMap, Join, Map,
    MapToCollection, Relationalize, RenameField, Repartition, ResolveChoice, SelectFields,
    SelectFromCollection, Spigot, SplitFields, SplitRows, Unbox, Union, UnnestFrame,
)  # fmt: skip

__all__ = [
    "ApplyMapping", "Coalesce", "DropFields", "DropNullFields", "ErrorsAsDynamicFrame", "Filter", "FlatMap",
    "GlueTransform", "Join", "Map", "MapToCollection", "Relationalize", "RenameField", "Repartition",
    "ResolveChoice", "SelectFields", "SelectFromCollection", "Spigot", "SplitFields", "SplitRows", "Unbox",
    "Union", "UnnestFrame",
]  # fmt: skip


def get_transforms() -> set[GlueTransform]:
    """One object of each transform."""
    return {transform() for transform in ALL_TRANSFORMS}


def get_transform(name: str) -> GlueTransform | None:
    """The transform of that name in any case; None when there is none."""
    return next((one for one in get_transforms() if one.name().lower() == name.lower()), None)


def describe_transform(name: str) -> str:
    """The description of a transform, as JSON."""
    transform = get_transform(name)
    return json.dumps(transform.describe() if transform else {}, sort_keys=True, indent=4)
