"""DynamicFrameCollection: several frames by name, as transforms that split a frame give.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame-collection.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsglue.dynamicframe import DynamicFrame


class DynamicFrameCollection:
    """DynamicFrames by name."""

    def __init__(self, dynamic_frames: Mapping[str, DynamicFrame], glue_ctx: Any) -> None:
        self._frames = dict(dynamic_frames)
        self.glue_ctx = glue_ctx

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def keys(self) -> list[str]:
        """The names."""
        return list(self._frames)

    def values(self) -> list[DynamicFrame]:
        """The frames."""
        return list(self._frames.values())

    def select(self, key: str) -> DynamicFrame:
        """The frame of one name; raises KeyError."""
        return self._frames[key]

    def map(self, callable: Callable[..., DynamicFrame], *unused: Any, **also: Any) -> DynamicFrameCollection:
        """A collection of what `callable(frame, context)` makes of each frame."""
        made = {name: callable(frame, "") for name, frame in self._frames.items()}
        return DynamicFrameCollection(made, self.glue_ctx)
