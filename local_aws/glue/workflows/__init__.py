"""Workflows, which run triggers with their jobs and crawlers together, and the triggers themselves."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog import Tags
from local_aws.glue.crawlers.triggered import TriggeredCrawls
from local_aws.glue.jobs import JobRunner, JobRuns
from local_aws.glue.jobs.runs import JobRun
from local_aws.glue.triggers.firing import Firing
from local_aws.glue.triggers.store import TriggerStore
from local_aws.glue.triggers.triggers import Triggers
from local_aws.glue.workflows.conductor import Conductor
from local_aws.glue.workflows.runs import WorkflowRuns
from local_aws.glue.workflows.showing import RunView
from local_aws.glue.workflows.store import WorkflowRunStore
from local_aws.glue.workflows.workflows import Workflows
from local_aws.storage.sqlite import Database

__all__ = ["trigger_parts"]


def trigger_parts(
    database: Database, job_runs: JobRuns, runner: JobRunner, crawls: TriggeredCrawls, tags: Tags
) -> tuple[Any, ...]:
    """The classes that together have the operations of triggers and workflows.

    Args:
        database: the one that jobs are in.
        job_runs: what starts job runs.
        runner: what tells of their end.
        crawls: starts crawls and tells of their end.
        tags: of the region's Glue.
    """
    store, run_store = TriggerStore(database), WorkflowRunStore(database)
    conductor = Conductor(run_store, job_runs, crawls)
    view = RunView(run_store, job_runs, crawls)
    workflow_runs = WorkflowRuns(store, run_store, conductor, view)
    firing = Firing(store, job_runs, crawls, workflow_runs.start_by_schedule)

    # What a workflow has started fires its own triggers only.
    def after_job_run(run: JobRun) -> None:
        if not conductor.closed and not conductor.after_job_run(run):
            firing.after_job_run(run)

    def after_crawl(crawl_id: str, name: str, state: str, trigger: str | None) -> None:
        if conductor.closed:
            return
        if not conductor.after_crawl(crawl_id, state) and trigger is not None:
            firing.after_crawl(name, state)

    runner.listeners.append(after_job_run)
    crawls.add_listener(after_crawl)
    conductor.resume_all()
    firing.start_clock()
    return Triggers(store, firing, workflow_runs.start, tags), Workflows(store, view, tags), workflow_runs
