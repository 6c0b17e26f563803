# ruff: noqa: N802 - the names are AWS's
"""What every operation of a DynamicFrame builds on: its data, its errors, and frames made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

from pyspark.sql import DataFrame

from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic import errors
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Stage

Paths = Sequence[str] | str


class FrameBase:
    """Records, and the errors of making them."""

    def __init__(
        self, jdf: DataFrame | Data, glue_ctx: Any, name: str = "", stages: tuple[Stage, ...] = ()
    ) -> None:
        self._data = jdf if isinstance(jdf, Data) else Data.of_columns(Columns.of(jdf))
        self._stages = stages or (Stage(),)
        self.glue_ctx = glue_ctx
        self.name = name

    def _checked(self) -> Data:
        """The data, for an action; raises when errors have reached a threshold."""
        self.assertErrorThreshold()
        return self._data

    def _of(self, data: Data, stage: Stage | None = None) -> Self:
        return type(self)(data, self.glue_ctx, self.name, (*self._stages, stage or Stage()))

    def _by(
        self,
        change: Callable[[Columns], Columns],
        stage_threshold: int = 0,
        total_threshold: int = 0,
    ) -> Self:
        """The frame of what `change` makes of the columns: at once, or when they are asked for."""
        data, stage = self._data, Stage(None, stage_threshold, total_threshold)
        if data.is_ready:
            return self._of(Data.of_columns(change(data.columns)), stage)
        return self._of(Data(lambda: change(data.columns)), stage)

    def _same(self, change: Callable[[Any], Any], stage_threshold: int, total_threshold: int) -> Self:
        """The same records after something that Spark calls alike for records and columns."""
        data, stage = self._data, Stage(None, stage_threshold, total_threshold)
        if data.has_records:
            spark = self.glue_ctx.spark_session
            return self._of(Data.of_records(spark, change(data.records), data.hint), stage)
        columns = data.columns
        return self._of(Data.of_columns(Columns(change(columns.frame), columns.schema)), stage)

    def _with_other(
        self, data: Data, other: FrameBase, stage_threshold: int, total_threshold: int, name: str
    ) -> Self:
        stages = (*self._stages, *other._stages, Stage(None, stage_threshold, total_threshold))
        return type(self)(data, self.glue_ctx, name, stages)

    def _pair(self, one: Any, two: Any, name1: str, name2: str) -> DynamicFrameCollection:
        one.name, two.name = name1, name2
        return DynamicFrameCollection({name1: one, name2: two}, self.glue_ctx)

    def assertErrorThreshold(self) -> None:
        """Raise when errors have reached a threshold of a transformation so far."""
        errors.check(self._stages)


def as_list(paths: Paths) -> list[str]:
    """One path or several as several."""
    return [paths] if isinstance(paths, str) else list(paths)
