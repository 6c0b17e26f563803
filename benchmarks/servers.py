"""A private local AWS for a benchmark."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import S3Kind, Settings


@contextmanager
def running_server(s3: S3Kind = "folder", *, warm_spark: bool = True) -> Iterator[Settings]:
    """A server on a free port and an empty state, stopped and removed at the end; `s3` keeps its objects."""
    with tempfile.TemporaryDirectory() as state:
        settings = Settings(state=Path(state), port=free_port(), s3=s3, warm_spark=warm_spark)
        control.start(settings)
        try:
            yield settings
        finally:
            control.stop(settings)
