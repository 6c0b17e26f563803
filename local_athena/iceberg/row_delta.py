"""One commit that adds data files and position deletes together: what UPDATE, DELETE and MERGE make.

pyiceberg commits appended and replaced data files, not deletes of rows; this adds a manifest of delete
files to
its append. Such a commit is never retried on a newer snapshot: the positions were read in the one it
started from.
https://iceberg.apache.org/spec/#row-level-deletes
"""

from __future__ import annotations

from typing import Any

from pyiceberg.manifest import (
    DataFile,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriter,
    ManifestWriterV2,
)
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.table import Table, Transaction
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update.snapshot import _FastAppendFiles, _SnapshotProducer

from local_athena.iceberg.catalog import committing


class _DeleteManifestWriter(ManifestWriterV2):
    """A manifest of delete files."""

    def content(self) -> ManifestContent:
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, str]:
        return {**super()._meta, "content": "deletes"}


class _RowDelta(_FastAppendFiles):
    """An append that carries delete files as well."""

    delete_files: tuple[DataFile, ...] = ()

    def _delete_manifest(self, spec: PartitionSpec, files: list[DataFile]) -> ManifestFile:
        writer: ManifestWriter = _DeleteManifestWriter(
            spec, self.schema(), self.new_manifest_output(), self._snapshot_id, self._compression
        )
        with writer:
            for file in files:
                writer.add(
                    ManifestEntry.from_args(
                        status=ManifestEntryStatus.ADDED,
                        snapshot_id=self._snapshot_id,
                        sequence_number=None,
                        file_sequence_number=None,
                        data_file=file,
                    )
                )
        return writer.to_manifest_file()

    def _manifests(self) -> list[ManifestFile]:
        by_spec: dict[int, list[DataFile]] = {}
        for file in self.delete_files:
            by_spec.setdefault(file.spec_id, []).append(file)
        return super()._manifests() + [
            self._delete_manifest(self.spec(i), files) for i, files in by_spec.items()
        ]


def commit_row_delta(
    table: Table, added: list[DataFile], deletes: list[DataFile], properties: dict[str, str]
) -> None:
    """Commit added data files and position deletes on the snapshot that `table` was read at.

    Raises:
        QueryFailed: ICEBERG_COMMIT_ERROR, somebody else committed in between.
    """
    transaction = table.transaction()
    operation = Operation.OVERWRITE if added else Operation.DELETE
    delta = _RowDelta(
        operation=operation,
        transaction=transaction,
        io=table.io,
        snapshot_properties=_summary(deletes, properties),
    )
    delta.delete_files = tuple(deletes)
    for file in added:
        delta.append_data_file(file)
    with committing(".".join(table.name())):
        commit_once(transaction, delta)


def commit_once(transaction: Transaction, snapshot: _SnapshotProducer[Any]) -> None:
    """Commit a snapshot on its parent or not at all.

    pyiceberg's own commit would try again on a newer snapshot, whose deletes of rows it does not look at.

    Raises:
        CommitFailedException: the parent is no longer the current snapshot.
    """
    updates, requirements = snapshot._commit()
    transaction._apply(updates, requirements)
    transaction.commit_transaction()


def _summary(deletes: list[DataFile], properties: dict[str, str]) -> dict[str, str]:
    return {
        **properties,
        "added-delete-files": str(len(deletes)),
        "added-position-delete-files": str(len(deletes)),
        "added-position-deletes": str(sum(file.record_count for file in deletes)),
    }
