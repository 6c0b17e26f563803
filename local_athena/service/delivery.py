"""What an execution leaves on S3: its result file, the metadata beside it, the manifest of table files.

https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.protocols import Storage, StorageError
from local_athena.statements.outcome import Outcome
from local_athena.statements.output.result_file import metadata

METADATA, MANIFEST = ".metadata", "-manifest.csv"


def deliver(storage: Storage, document: dict[str, Any], outcome: Outcome) -> None:
    """Write what a statement leaves at the OutputLocation of its execution.

    Raises:
        QueryFailed: there is no such bucket.
    """
    location = _location(document)
    try:
        if outcome.written is not None:
            storage.write(f"{location}{MANIFEST}", "\n".join(outcome.written).encode())
            document["Statistics"]["DataManifestLocation"] = f"{location}{MANIFEST}"
        if outcome.content is not None:
            storage.write(location, outcome.content, outcome.content_type)
        if outcome.columns:
            name, count = document["QueryExecutionId"], outcome.update_count
            storage.write(
                f"{location}{METADATA}", metadata(name, outcome.update_type, count, outcome.columns)
            )
    except StorageError as error:
        raise QueryFailed(
            "",
            f"The S3 location provided to save your query results is invalid. ({error.code})",
            error_type=1306,
        ) from error


def deliver_text(storage: Storage, document: dict[str, Any], text: str) -> None:
    """Write why a definition failed, as Hive does; where there is no such bucket, nothing."""
    with suppress(StorageError):
        storage.write(_location(document), text.encode())


def discard(storage: Storage, document: dict[str, Any]) -> None:
    """Remove what `deliver` wrote for an execution that did not live to tell."""
    if document["QueryExecutionId"] not in _location(document):
        return  # the result of another one, which it was about to take over
    for ending in ("", METADATA, MANIFEST):
        with suppress(StorageError):
            storage.delete(f"{_location(document)}{ending}")


def _location(document: dict[str, Any]) -> str:
    return str(document["ResultConfiguration"]["OutputLocation"])
