# ruff: noqa: N802 - the names are AWS's
"""The begin and end of a job, as a script tells them to Glue.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-context-job.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import run_channel

from awsglue import bookmarks


class Job:
    """One job run: `init` loads its bookmark, and `commit` saves it."""

    _is_initialized = False

    def __init__(self, glue_context: Any) -> None:
        self.glue_context = glue_context

    @classmethod
    def init(cls, job_name: str, args: Mapping[str, Any] | None = None) -> None:
        """Begin. `args`, from `getResolvedOptions`, say whether and how the bookmark is used."""
        bookmarks.load(run_channel.channel, job_name, args or {})
        cls._is_initialized = True

    @classmethod
    def isInitialized(cls) -> bool:
        """Whether `init` was called."""
        return cls._is_initialized

    @classmethod
    def commit(cls) -> None:
        """End the unit of work that `init` began: what was read by a bookmark is read for good.

        Raises:
            RuntimeError: `init` was not called.
        """
        if not cls._is_initialized:
            raise RuntimeError("Job.commit was called before Job.init")
        if bookmarks.current is not None:
            bookmarks.current.commit()
