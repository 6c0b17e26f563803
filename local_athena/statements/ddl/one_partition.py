"""One partition, named by all its keys: found, changed, renamed.

https://docs.aws.amazon.com/athena/latest/ug/alter-table-rename-partition.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import QueryFailed
from local_athena.statements.ddl.context import TASK, DdlContext, Name, code_of
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome

Spec = list[tuple[str, str, str]]
"""A partition as it is written: key, operator, value."""


def values_of(table: dict[str, Any], spec: Spec) -> list[str]:
    """The values of a complete specification, in the order of the table's keys.

    Raises:
        QueryFailed: it does not name every key once.
    """
    keys = [key["Name"].lower() for key in table.get("PartitionKeys") or ()]
    given = {key: value for key, operator, value in spec if operator == "="}
    if sorted(given) != sorted(keys) or len(given) != len(spec):
        shown = ", ".join(f"{key}{operator}{value}" for key, operator, value in spec)
        raise QueryFailed(
            "",
            f"FAILED: SemanticException [Error 10006]: Partition not found ({shown})",
            error_type=1301,
        )
    return [given[key] for key in keys]


def existing_partition(context: DdlContext, name: Name, table: dict[str, Any], spec: Spec) -> dict[str, Any]:
    """A partition of the catalog.

    Raises:
        QueryFailed: there is none.
    """
    values = values_of(table, spec)
    try:
        found = context.glue.get_partition(DatabaseName=name[0], TableName=name[1], PartitionValues=values)
    except ClientError as error:
        if code_of(error) != "EntityNotFoundException":
            raise
        shown = ", ".join(f"{key}={value}" for key, _, value in spec)
        raise QueryFailed(
            "", f"FAILED: SemanticException [Error 10006]: Partition not found ({shown})", error_type=1301
        ) from error
    return dict(found["Partition"])


def save_partition(
    context: DdlContext,
    name: Name,
    partition: dict[str, Any],
    descriptor: dict[str, Any],
    values: list[str] | None = None,
) -> Outcome:
    """Keep a partition with another descriptor, and other values when some are given."""
    made = {"Values": values or partition["Values"], "StorageDescriptor": descriptor}
    if partition.get("Parameters"):
        made["Parameters"] = partition["Parameters"]
    context.glue.update_partition(
        DatabaseName=name[0],
        TableName=name[1],
        PartitionValueList=partition["Values"],
        PartitionInput=made,
    )
    return Outcome()


def rename_partition(context: DdlContext, name: Name, table: dict[str, Any], reader: Reader) -> Outcome:
    """`(old) RENAME TO PARTITION (new)`: the files stay where they are.

    Raises:
        QueryFailed: the old one is not there, or the new one is.
    """
    old = reader.partition()
    reader.expect("RENAME", "TO", "PARTITION")
    new = reader.partition()
    reader.end()
    partition = existing_partition(context, name, table, old)
    values = values_of(table, new)
    try:
        return save_partition(context, name, partition, partition["StorageDescriptor"], values)
    except ClientError as error:
        if code_of(error) != "AlreadyExistsException":
            raise
        raise QueryFailed(
            "", f"{TASK}Unable to rename partition. Partition already exists:{name[0]}.{name[1]} {values}",
            error_type=1006,
        ) from error  # fmt: skip
