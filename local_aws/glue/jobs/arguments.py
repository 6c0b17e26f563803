"""Which arguments a run's script gets, and which Glue acts on itself.

A run's arguments win over the job's DefaultArguments, and NonOverridableArguments over both. The script
sees `--KEY value` pairs in `sys.argv`.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from local_aws.spark.properties import conf_arguments

Arguments = dict[str, str]

CONSUMED = frozenset(
    {
        "--class", "--conf", "--continuous-log-logGroup", "--custom-logGroup-prefix",
        "--customer-driver-env-vars", "--customer-executor-env-vars", "--enable-auto-scaling",
        "--enable-continuous-cloudwatch-log", "--enable-continuous-log-filter", "--enable-glue-datacatalog",
        "--enable-job-insights", "--enable-metrics", "--enable-observability-metrics",
        "--enable-s3-parquet-optimized-committer", "--enable-spark-ui", "--extra-files", "--extra-jars",
        "--extra-py-files", "--additional-python-modules", "--python-modules-installer-option",
        "--datalake-formats", "--job-language", "--scriptLocation", "--spark-event-logs-path",
        "--user-jars-first", "library-set",
    }
)  # fmt: skip
"""Arguments for Glue, which the script does not see."""

IGNORED = {
    "--enable-metrics": "no CloudWatch metrics are written",
    "--enable-observability-metrics": "no CloudWatch metrics are written",
    "--enable-spark-ui": "no Spark event logs are written",
    "--user-jars-first": "a run's own jars come after Spark's",
    "--enable-auto-scaling": "the number of workers changes nothing on one machine",
}
"""Arguments that change nothing here: said in the run's log, since no result depends on them."""

UNSUPPORTED = {
    "--python-virtual-env": "jobs run in Laguna's own Python environment",
    "--class": "Scala jobs are not supported",
}
"""Arguments without which the script would do something else: a run that has one fails."""

DATALAKE_FORMATS = ("iceberg", "delta")
OFF = ("", "false")


class Unsupported(Exception):
    """A run asks for something that Laguna does not have."""


def merged(
    default: Mapping[str, str] | None, run: Mapping[str, str] | None, fixed: Mapping[str, str] | None
) -> Arguments:
    """The arguments of a run, those of the later source winning."""
    return {**(default or {}), **(run or {}), **(fixed or {})}


def check_supported(arguments: Mapping[str, str]) -> None:
    """Refuse what would silently not happen, and settings that cannot be read.

    Raises:
        Unsupported: naming the argument.
    """
    for name, why in UNSUPPORTED.items():
        if arguments.get(name, "").lower() not in OFF:
            raise Unsupported(f"Laguna does not support the job argument {name}: {why}.")
    try:
        conf_arguments(arguments.get("--conf", ""))
    except ValueError as error:
        raise Unsupported(str(error)) from error
    datalake_formats(arguments)
    if arguments.get("--job-language", "python") != "python":
        raise Unsupported("Laguna does not support the job argument --job-language scala.")


def notes(arguments: Mapping[str, str]) -> list[str]:
    """What the run's log says of arguments that change nothing here."""
    return [
        f"{name} is ignored: {why}."
        for name, why in IGNORED.items()
        if name in arguments and arguments[name].lower() != "false"
    ]


def script_arguments(job_name: str, run_id: str, job_id: str, arguments: Mapping[str, str]) -> list[str]:
    """`sys.argv[1:]` of the script."""
    seen = {
        "--job-bookmark-option": "job-bookmark-disable",
        "--JOB_ID": job_id,
        "--JOB_RUN_ID": run_id,
        "--JOB_NAME": job_name,
    }
    seen |= {name: value for name, value in arguments.items() if name not in CONSUMED}
    return [text for name, value in seen.items() for text in ((name, value) if value else (name,))]


def datalake_formats(arguments: Mapping[str, str]) -> list[str]:
    """The open table formats that a run's Spark is to know: `iceberg`, `delta`.

    Raises:
        Unsupported: another one.
    """
    formats = [part.lower() for part in locations(arguments, "--datalake-formats")]
    for name in formats:
        if name not in DATALAKE_FORMATS:
            raise Unsupported(
                f"Laguna does not support --datalake-formats {name}: it has {' and '.join(DATALAKE_FORMATS)}."
            )
    return formats


def sees_data_catalog(arguments: Mapping[str, str]) -> bool:
    """Whether Spark's own catalog is the Data Catalog: the argument is there and is not `false`."""
    return arguments.get("--enable-glue-datacatalog", "false").lower() != "false"


def locations(arguments: Mapping[str, str], name: str) -> list[str]:
    """The S3 locations in a comma-separated argument."""
    return [part.strip() for part in arguments.get(name, "").split(",") if part.strip()]


def variables(text: str) -> dict[str, str]:
    """`A=1,B="x,y"` as a dict: the value of `--customer-driver-env-vars`."""
    found = re.findall(r'([^=,\s]+)=("[^"]*"|[^,]*)', text)
    return {name: value.strip('"') for name, value in found}
