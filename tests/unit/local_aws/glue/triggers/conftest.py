"""Triggers are tested with the jobs they start."""

from tests.unit.local_aws.glue.jobs.conftest import glue

__all__ = ["glue"]
