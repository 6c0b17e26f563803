"""`arn:aws:states:::glue:startJobRun` and `.sync`.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html (checked 2026-11).
"""

from __future__ import annotations

from typing import Any

from local_aws.stepfunctions.tasks.optimised import OptimisedTask

SUCCEEDED = frozenset({"SUCCEEDED", "STOPPED"})
"""Whether AWS takes a stopped run for a failure is not known; LocalStack and moto do not."""

FAILED = frozenset({"FAILED", "TIMEOUT", "ERROR", "EXPIRED"})


class GlueTask(OptimisedTask):
    """The output of `.sync` is the job run itself."""

    service = "glue"
    error_prefix = "Glue"
    base_exception = "AWSGlueException"
    actions = frozenset({"startJobRun"})
    sync_action = "startJobRun"

    def output_of(self, request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The run's id and the job's name, which AWS copies from the request."""
        return {**answer, "JobName": request.get("JobName")}

    def poll(self, client: Any, submitted: dict[str, Any]) -> tuple[dict[str, Any], bool | None]:
        """The job run."""
        answer = client.get_job_run(JobName=submitted["JobName"], RunId=submitted["JobRunId"])
        run = {**answer["JobRun"], "JobName": submitted["JobName"]}
        state = run["JobRunState"]
        return run, True if state in SUCCEEDED else False if state in FAILED else None

    def cancel(self, client: Any, submitted: dict[str, Any]) -> None:
        """Stop the run."""
        client.batch_stop_job_run(JobName=submitted["JobName"], JobRunIds=[submitted["JobRunId"]])
