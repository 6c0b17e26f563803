"""Job runs: the operations that start, show and stop them.

`start` is also what triggers use, in this process.
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.security_configurations import check_security_configuration
from local_aws.glue.jobs.arguments import merged
from local_aws.glue.jobs.new_runs import new_run
from local_aws.glue.jobs.runner import JobRunner
from local_aws.glue.jobs.runs import UNFINISHED, Job, JobRun, RunStore, now

Request = dict[str, Any]
Answer = dict[str, Any]
MOST_RUNS = 200
TOO_MANY = "ConcurrentRunsExceededException"
OF_ACTION = ("JobName", "Arguments", "Timeout", "SecurityConfiguration", "NotificationProperty")
"""The members of a trigger's action that a StartJobRun has too."""
OF_ATTEMPT = (*OF_ACTION, "ExecutionClass", "JobRunQueuingEnabled")
"""The members of a run that its next attempt has too, beside its capacity."""
MOST_WAITING = 1000
"""Runs of a job that may wait: a bound of ours."""
WAITS = "The job has as many concurrent runs as it may have; this run begins when one of them ends."
BEGINS = {"JobRunState": "STARTING", "StateDetail": ""}


class JobRuns:
    """StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun."""

    def __init__(self, runs: RunStore, runner: JobRunner) -> None:
        self._runs = runs
        self._runner = runner
        self._closed = False
        for run in runs.fail_unfinished():
            self._retry(run)
        runner.listeners.append(self._retry)
        runner.listeners.append(lambda run: self._start_waiting(run["JobName"]))
        for name in runs.job_names():
            self._start_waiting(name)

    def under_way(self) -> list[str]:
        """The runs under way."""
        return self._runner.under_way()

    def close(self) -> None:
        """Stop the runs under way; those that wait do so until the server comes up again."""
        self._closed = True
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
        run = new_run(job, request) | members
        check_security_configuration(self._runs.database, run.get("SecurityConfiguration"))
        with self._runs.database.write():
            if self._is_full(job):
                waiting = len(self._runs.waiting(job["Name"]))
                if not run["JobRunQueuingEnabled"] or waiting >= MOST_WAITING:
                    raise AwsError(TOO_MANY, f"Concurrent runs exceeded for {job['Name']}")
                run |= {"JobRunState": "WAITING", "StateDetail": WAITS}
            self._runs.add_run(run)
        if run["JobRunState"] != "WAITING":
            self._carry_out(job, run)
        return run

    def _carry_out(self, job: Job, run: JobRun) -> None:
        arguments = merged(
            job.get("DefaultArguments"), run.get("Arguments"), job.get("NonOverridableArguments")
        )
        self._runner.start(job, self._runs.job_id(job["Name"]), run, arguments)

    def _is_full(self, job: Job) -> bool:
        most: int = job["ExecutionProperty"]["MaxConcurrentRuns"]
        return self._runs.unfinished(job["Name"]) >= most

    def _start_waiting(self, name: str) -> None:
        """Start the runs of a job that wait, the oldest first, while it may have more."""
        job = self._runs.job(name)
        while job is not None and not self._closed:
            with self._runs.database.write():
                waiting = [] if self._is_full(job) else self._runs.waiting(name)
                run = self._runs.change_run(waiting[0]["Id"], **BEGINS) if waiting else None
            if run is None:
                return
            self._carry_out(job, run)

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
            run = new_run(job, request) | members | end
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
        if state == "WAITING":
            ended = self._runs.change_run(run_id, JobRunState="STOPPED", CompletedOn=now())
            for listener in self._runner.listeners if ended else ():
                listener(ended or {})
            return
        self._runs.change_run(run_id, JobRunState="STOPPING")
        self._runner.stop(run_id)

    def _retry(self, run: JobRun) -> None:
        """Start the next attempt of a failed run while its job has retries left."""
        if not self.will_be_retried(run):
            return
        first = first_attempt(run["Id"])
        attempt = run["Attempt"] + 1
        own = (*OF_ATTEMPT, *(("WorkerType", "NumberOfWorkers") if "WorkerType" in run else ("MaxCapacity",)))
        request = {name: run[name] for name in own if name in run}
        kept = {name: run[name] for name in ("TriggerName", "PredecessorRuns") if name in run}
        members = {"Id": f"{first}_attempt_{attempt}", "Attempt": attempt, "PreviousRunId": run["Id"]}
        self.start(request, **members, **kept)


def first_attempt(run_id: str) -> str:
    """The id of the run that a run is a retry of, or its own."""
    return run_id.split("_attempt_")[0]
