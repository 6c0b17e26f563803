"""What an execution leaves on S3: its result file, the metadata beside it, the manifest of table files.

https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
"""

from __future__ import annotations

from contextlib import suppress

from local_athena.errors import QueryFailed
from local_athena.protocols import Storage, StorageError
from local_athena.service.records import Execution
from local_athena.statements.outcome import Outcome
from local_athena.statements.output.result_file import metadata

METADATA, MANIFEST = ".metadata", "-manifest.csv"


def deliver(storage: Storage, execution: Execution, outcome: Outcome) -> str | None:
    """Write what a statement leaves at its OutputLocation; gives the place of its manifest, if there is one.

    Raises:
        QueryFailed: there is no such bucket.
    """
    location, manifest = execution.output, None
    try:
        if outcome.written is not None:
            manifest = f"{location}{MANIFEST}"
            storage.write(manifest, "\n".join(outcome.written).encode())
        if outcome.content is not None:
            storage.write(location, outcome.content, outcome.content_type)
        if outcome.columns:
            name, count = execution.execution_id, outcome.update_count
            described = metadata(name, outcome.update_type, count, outcome.columns)
            storage.write(f"{location}{METADATA}", described)
    except StorageError as error:
        raise QueryFailed(
            "",
            f"The S3 location provided to save your query results is invalid. ({error.code})",
            error_type=1306,
        ) from error
    return manifest


def deliver_text(storage: Storage, execution: Execution, text: str) -> None:
    """Write why a definition failed, as Hive does; where there is no such bucket, nothing."""
    with suppress(StorageError):
        storage.write(execution.output, text.encode())


def discard(storage: Storage, execution: Execution) -> None:
    """Remove what `deliver` wrote for an execution that did not live to tell."""
    if execution.execution_id not in execution.output:
        return  # the result of another one, which it was about to take over
    for ending in ("", METADATA, MANIFEST):
        with suppress(StorageError):
            storage.delete(f"{execution.output}{ending}")
