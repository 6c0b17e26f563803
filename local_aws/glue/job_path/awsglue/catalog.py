"""Tables of the Glue Data Catalog, as the catalog describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from awsglue import gluetypes as glue
from awsglue.dynamic.casts import parse_type
from awsglue.missing import not_there

DEFAULT_DELIMITERS = {"LazySimpleSerDe": "\x01", "OpenCSVSerde": ","}
FORMATS = {
    "ParquetHiveSerDe": "parquet",
    "OrcSerde": "orc",
    "JsonSerDe": "json",
    "LazySimpleSerDe": "csv",
    "OpenCSVSerde": "csv",
    "AvroSerDe": "avro",
}
"""Spark's format by the class name of the SerDe."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: its values by key, and its location."""

    values: Mapping[str, str]
    location: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table as GetTable shows it."""

    definition: Mapping[str, Any]

    @property
    def storage(self) -> Mapping[str, Any]:
        """The StorageDescriptor."""
        storage: Mapping[str, Any] = self.definition.get("StorageDescriptor") or {}
        return storage

    @property
    def location(self) -> str:
        """Where the files are, without a slash at its end."""
        return str(self.storage.get("Location") or "").rstrip("/")

    @property
    def connection(self) -> str:
        """The connection of a table that is a database's; empty for tables in S3."""
        return str((self.definition.get("Parameters") or {}).get("connectionName") or "")

    @property
    def is_dynamodb(self) -> bool:
        """Whether it is a table of DynamoDB, whose ARN is its location."""
        return self.location.startswith("arn:") and ":dynamodb:" in self.location

    @property
    def columns(self) -> dict[str, str]:
        """Hive types by the names of the columns in the files."""
        return {
            column["Name"]: column.get("Type") or "string" for column in self.storage.get("Columns") or ()
        }

    @property
    def partition_keys(self) -> dict[str, str]:
        """Hive types by the names of the partition keys."""
        keys = self.definition.get("PartitionKeys") or ()
        return {key["Name"]: key.get("Type") or "string" for key in keys}

    @property
    def serde(self) -> str:
        """The SerDe's class name, without its package."""
        return str((self.storage.get("SerdeInfo") or {}).get("SerializationLibrary") or "").rsplit(".", 1)[-1]

    @property
    def format(self) -> str:
        """Spark's format of the files.

        Raises:
            NotImplementedError: the SerDe is not known.
        """
        if self.serde not in FORMATS:
            raise not_there(f"reading tables with the SerDe '{self.serde}'")
        return FORMATS[self.serde]

    @property
    def types(self) -> dict[str, glue.DataType]:
        """Glue types by the names of the columns; a column of no known type is text."""
        return {name: parse_type(kind) or glue.StringType() for name, kind in self.columns.items()}

    @property
    def key_types(self) -> dict[str, glue.DataType]:
        """Glue types by the names of the partition keys."""
        return {name: parse_type(kind) or glue.StringType() for name, kind in self.partition_keys.items()}

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the StorageDescriptor and the table; the table's win."""
        return {**(self.storage.get("Parameters") or {}), **(self.definition.get("Parameters") or {})}

    def reader_options(self) -> dict[str, str]:
        """Spark's reader options for the SerDe's parameters."""
        if self.format != "csv":
            return {}
        serde = (self.storage.get("SerdeInfo") or {}).get("Parameters") or {}
        options = {
            "sep": serde.get("field.delim") or serde.get("separatorChar") or DEFAULT_DELIMITERS[self.serde],
            "quote": serde.get("quoteChar") or '"',
            # A quote inside quotes is written twice unless the table names another way.
            "escape": serde.get("escapeChar") or serde.get("escape.delim") or serde.get("quoteChar") or '"',
        }
        skipped = self.parameters.get("skip.header.line.count", "0")
        if skipped not in ("0", "1"):
            raise not_there(f"skipping {skipped} header lines")
        return {**options, "header": "true" if skipped == "1" else "false"}


def check_catalog_id(catalog_id: str | None) -> None:
    """Raise NotImplementedError for the catalog of another account; the own one may be named."""
    if catalog_id and catalog_id != boto3.client("sts").get_caller_identity()["Account"]:
        raise not_there(f"the Data Catalog of another account ({catalog_id})")


def find_table(database: str, name: str) -> CatalogTable:
    """The table `database.name`; raises boto3's EntityNotFoundException."""
    return CatalogTable(boto3.client("glue").get_table(DatabaseName=database, Name=name)["Table"])


def find_partitions(database: str, table: CatalogTable, predicate: str) -> list[Partition]:
    """The partitions of a table that fulfil `predicate`, an expression of GetPartitions; empty means all."""
    pages = boto3.client("glue").get_paginator("get_partitions")
    expression = {"Expression": predicate} if predicate else {}
    found = pages.paginate(DatabaseName=database, TableName=table.definition["Name"], **expression)
    return [
        Partition(
            dict(zip(table.partition_keys, partition["Values"], strict=True)),
            partition["StorageDescriptor"]["Location"].rstrip("/"),
        )
        for page in found
        for partition in page["Partitions"]
    ]
