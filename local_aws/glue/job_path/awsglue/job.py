# ruff: noqa: N802 - the names are AWS's
"""The begin and end of a job, as a script tells them to Glue.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-context-job.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsglue.utils import DISABLED


class Job:
    """One job run. Without bookmarks there is nothing to load at `init` and nothing to save at `commit`."""

    _name: str | None = None

    def __init__(self, glue_context: Any) -> None:
        self.glue_context = glue_context

    @classmethod
    def init(cls, job_name: str, args: Mapping[str, Any] | None = None) -> None:
        """Begin.

        Raises:
            NotImplementedError: `args` switch bookmarks on, which are not there yet.
        """
        option = (args or {}).get("job_bookmark_option") or DISABLED
        if option != DISABLED:
            raise NotImplementedError(
                f"Laguna's Glue has no job bookmarks yet: --job-bookmark-option {option}"
            )
        cls._name = job_name

    @classmethod
    def isInitialized(cls) -> bool:
        """Whether `init` was called."""
        return cls._name is not None

    @classmethod
    def commit(cls) -> None:
        """End the unit of work that `init` began.

        Raises:
            RuntimeError: `init` was not called.
        """
        if cls._name is None:
            raise RuntimeError("Job.commit was called before Job.init")
