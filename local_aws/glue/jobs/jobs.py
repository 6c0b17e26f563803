"""Job definitions: the operations that make, change and show them."""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog import Tags
from local_aws.glue.catalog.errors import already_exists, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.catalog.security_configurations import check_security_configuration
from local_aws.glue.jobs.definitions import job_definition
from local_aws.glue.jobs.runs import RunStore, now

Request = dict[str, Any]
Answer = dict[str, Any]
MOST_JOBS = 200


class Jobs:
    """CreateJob, UpdateJob, GetJob, GetJobs, BatchGetJobs, ListJobs, DeleteJob."""

    def __init__(self, runs: RunStore, tags: Tags) -> None:
        self._runs = runs
        self._tags = tags
        tags.add_kind("job", lambda name: runs.job(name) is not None)

    def create_job(self, request: Request, caller: Caller) -> Answer:
        """Keep a new job. The script is looked for when the job runs, as on AWS."""
        job = job_definition(request)
        check_security_configuration(self._runs.database, job.get("SecurityConfiguration"))
        with self._runs.database.write():
            if self._runs.job(job["Name"]) is not None:
                raise already_exists("Job")
            self._runs.put_job(job | {"CreatedOn": now(), "LastModifiedOn": now()})
        self._tags.put("job", job["Name"], request.get("Tags"))
        return {"Name": job["Name"]}

    def update_job(self, request: Request, caller: Caller) -> Answer:
        """Replace a job's whole definition, as AWS does: what the update leaves out is gone."""
        name = request["JobName"]
        with self._runs.database.write():
            before = self._require(name)
            job = job_definition({**request["JobUpdate"], "Name": name})
            check_security_configuration(self._runs.database, job.get("SecurityConfiguration"))
            self._runs.put_job(job | {"CreatedOn": before["CreatedOn"], "LastModifiedOn": now()})
        return {"JobName": name}

    def get_job(self, request: Request, caller: Caller) -> Answer:
        """Show a job."""
        return {"Job": self._require(request["JobName"])}

    def get_jobs(self, request: Request, caller: Caller) -> Answer:
        """Show jobs in the order of their names."""
        names, token = named_page(self._runs.job_names(), request, MOST_JOBS)
        return {"Jobs": [self._runs.job(name) for name in names], **token}

    def batch_get_jobs(self, request: Request, caller: Caller) -> Answer:
        """Show the jobs of a list of names, and name those that are not there."""
        found = {name: self._runs.job(name) for name in dict.fromkeys(request["JobNames"])}
        return {
            "Jobs": [job for job in found.values() if job is not None],
            "JobsNotFound": [name for name, job in found.items() if job is None],
        }

    def list_jobs(self, request: Request, caller: Caller) -> Answer:
        """Show the names of the jobs that have the given tags."""
        wanted = (request.get("Tags") or {}).items()
        names = [name for name in self._runs.job_names() if wanted <= self._tags.of("job", name).items()]
        some, token = named_page(names, request, MOST_JOBS)
        return {"JobNames": list(some), **token}

    def delete_job(self, request: Request, caller: Caller) -> Answer:
        """Delete a job with its runs; no error when there is none."""
        self._runs.delete_job(request["JobName"])
        self._tags.drop("job", request["JobName"])
        return {"JobName": request["JobName"]}

    def _require(self, name: str) -> dict[str, Any]:
        job = self._runs.job(name)
        if job is None:
            raise not_found(f"Job {name} not found.")
        return job
