"""The Glue versions that are accepted, and what AWS would run them on.

Laguna runs every job on the Spark and Python of Glue 5.1; a job of another accepted version is told so in
its log. https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError

DEFAULT = "5.1"
SPARK_HERE = "Spark 3.5.6"
SPARK_ON_AWS = {
    "3.0": "Spark 3.1.1 and Python 3.7",
    "4.0": "Spark 3.3.0 and Python 3.10",
    "5.0": "Spark 3.5.4 and Python 3.11",
    "5.1": "Spark 3.5.6 and Python 3.11",
}
REFUSED = {
    "0.9": "Spark 2.2",
    "1.0": "Spark 2.4",
    "2.0": "Spark 2.4",
    "6.0": "Spark 4.1 and Python 3.13",
}
TIMEOUT_MINUTES = {"3.0": 2880, "4.0": 2880, "5.0": 480, "5.1": 480}
"""A run's timeout when neither run nor job says one."""
PYTHON_SHELL_TIMEOUT = 2880


def check_version(version: str) -> None:
    """Accept a version of a Spark job.

    Raises:
        AwsError: InvalidInputException, there is no such version; NotImplemented, it cannot be run here.
    """
    if version in REFUSED:
        why = f"Glue {version} is {REFUSED[version]}; Laguna runs {SPARK_HERE} (Glue {DEFAULT})."
        raise AwsError("NotImplemented", f"Laguna does not run GlueVersion {version}: {why}", 501)
    if version not in SPARK_ON_AWS:
        raise AwsError("InvalidInputException", f"Glue version {version} is not supported.")


def notes_on_versions(job: dict[str, Any]) -> list[str]:
    """What a run's log says when AWS would run the job on something else."""
    version = job.get("GlueVersion", DEFAULT)
    on_aws = SPARK_ON_AWS.get(version)
    if job["Command"]["Name"] != "glueetl" or version == DEFAULT or on_aws is None:
        return []
    return [f"this job is of Glue {version}, which is {on_aws} on AWS; here it runs on {SPARK_HERE}."]
