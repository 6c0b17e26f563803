"""Glue jobs: definitions and runs, carried out by real Spark in processes of their own."""

from __future__ import annotations

from local_aws.glue.catalog import Tags
from local_aws.glue.jobs.bookmark_store import BookmarkStore
from local_aws.glue.jobs.bookmarks import Bookmarks
from local_aws.glue.jobs.job_runs import JobRuns
from local_aws.glue.jobs.jobs import Jobs
from local_aws.glue.jobs.runner import JobRunner
from local_aws.glue.jobs.runs import RunStore
from local_aws.identity.role_sessions import RoleSessions
from local_aws.s3.store import ObjectStore
from local_aws.settings import Settings
from local_aws.spark import WarmSpark

__all__ = ["Bookmarks", "JobRunner", "JobRuns", "Jobs", "RunStore", "make_jobs"]


def make_jobs(
    settings: Settings, region: str, store: ObjectStore, spark: WarmSpark, tags: Tags, roles: RoleSessions
) -> tuple[RunStore, Jobs, JobRuns, Bookmarks, JobRunner]:
    """One region's runs, the parts with the operations of jobs, and the runner to listen to."""
    runs = RunStore(settings, region)
    bookmarks = BookmarkStore(runs.database)
    runner = JobRunner(settings, region, store, runs, bookmarks, spark, roles)
    return runs, Jobs(runs, tags), JobRuns(runs, runner), Bookmarks(bookmarks), runner
