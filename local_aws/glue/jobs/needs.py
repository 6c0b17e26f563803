"""What a run needs beside its files: Python modules, jars for Spark, and a catalog that Spark asks."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from local_aws.glue.jobs.arguments import Arguments, datalake_formats, sees_data_catalog
from local_aws.glue.jobs.provided_modules import provided, uses_jars_of_glue
from local_aws.glue.jobs.python_modules import folder_of
from local_aws.glue.jobs.runs import Job
from local_aws.glue.jobs.workspace import Workspace
from local_aws.spark.jars import DELTA, GLUE, ICEBERG, jars
from local_aws.user_cache import NotInstalled, Say

TABLE_FORMATS = {"iceberg": ICEBERG, "delta": DELTA}


def with_modules(
    job: Job, arguments: Arguments, workspace: Workspace, say: Say, cancelled: Callable[[], bool]
) -> Workspace:
    """The run's files with its Python modules behind its own paths, installed if they are not yet.

    Raises:
        NotInstalled: they cannot be installed.
    """
    used = provided(job["Command"]["Name"], arguments.get("library-set", ""), workspace.sources)
    wanted = replace(workspace.modules, requirements=[*workspace.modules.requirements, *used])
    folder = folder_of(wanted, say, cancelled)
    return replace(workspace, import_paths=(*workspace.import_paths, *([folder] if folder else [])))


def wanted_jars(job: Job, arguments: Arguments, workspace: Workspace, say: Say) -> tuple[Path, ...]:
    """The jars and folders of jars that the run's Spark must have been started with.

    Raises:
        NotInstalled: a table format cannot be fetched.
        Unsupported: there is none of that name.
    """
    formats = (jars(TABLE_FORMATS[name], say) for name in datalake_formats(arguments))
    speaks = job.get("Connections") or uses_jars_of_glue(workspace.sources)
    return (*(_jars_of_glue(say) if speaks else ()), *formats, *workspace.jars)


def metastore_socket(arguments: Arguments) -> socket.socket | None:
    """A socket of the loopback, for a run whose Spark is to see the Data Catalog."""
    return socket.create_server(("127.0.0.1", 0)) if sees_data_catalog(arguments) else None


def _jars_of_glue(say: Say) -> Iterator[Path]:
    """Drivers, Avro and XML; without them a job that only speaks of a database can still do the rest."""
    try:
        yield jars(GLUE, say)
    except NotInstalled as error:
        say(f"Laguna: {error}")
