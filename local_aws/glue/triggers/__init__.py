"""Triggers that start jobs and crawlers, and the workflows they may belong to."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog import Tags
from local_aws.glue.jobs import JobRunner, JobRuns
from local_aws.glue.triggers.firing import Firing, StartCrawler
from local_aws.glue.triggers.store import TriggerStore
from local_aws.glue.triggers.triggers import Triggers
from local_aws.glue.triggers.workflows import Workflows
from local_aws.storage.sqlite import Database

__all__ = ["trigger_parts"]


def trigger_parts(
    database: Database, job_runs: JobRuns, runner: JobRunner, start_crawler: StartCrawler, tags: Tags
) -> tuple[Any, ...]:
    """The classes that together have the operations of triggers and workflows.

    Args:
        database: the one that jobs are in.
        job_runs: what starts job runs.
        runner: what tells of their end.
        start_crawler: starts the crawler of a name.
        tags: of the region's Glue.
    """
    store = TriggerStore(database)
    firing = Firing(store, job_runs, start_crawler)
    runner.listeners.append(firing.after_job_run)
    firing.start_clock()
    return Triggers(store, firing, tags), Workflows(store, tags)
