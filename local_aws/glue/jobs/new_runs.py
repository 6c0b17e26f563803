"""What a job run is at its start: the request's settings, else the job's, as `GetJobRun` shows them.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html (November 2026).
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.jobs.definitions import CAPACITY, WORKER_DPUS, capacity, checked_timeout, execution_class
from local_aws.glue.jobs.runs import Job, JobRun, new_run_id, now

Request = dict[str, Any]
LOG_GROUPS = {"glueetl": "/aws-glue/jobs", "pythonshell": "/aws-glue/python-jobs"}
INHERITED = (
    "GlueVersion", "ExecutionClass", "SecurityConfiguration", "NotificationProperty", "MaintenanceWindow",
)  # fmt: skip


def new_run(job: Job, request: Request) -> JobRun:
    """A run in its first state, with the job's settings where `request` has none of its own.

    Raises:
        AwsError: InvalidInputException; NotImplemented, a session policy, which would restrict nothing.
    """
    if request.get("ExecutionRoleSessionPolicy"):
        raise AwsError("NotImplemented", "Laguna does not implement ExecutionRoleSessionPolicy.", 501)
    is_spark = job["Command"]["Name"] == "glueetl"
    own_capacity = any(request.get(name) for name in CAPACITY)
    started = now()
    run = {
        "Id": new_run_id(),
        "Attempt": 0,
        "JobName": job["Name"],
        "JobMode": job["JobMode"],
        "JobRunQueuingEnabled": _given(request, job, "JobRunQueuingEnabled") or False,
        "StartedOn": started,
        "LastModifiedOn": started,
        "JobRunState": "STARTING",
        "Arguments": request.get("Arguments") or {},
        "PredecessorRuns": [],
        "ExecutionTime": 0,
        "Timeout": checked_timeout(request.get("Timeout"), job["Timeout"]),
        "LogGroupName": LOG_GROUPS[job["Command"]["Name"]],
    }
    for member in INHERITED:
        value = request.get(member) or job.get(member)
        if value:
            run[member] = value
    run = execution_class(run, is_spark=is_spark)
    if own_capacity:
        return run | capacity(request, is_spark=is_spark)
    return run | {member: job[member] for member in CAPACITY if member in job}


def dpu_seconds(run: JobRun, scales: bool, seconds: int) -> dict[str, float]:
    """`DPUSeconds`, which a run of class FLEX has, and one that scales its workers."""
    if run.get("ExecutionClass") != "FLEX" and not scales:
        return {}
    dpus = WORKER_DPUS.get(run.get("WorkerType", ""), 0.0) * run.get("NumberOfWorkers", 0)
    return {"DPUSeconds": float(seconds) * (dpus or run["MaxCapacity"])}


def _given(request: Request, job: Job, member: str) -> Any:
    """A member of the request, also when it is false, else the job's."""
    value = request.get(member)
    return job.get(member) if value is None else value
