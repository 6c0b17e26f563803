"""Workflows are tested with jobs and crawls that end when the test says so."""

from tests.unit.local_aws.glue.jobs.conftest import glue

__all__ = ["glue"]
