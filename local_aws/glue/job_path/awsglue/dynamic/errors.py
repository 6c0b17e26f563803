"""Error records: what a source could not read or a function could not do, kept beside the good records.

Each transformation of a frame adds a stage; a frame has its own and those of the frames before it. Nothing
is counted before someone asks, unless a threshold says how many errors are too many.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark import RDD

from awsglue import gluetypes as glue

Error = dict[str, Any]
HERE = Path(__file__).parent.parent
TEXT = glue.StringType()
SCHEMA = glue.StructType(
    [
        glue.Field(
            "error",
            glue.StructType(
                [
                    glue.Field(
                        "callsite", glue.StructType([glue.Field("site", TEXT), glue.Field("info", TEXT)])
                    ),
                    glue.Field("msg", TEXT),
                    glue.Field("stackTrace", glue.ArrayType(TEXT), optional=True),
                    glue.Field("input", TEXT, optional=True),
                    glue.Field("bytesread", glue.IntegerType(), optional=True),
                    glue.Field("source", TEXT, optional=True),
                    glue.Field("dynamicRecord", glue.StructType(), optional=True),
                ]
            ),
        )
    ]
)
"""Where each part is in `errorsAsDynamicFrame`; `dynamicRecord` is the record as it was."""


class TooManyErrors(Exception):
    """A transformation's errors reached a threshold of it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The errors of one transformation, and how many of them, or of all so far, are too many (0: never)."""

    errors: Callable[[], RDD[Error]] | None = None
    stage_threshold: int = 0
    total_threshold: int = 0

    def count(self) -> int:
        """How many errors there are; takes a pass over the transformation's input."""
        return self.errors().count() if self.errors is not None else 0


def call_site() -> str:
    """Where a script called Glue: its file's name, line and function."""
    outside = [one for one in traceback.extract_stack() if HERE not in Path(one.filename).parents]
    if not outside:
        return ""
    return f'File "{Path(outside[-1].filename).name}", line {outside[-1].lineno}, in {outside[-1].name}'


def of_exception(error: BaseException, record: Any, site: str, info: str) -> Error:
    """The error record of a function that raised `error` at `record`."""
    trace = [
        f'File "{Path(one.filename).name}", line {one.lineno}, in {one.name}'
        for one in traceback.extract_tb(error.__traceback__)[1:]
    ]
    return of_message(str(error) or type(error).__name__, record, site, info, trace)


def of_message(message: str, record: Any, site: str, info: str, trace: list[str] | None = None) -> Error:
    """The error record of a function that gave something unusable for `record`."""
    error: Error = {"callsite": {"site": site, "info": info}, "msg": message}
    if trace is not None:
        error["stackTrace"] = trace
    error["dynamicRecord"] = record
    return {"error": error}


def of_text(message: str, text: str, source: str) -> Error:
    """The error record of a line that is no record."""
    place = {"site": "", "info": ""}
    size = len(text.encode("utf-8", "replace"))
    return {"error": {"callsite": place, "msg": message, "input": text, "bytesread": size, "source": source}}


def check(stages: tuple[Stage, ...]) -> None:
    """Raise TooManyErrors when a threshold is reached; without thresholds nothing is counted."""
    total = 0
    last = max((at for at, stage in enumerate(stages) if _limits(stage)), default=-1)
    for stage in stages[: last + 1]:
        count = stage.count()
        total += count
        for name, limit, reached in (
            ("stageThreshold", stage.stage_threshold, count),
            ("totalThreshold", stage.total_threshold, total),
        ):
            if 0 < limit <= reached:
                raise TooManyErrors(f"{reached} error records reach the {name} of {limit}")


def _limits(stage: Stage) -> bool:
    return stage.stage_threshold > 0 or stage.total_threshold > 0
