"""DynamicFrameCollection: several frames by name, as transforms that split a frame give.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame-collection.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence, ValuesView
from typing import TYPE_CHECKING, Any

from pyspark.sql.types import StructType

if TYPE_CHECKING:
    from awsglue.dynamicframe import DynamicFrame


class DynamicFrameCollection:
    """DynamicFrames by name: a dict of them, or a list of frames that have names."""

    def __init__(
        self, dynamic_frames: Mapping[str, DynamicFrame] | Sequence[DynamicFrame], glue_ctx: Any
    ) -> None:
        if isinstance(dynamic_frames, Mapping):
            self._frames = dict(dynamic_frames)
        elif isinstance(dynamic_frames, Sequence):
            self._frames = {frame.name: frame for frame in dynamic_frames}
        else:
            raise TypeError("dynamic_frames must be list or dict.")
        self.glue_ctx = glue_ctx

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._frames.keys()

    def values(self) -> ValuesView[DynamicFrame]:
        """The frames."""
        return self._frames.values()

    def select(self, key: str, transformation_ctx: str = "") -> DynamicFrame:
        """The frame of one name; an empty one for a name that is not there, as relationalize leaves."""
        if key in self._frames:
            return self._frames[key]
        from awsglue.dynamicframe import DynamicFrame

        nothing = self.glue_ctx.spark_session.createDataFrame([], StructType())
        return DynamicFrame(nothing, self.glue_ctx, key)

    def map(
        self, callable: Callable[[DynamicFrame, str], DynamicFrame], transformation_ctx: str = ""
    ) -> DynamicFrameCollection:
        """A collection of what `callable(frame, context)` makes of each frame."""
        from awsglue.dynamicframe import DynamicFrame

        made = {}
        for name, frame in self._frames.items():
            made[name] = callable(frame, f"{transformation_ctx}:{name}")
            if not isinstance(made[name], DynamicFrame):
                raise TypeError(f"callable must return a DynamicFrame. Got {type(made[name])}")
        return DynamicFrameCollection(made, self.glue_ctx)

    def flatmap(
        self,
        f: Callable[[DynamicFrame, str], DynamicFrame | DynamicFrameCollection],
        transformation_ctx: str = "",
    ) -> DynamicFrameCollection:
        """A collection of the frames that `f(frame, context)` makes of each frame, one or several."""
        from awsglue.dynamicframe import DynamicFrame

        made: dict[str, DynamicFrame] = {}
        for frame in self._frames.values():
            result = f(frame, f"{transformation_ctx}:{frame.name}")
            if isinstance(result, DynamicFrame):
                made[result.name] = result
            elif isinstance(result, DynamicFrameCollection):
                made.update(result._frames)
            else:
                raise TypeError(
                    "Function argument to flatmap must return DynamicFrame or DynamicFrameCollection."
                    f" Got {type(result)}"
                )
        return DynamicFrameCollection(made, self.glue_ctx)
