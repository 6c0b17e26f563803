"""SymlinkTextInputFormat: the files below a location are lists of the files to read, one URI a line.

S3 Inventory and Delta's manifests are such. A line that is no object of S3 fails the query, since its rows
would be missing without a word. https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed
from local_athena.protocols import Storage, StorageError, StoredFile

SCHEME = re.compile(r"s3[an]?://")
MOST_BYTES = 64 << 20
"""Of one manifest: some 500,000 files."""


def linked_files(storage: Storage, manifest: StoredFile) -> Iterator[StoredFile]:
    """The files that a manifest names.

    Raises:
        QueryFailed: HIVE_BAD_DATA, a line names none.
    """
    if manifest.size > MOST_BYTES:
        raise _bad(manifest, f"the manifest is larger than {MOST_BYTES} bytes")
    with storage.open_file(manifest.uri) as file:
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    for line in lines:
        checkpoint()
        if line.strip():
            yield _linked(storage, manifest, line.strip())


def _linked(storage: Storage, manifest: StoredFile, link: str) -> StoredFile:
    uri = SCHEME.sub("s3://", link, count=1)
    if not SCHEME.match(link):
        raise _bad(manifest, f"'{link[:200]}' is not an object of S3")
    try:
        found = next((one for one in storage.list_files(uri) if one.uri == uri), None)
    except StorageError:
        found = None
    if found is None:
        raise _bad(manifest, f"'{link[:200]}' does not exist")
    return found


def _bad(manifest: StoredFile, why: str) -> QueryFailed:
    return QueryFailed("HIVE_BAD_DATA", f"Error parsing symlinks from: {manifest.uri}: {why}")
