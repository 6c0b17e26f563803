"""What a job definition must be, and the definition that Glue keeps of what was sent.

Pure: a request goes in, the job as `GetJob` shows it comes out.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html
"""

from __future__ import annotations

import re
from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.jobs.versions import DEFAULT, PYTHON_SHELL_TIMEOUT, TIMEOUT_MINUTES, check_version

Document = dict[str, Any]

ROLE = re.compile(r"(arn:aws[a-z-]*:iam::\d{12}:role/)?[\w+=,.@/-]+")
SCRIPT = re.compile(r"s3a?://[^/]+/.+")
WORKER_DPUS = {
    "G.025X": 0.25, "Standard": 1.0, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0, "G.12X": 12.0,
    "G.16X": 16.0, "R.1X": 1.0, "R.2X": 2.0, "R.4X": 4.0, "R.8X": 8.0,
}  # fmt: skip
DEFAULT_WORKERS = 10
MOST_MINUTES = 10080
NOT_RUN = {
    "gluestreaming": "streaming jobs",
    "glueray": "Ray jobs",
}
NOT_KEPT = {
    "CodeGenConfigurationNodes": "visual jobs",
    "SourceControlDetails": "jobs from source control",
}
CAPACITY = ("WorkerType", "NumberOfWorkers", "MaxCapacity", "AllocatedCapacity")


def job_definition(request: Document) -> Document:
    """The job that a CreateJob (or the JobUpdate of an UpdateJob) describes, with Glue's defaults.

    Raises:
        AwsError: InvalidInputException; NotImplemented for kinds of jobs that are not there.
    """
    job = {name: value for name, value in request.items() if name != "Tags"}
    job["Command"] = _command(request.get("Command") or {})
    _check_role(request.get("Role", ""))
    for member, what in NOT_KEPT.items():
        if request.get(member):
            raise _not_there(what, member)
    is_spark = job["Command"]["Name"] == "glueetl"
    if is_spark:
        job.setdefault("GlueVersion", DEFAULT)
        check_version(job["GlueVersion"])
    default_timeout = TIMEOUT_MINUTES[job["GlueVersion"]] if is_spark else PYTHON_SHELL_TIMEOUT
    job["Timeout"] = checked_timeout(job.get("Timeout"), default_timeout)
    job["MaxRetries"] = _between(job.get("MaxRetries", 0), 0, 10, "MaxRetries")
    runs = (job.get("ExecutionProperty") or {}).get("MaxConcurrentRuns", 1)
    job["ExecutionProperty"] = {"MaxConcurrentRuns": _between(runs, 1, 1000, "MaxConcurrentRuns")}
    job.setdefault("JobMode", "SCRIPT")
    job = execution_class(job, is_spark=is_spark)
    return job | capacity(request, is_spark=is_spark)


def execution_class(job: Document, *, is_spark: bool) -> Document:
    """A job, or the members of a run, with the execution class that Glue shows.

    Raises:
        AwsError: InvalidInputException, FLEX for what is not a Spark job.
    """
    wanted = job.get("ExecutionClass")
    if is_spark:
        return {**job, "ExecutionClass": wanted or "STANDARD"}
    if wanted == "FLEX":
        raise invalid("Execution class FLEX is only supported for job command glueetl.")
    return job


def capacity(request: Document, *, is_spark: bool) -> Document:
    """The capacity members that Glue shows for those of a request.

    Raises:
        AwsError: InvalidInputException, they contradict each other.
    """
    worker, workers = request.get("WorkerType"), request.get("NumberOfWorkers")
    most = request.get("MaxCapacity") or float(request.get("AllocatedCapacity") or 0) or None
    if most is not None and (worker or workers):
        raise invalid("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if not is_spark:
        return _python_shell_capacity(worker, workers, most)
    if most is not None:
        if most < 1:
            raise invalid(f"MaxCapacity of a Spark job is at least 1 DPU, not {most:g}.")
        return {"MaxCapacity": most, "AllocatedCapacity": int(most)}
    if (worker is None) != (workers is None):
        raise invalid("Please set both Worker Type and Number of Workers.")
    worker, workers = worker or "G.1X", workers or DEFAULT_WORKERS
    if worker not in WORKER_DPUS:
        raise invalid(f"Worker Type {worker} is not supported.")
    _between(workers, 1, 299, "Number of Workers")
    dpus = WORKER_DPUS[worker] * workers
    return {
        "WorkerType": worker, "NumberOfWorkers": workers, "MaxCapacity": dpus, "AllocatedCapacity": int(dpus)
    }  # fmt: skip


def checked_timeout(minutes: int | None, default: int) -> int:
    """A timeout in minutes.

    Raises:
        AwsError: InvalidInputException, it is not from 1 to 10080.
    """
    return _between(default if minutes is None else minutes, 1, MOST_MINUTES, "Timeout")


def _command(command: Document) -> Document:
    name = command.get("Name")
    if name in NOT_RUN:
        raise _not_there(NOT_RUN[name], f"Command.Name {name}")
    if name not in ("glueetl", "pythonshell"):
        raise invalid(f"Job command name {name} is not supported.")
    if not SCRIPT.fullmatch(command.get("ScriptLocation") or ""):
        raise invalid(f"Command.ScriptLocation '{command.get('ScriptLocation', '')}' is not an S3 location.")
    return {"PythonVersion": "3.9" if name == "pythonshell" else "3", **command}


def _python_shell_capacity(worker: str | None, workers: int | None, most: float | None) -> Document:
    if worker or workers:
        raise invalid("Worker Type and Number of Workers are not supported for job command pythonshell.")
    most = most or 0.0625
    if most not in (0.0625, 1.0):
        raise invalid(f"MaxCapacity of a Python shell job is 0.0625 or 1, not {most:g}.")
    return {"MaxCapacity": most, "AllocatedCapacity": int(most)}


def _check_role(role: str) -> None:
    if not ROLE.fullmatch(role):
        raise invalid(f"Role '{role}' is neither the name nor the ARN of an IAM role.")


def _between(value: int, least: int, most: int, what: str) -> int:
    if not least <= value <= most:
        raise invalid(f"{what} must be from {least} to {most}, not {value}.")
    return value


def _not_there(what: str, member: str) -> AwsError:
    return AwsError("NotImplemented", f"Laguna does not run {what} ({member}).", 501)
