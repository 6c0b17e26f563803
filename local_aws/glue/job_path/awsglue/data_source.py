# ruff: noqa: N802 - the names are AWS's
"""A source from `GlueContext.getSource`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DataSource:
    """What `getSource` was told, read when a frame is asked for."""

    def __init__(
        self,
        glue_context: Any,
        connection_type: str,
        format_name: str | None,
        transformation_ctx: str,
        push_down_predicate: str,
        options: Mapping[str, Any],
    ) -> None:
        self._glue_context = glue_context
        self._connection_type, self._format = connection_type, format_name
        self._transformation_ctx, self._predicate = transformation_ctx, push_down_predicate
        self._options = dict(options)
        self._format_options: dict[str, Any] = {}

    def setFormat(self, format: str, **options: Any) -> None:
        """Say the format and its options."""
        self._format, self._format_options = format, options

    def getFrame(self, **options: Any) -> Any:
        """The records."""
        return self._glue_context.create_dynamic_frame_from_options(
            self._connection_type, {**self._options, **options}, self._format, self._format_options,
            self._transformation_ctx, self._predicate,
        )  # fmt: skip

    def getSampleFrame(self, **options: Any) -> list[Any]:
        """The first hundred records."""
        frame = self.getFrame(**options)
        found: list[Any] = frame.toDF().take(100)
        return found
