"""Workflows and their runs as the API shows them, with statistics and graph."""

from __future__ import annotations

from collections import defaultdict

from local_aws.glue.crawlers.triggered import TriggeredCrawls
from local_aws.glue.jobs.job_runs import JobRuns
from local_aws.glue.workflows.graph import Node, graph
from local_aws.glue.workflows.progress import statistics
from local_aws.glue.workflows.store import Action, Document, WorkflowRunStore


class RunView:
    """Shows the workflow runs of one region with the job runs and crawls that belong to them."""

    def __init__(self, store: WorkflowRunStore, job_runs: JobRuns, crawls: TriggeredCrawls) -> None:
        self._store = store
        self._job_runs = job_runs
        self._crawls = crawls

    def last(self, workflow: str, *, with_graph: bool) -> Document:
        """`{"LastRun": …}`, or nothing when there was none."""
        runs = self._store.runs(workflow, None, 1)
        return {"LastRun": self.shown(runs[0][1], with_graph=with_graph)} if runs else {}

    def shown(self, run: Document, *, with_graph: bool) -> Document:
        """A run as GetWorkflowRun shows it."""
        triggers = self._store.triggers(run["WorkflowRunId"])
        details: dict[Node, list[Document]] = defaultdict(list)
        states = []
        for action in self._store.actions(run["WorkflowRunId"]):
            found = self._details(action)
            details[action.node] += found
            states.append(action.state or (found[-1].get("JobRunState") if found else None) or "RUNNING")
        shown = {**run, "Statistics": statistics(triggers, states)}
        return {**shown, "Graph": graph(run["Name"], triggers, details)} if with_graph else shown

    def _details(self, action: Action) -> list[Document]:
        """The attempts of a job run, or a crawl; nothing when these were deleted."""
        if action.body is not None:
            return [action.body]
        if action.node.kind == "JOB":
            return self._job_runs.attempts(action.target)
        crawl = self._crawls.crawl(action.target)
        return [crawl] if crawl is not None else []
