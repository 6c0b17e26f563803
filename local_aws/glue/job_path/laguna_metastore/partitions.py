"""The metastore's partitions, by Glue's operations."""

from __future__ import annotations

from itertools import islice
from typing import Any
from urllib.parse import quote, unquote

from laguna_metastore import documents
from laguna_metastore.clients import Clients
from laguna_metastore.failures import glue_failures
from laguna_metastore.filters import expression
from laguna_metastore.wire import hive

BATCH = 100
"""Partitions that BatchCreatePartition and BatchUpdatePartition take at once."""
UNESCAPED = ' !"$&()+,-.;<>@[]^_`{|}~'
"""What Hive leaves as it is in the name of a partition's folder, beside letters and digits."""


class Partitions:
    """Named as Hive's protocol names them; a method raises what the protocol declares for it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get_partition(self, db_name: str, tbl_name: str, part_vals: list[str]) -> Any:
        """GetPartition."""
        with glue_failures():
            found = self._clients.glue.get_partition(
                DatabaseName=db_name, TableName=tbl_name, PartitionValues=part_vals
            )
            return documents.partition(found["Partition"], tbl_name)

    def get_partition_with_auth(
        self, db_name: str, tbl_name: str, part_vals: list[str], user_name: str, group_names: list[str]
    ) -> Any:
        """GetPartition."""
        return self.get_partition(db_name, tbl_name, part_vals)

    def get_partitions(self, db_name: str, tbl_name: str, max_parts: int) -> list[Any]:
        """GetPartitions, all or the first `max_parts`."""
        return self._found(db_name, tbl_name, max_parts)

    def get_partitions_with_auth(
        self, db_name: str, tbl_name: str, max_parts: int, user_name: str, group_names: list[str]
    ) -> list[Any]:
        """GetPartitions."""
        return self._found(db_name, tbl_name, max_parts)

    def get_partitions_ps(
        self, db_name: str, tbl_name: str, part_vals: list[str], max_parts: int
    ) -> list[Any]:
        """The partitions with these leading values; an empty one stands for any."""
        return self._matching(db_name, tbl_name, part_vals, max_parts)

    def get_partitions_ps_with_auth(
        self, db_name: str, tbl_name: str, part_vals: list[str], max_parts: int,
        user_name: str, group_names: list[str],
    ) -> list[Any]:  # fmt: skip
        """The partitions with these leading values."""
        return self._matching(db_name, tbl_name, part_vals, max_parts)

    def get_partitions_by_filter(self, db_name: str, tbl_name: str, filter: str, max_parts: int) -> list[Any]:
        """The partitions for which `filter` is true."""
        with glue_failures():
            wanted = expression(filter)
        return self._found(db_name, tbl_name, max_parts, wanted)

    def get_partitions_by_names(self, db_name: str, tbl_name: str, names: list[str]) -> list[Any]:
        """The partitions that are there, by names such as `year=2019/month=8`."""
        wanted = {tuple(_values(name)) for name in names}
        found = self._found(db_name, tbl_name, -1)
        return [one for one in found if tuple(one.values) in wanted]

    def get_partition_names(self, db_name: str, tbl_name: str, max_parts: int) -> list[str]:
        """The names of all partitions."""
        return self._names(db_name, tbl_name, self._found(db_name, tbl_name, max_parts))

    def get_partition_names_ps(
        self, db_name: str, tbl_name: str, part_vals: list[str], max_parts: int
    ) -> list[str]:
        """The names of the partitions with these leading values."""
        return self._names(db_name, tbl_name, self._matching(db_name, tbl_name, part_vals, max_parts))

    def add_partition(self, new_part: Any) -> Any:
        """CreatePartition."""
        self._add(new_part.dbName, new_part.tableName, [new_part], if_not_exists=False)
        return new_part

    def add_partition_with_environment_context(self, new_part: Any, environment_context: Any) -> Any:
        """CreatePartition."""
        return self.add_partition(new_part)

    def add_partitions(self, new_parts: list[Any]) -> int:
        """BatchCreatePartition."""
        if new_parts:
            self._add(new_parts[0].dbName, new_parts[0].tableName, new_parts, if_not_exists=False)
        return len(new_parts)

    def add_partitions_req(self, request: Any) -> Any:
        """BatchCreatePartition; those that are there already are left as they are by `ifNotExists`."""
        self._add(request.dbName, request.tblName, request.parts, if_not_exists=request.ifNotExists)
        return hive.AddPartitionsResult(partitions=list(request.parts))

    def drop_partition(self, db_name: str, tbl_name: str, part_vals: list[str], delete_data: bool) -> bool:
        """DeletePartition; the files go with it when the table is managed."""
        with glue_failures():
            glue = self._clients.glue
            table = glue.get_table(DatabaseName=db_name, Name=tbl_name)["Table"]
            named = {"DatabaseName": db_name, "TableName": tbl_name, "PartitionValues": part_vals}
            found = glue.get_partition(**named)["Partition"]
            glue.delete_partition(**named)
            if delete_data and table.get("TableType") == documents.MANAGED:
                self._clients.delete_objects((found.get("StorageDescriptor") or {}).get("Location"))
        return True

    def drop_partition_with_environment_context(
        self, db_name: str, tbl_name: str, part_vals: list[str], delete_data: bool, environment_context: Any
    ) -> bool:
        """DeletePartition."""
        return self.drop_partition(db_name, tbl_name, part_vals, delete_data)

    def alter_partition(self, db_name: str, tbl_name: str, new_part: Any) -> None:
        """UpdatePartition."""
        self.rename_partition(db_name, tbl_name, new_part.values, new_part)

    def alter_partition_with_environment_context(
        self, db_name: str, tbl_name: str, new_part: Any, environment_context: Any
    ) -> None:
        """UpdatePartition."""
        self.alter_partition(db_name, tbl_name, new_part)

    def alter_partitions(self, db_name: str, tbl_name: str, new_parts: list[Any]) -> None:
        """UpdatePartition of each."""
        for one in new_parts:
            self.alter_partition(db_name, tbl_name, one)

    def alter_partitions_with_environment_context(
        self, db_name: str, tbl_name: str, new_parts: list[Any], environment_context: Any
    ) -> None:
        """UpdatePartition of each."""
        self.alter_partitions(db_name, tbl_name, new_parts)

    def rename_partition(self, db_name: str, tbl_name: str, part_vals: list[str], new_part: Any) -> None:
        """UpdatePartition with other values."""
        with glue_failures(renamed={"EntityNotFoundException": hive.InvalidOperationException}):
            self._clients.glue.update_partition(
                DatabaseName=db_name,
                TableName=tbl_name,
                PartitionValueList=part_vals,
                PartitionInput=documents.partition_input(new_part),
            )

    def _found(self, database: str, table: str, most: int, wanted: str = "") -> list[Any]:
        with glue_failures():
            request = {"Expression": wanted} if wanted else {}
            found = self._clients.pages(
                "get_partitions", "Partitions", DatabaseName=database, TableName=table, **request
            )
            return [documents.partition(one, table) for one in islice(found, most if most >= 0 else None)]

    def _matching(self, database: str, table: str, values: list[str], most: int) -> list[Any]:
        keys = self._keys(database, table)
        parts = [
            f"{key} = '{value.replace(chr(39), chr(39) * 2)}'"
            for key, value in zip(keys, values, strict=False)
            if value
        ]
        return self._found(database, table, most, " AND ".join(parts))

    def _keys(self, database: str, table: str) -> list[str]:
        with glue_failures():
            found = self._clients.glue.get_table(DatabaseName=database, Name=table)["Table"]
            return [key["Name"] for key in found.get("PartitionKeys") or ()]

    def _names(self, database: str, table: str, found: list[Any]) -> list[str]:
        keys = self._keys(database, table)
        return ["/".join(_folder(*pair) for pair in zip(keys, one.values, strict=True)) for one in found]

    def _add(self, database: str, table: str, parts: list[Any], *, if_not_exists: bool) -> None:
        with glue_failures():
            for one in parts:
                self._clients.make_folder(one.sd.location if one.sd is not None else None)
            for at in range(0, len(parts), BATCH):
                failed = self._clients.glue.batch_create_partition(
                    DatabaseName=database,
                    TableName=table,
                    PartitionInputList=[documents.partition_input(one) for one in parts[at : at + BATCH]],
                ).get("Errors", [])
                for error in failed:
                    _refuse(error, if_not_exists=if_not_exists)


def _refuse(error: dict[str, Any], *, if_not_exists: bool) -> None:
    code, message = error["ErrorDetail"]["ErrorCode"], error["ErrorDetail"]["ErrorMessage"]
    if code != "AlreadyExistsException":
        raise hive.MetaException(message=f"{message} (Service: AWSGlue; Error Code: {code})")
    if not if_not_exists:
        raise hive.AlreadyExistsException(message=f"{message} Values: {error['PartitionValues']}")


def _folder(key: str, value: str) -> str:
    return f"{quote(key, safe=UNESCAPED)}={quote(value, safe=UNESCAPED)}"


def _values(name: str) -> list[str]:
    return [unquote(part.partition("=")[2]) for part in name.split("/")]
