"""Job runs: the operations that start, show and stop them.

`start` is also what triggers use, in this process.
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.jobs.arguments import merged
from local_aws.glue.jobs.definitions import CAPACITY, capacity, checked_timeout
from local_aws.glue.jobs.runner import JobRunner
from local_aws.glue.jobs.runs import UNFINISHED, Job, JobRun, RunStore, new_run_id, now

Request = dict[str, Any]
Answer = dict[str, Any]
MOST_RUNS = 200
TOO_MANY = "ConcurrentRunsExceededException"
OF_ACTION = ("JobName", "Arguments", "Timeout", "SecurityConfiguration", "NotificationProperty")
"""The members of a trigger's action that a StartJobRun has too."""
LOG_GROUPS = {"glueetl": "/aws-glue/jobs", "pythonshell": "/aws-glue/python-jobs"}


class JobRuns:
    """StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun."""

    def __init__(self, runs: RunStore, runner: JobRunner) -> None:
        self._runs = runs
        self._runner = runner
        for run in runs.fail_unfinished():
            self._retry(run)
        runner.listeners.append(self._retry)

    def under_way(self) -> list[str]:
        """The runs under way."""
        return self._runner.under_way()

    def close(self) -> None:
        """Stop the runs under way."""
        self._runner.close()

    def start_job_run(self, request: Request, caller: Caller) -> Answer:
        """Start a run."""
        return {"JobRunId": self.start(request)["Id"]}

    def start(self, request: Request, **members: Any) -> JobRun:
        """Start a run as `request`, a StartJobRun, says; `members` are added to the run.

        Raises:
            AwsError: EntityNotFoundException, ConcurrentRunsExceededException, InvalidInputException.
        """
        job = self._runs.job(request["JobName"])
        if job is None:
            raise not_found("Failed to start job run due to missing metadata.")
        previous = request.get("JobRunId")
        if previous:
            before = self._runs.run(previous, job["Name"])
            request = {"Arguments": before.get("Arguments"), **request}
            members = {"PreviousRunId": previous, "Attempt": before["Attempt"] + 1, **members}
        run = _new_run(job, request) | members
        with self._runs.database.write():
            if self._runs.unfinished(job["Name"]) >= job["ExecutionProperty"]["MaxConcurrentRuns"]:
                raise AwsError(TOO_MANY, f"Concurrent runs exceeded for {job['Name']}")
            self._runs.add_run(run)
        arguments = merged(
            job.get("DefaultArguments"), run.get("Arguments"), job.get("NonOverridableArguments")
        )
        self._runner.start(job, self._runs.job_id(job["Name"]), run, arguments)
        return run

    def start_by_trigger(self, action: Request, trigger: str, **members: Any) -> JobRun:
        """Start the run of a trigger's action. Above the limit of runs there is a FAILED one, as on AWS.

        `members` are added to the run.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException.
        """
        request = {name: action[name] for name in OF_ACTION if name in action}
        members["TriggerName"] = trigger
        try:
            return self.start(request, **members)
        except AwsError as error:
            job = self._runs.job(action["JobName"])
            if error.code != TOO_MANY or job is None:
                raise
            end = {"JobRunState": "FAILED", "CompletedOn": now(), "ErrorMessage": error.message}
            run = _new_run(job, request) | members | end
            self._runs.add_run(run)
            return run

    def attempts(self, first: str) -> list[JobRun]:
        """The run of an id with its retries, in their order; nothing when there is none."""
        return self._runs.attempts(first)

    def will_be_retried(self, run: JobRun) -> bool:
        """Whether a run that ended has another attempt to come."""
        job = self._runs.job(run["JobName"])
        return job is not None and run["JobRunState"] == "FAILED" and run["Attempt"] < job["MaxRetries"]

    def get_job_run(self, request: Request, caller: Caller) -> Answer:
        """Show a run."""
        return {"JobRun": self._runs.run(request["RunId"], request["JobName"])}

    def get_job_runs(self, request: Request, caller: Caller) -> Answer:
        """Show a job's runs, the newest first."""
        name = request["JobName"]
        if self._runs.job(name) is None:
            raise not_found(f"Job {name} not found.")
        limit = limit_of(request, MOST_RUNS)
        found = self._runs.runs(name, after(request, int), limit + 1)
        some, token = page(found, limit, lambda numbered: numbered[0])
        return {"JobRuns": [run for _, run in some], **token}

    def batch_stop_job_run(self, request: Request, caller: Caller) -> Answer:
        """Stop runs; each that cannot be stopped is told with its reason."""
        name, stopped, errors = request["JobName"], [], []
        for run_id in request["JobRunIds"]:
            entry = {"JobName": name, "JobRunId": run_id}
            try:
                self.stop(name, run_id)
                stopped.append(entry)
            except AwsError as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                errors.append({**entry, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": errors}

    def stop(self, job_name: str, run_id: str) -> None:
        """Stop a run.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException, it has ended.
        """
        state = self._runs.run(run_id, job_name)["JobRunState"]
        if state not in UNFINISHED:
            raise AwsError("InvalidInputException", f"Job run {run_id} is in terminal state {state}.")
        self._runs.change_run(run_id, JobRunState="STOPPING")
        self._runner.stop(run_id)

    def _retry(self, run: JobRun) -> None:
        """Start the next attempt of a failed run while its job has retries left."""
        if not self.will_be_retried(run):
            return
        first = first_attempt(run["Id"])
        attempt = run["Attempt"] + 1
        request = {"JobName": run["JobName"], "Arguments": run["Arguments"], "Timeout": run["Timeout"]}
        kept = {name: run[name] for name in ("TriggerName", "PredecessorRuns") if name in run}
        members = {"Id": f"{first}_attempt_{attempt}", "Attempt": attempt, "PreviousRunId": run["Id"]}
        self.start(request, **members, **kept)


def first_attempt(run_id: str) -> str:
    """The id of the run that a run is a retry of, or its own."""
    return run_id.split("_attempt_")[0]


def _new_run(job: Job, request: Request) -> JobRun:
    """A run in its first state, with the job's settings where `request` has none of its own."""
    is_spark = job["Command"]["Name"] == "glueetl"
    own_capacity = any(request.get(name) for name in CAPACITY)
    started = now()
    run = {
        "Id": new_run_id(),
        "Attempt": 0,
        "JobName": job["Name"],
        "JobMode": job["JobMode"],
        "StartedOn": started,
        "LastModifiedOn": started,
        "JobRunState": "STARTING",
        "Arguments": request.get("Arguments") or {},
        "PredecessorRuns": [],
        "ExecutionTime": 0,
        "Timeout": checked_timeout(request.get("Timeout"), job["Timeout"]),
        "LogGroupName": LOG_GROUPS[job["Command"]["Name"]],
    }
    for member in ("GlueVersion", "ExecutionClass", "SecurityConfiguration", "NotificationProperty"):
        value = request.get(member) or job.get(member)
        if value:
            run[member] = value
    if own_capacity:
        return run | capacity(request, is_spark=is_spark)
    return run | {member: job[member] for member in CAPACITY if member in job}
