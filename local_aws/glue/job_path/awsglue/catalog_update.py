"""What a sink with `enableUpdateCatalog` does to the catalog: its table, new columns, new partitions.

https://docs.aws.amazon.com/glue/latest/dg/update-from-job.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from awsglue.catalog import CatalogTable

UPDATE, LOG_ONLY = "UPDATE_IN_DATABASE", "LOG"
BATCH = 100
HIVE = "org.apache.hadoop.hive."
STORAGE = {
    "parquet": (
        HIVE + "ql.io.parquet.MapredParquetInputFormat",
        HIVE + "ql.io.parquet.MapredParquetOutputFormat",
        HIVE + "ql.io.parquet.serde.ParquetHiveSerDe",
        {},
    ),
    "orc": (
        HIVE + "ql.io.orc.OrcInputFormat",
        HIVE + "ql.io.orc.OrcOutputFormat",
        HIVE + "ql.io.orc.OrcSerde",
        {},
    ),
    "json": (
        "org.apache.hadoop.mapred.TextInputFormat",
        HIVE + "ql.io.HiveIgnoreKeyTextOutputFormat",
        "org.openx.data.jsonserde.JsonSerDe",
        {},
    ),
    "csv": (
        "org.apache.hadoop.mapred.TextInputFormat",
        HIVE + "ql.io.HiveIgnoreKeyTextOutputFormat",
        HIVE + "serde2.OpenCSVSerde",
        {"separatorChar": ",", "quoteChar": '"'},
    ),
}
"""Input format, output format, SerDe and its parameters, by format."""
TABLE_MEMBERS = (
    "Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "TableType",
    "Parameters",
)  # fmt: skip


def create_if_missing(
    frame: DataFrame, name: tuple[str, str], path: str, format_name: str, keys: Sequence[str]
) -> CatalogTable:
    """The catalog table `name` (database, table), made of the frame's columns when there is none."""
    glue = boto3.client("glue")
    database, table = name
    try:
        return CatalogTable(glue.get_table(DatabaseName=database, Name=table)["Table"])
    except glue.exceptions.EntityNotFoundException:
        pass
    reader, writer, serde, parameters = STORAGE[format_name]
    header = {"skip.header.line.count": "1"} if format_name == "csv" else {}
    glue.create_table(
        DatabaseName=database,
        TableInput={
            "Name": table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": format_name, **header},
            "PartitionKeys": [{"Name": key, "Type": _type_of(frame, key)} for key in keys],
            "StorageDescriptor": {
                "Location": path,
                "Columns": _columns(frame, keys),
                "InputFormat": reader,
                "OutputFormat": writer,
                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters},
            },
        },
    )
    return CatalogTable(glue.get_table(DatabaseName=database, Name=table)["Table"])


def update(frame: DataFrame, table: CatalogTable, database: str, keys: Sequence[str], behavior: str) -> None:
    """Add the frame's new columns (unless `behavior` is LOG) and its new partitions to the catalog."""
    if behavior not in (UPDATE, LOG_ONLY):
        raise ValueError(f"updateBehavior is {UPDATE} or {LOG_ONLY}, not '{behavior}'")
    if behavior == UPDATE:
        _add_columns(frame, table, database, keys)
    if keys:
        _add_partitions(frame, table, database, keys)


def _add_columns(frame: DataFrame, table: CatalogTable, database: str, keys: Sequence[str]) -> None:
    known = {name.lower() for name in table.columns}
    new = [column for column in _columns(frame, keys) if column["Name"].lower() not in known]
    if not new:
        return
    definition = {name: table.definition[name] for name in TABLE_MEMBERS if name in table.definition}
    storage = {**table.storage, "Columns": [*table.storage["Columns"], *new]}
    boto3.client("glue").update_table(
        DatabaseName=database, TableInput={**definition, "StorageDescriptor": storage}
    )


def _add_partitions(frame: DataFrame, table: CatalogTable, database: str, keys: Sequence[str]) -> None:
    glue = boto3.client("glue")
    partitions = [_partition(frame, table, keys, row) for row in _partition_values(frame, keys)]
    for start in range(0, len(partitions), BATCH):
        answer = glue.batch_create_partition(
            DatabaseName=database,
            TableName=table.definition["Name"],
            PartitionInputList=partitions[start : start + BATCH],
        )
        for error in answer.get("Errors", ()):
            if error["ErrorDetail"]["ErrorCode"] != "AlreadyExistsException":
                raise RuntimeError(
                    f"Partition {error['PartitionValues']}: {error['ErrorDetail']['ErrorMessage']}"
                )


def _partition_values(frame: DataFrame, keys: Sequence[str]) -> list[Any]:
    texts = frame.select([F.col(f"`{key}`").cast("string").alias(key) for key in keys])
    return list(texts.distinct().collect())


def _partition(frame: DataFrame, table: CatalogTable, keys: Sequence[str], row: Any) -> dict[str, Any]:
    # Spark's own function, so that the location is the folder that was written.
    folder_of = frame.sparkSession._jvm.org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils
    folders = "/".join(folder_of.getPartitionPathString(key, row[key]) for key in keys)
    values = ["__HIVE_DEFAULT_PARTITION__" if row[key] is None else row[key] for key in keys]
    return {
        "Values": values,
        "StorageDescriptor": {**table.storage, "Location": f"{table.location}/{folders}"},
    }


def _columns(frame: DataFrame, keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"Name": name, "Type": _type_of(frame, name)} for name in frame.columns if name not in set(keys)]


def _type_of(frame: DataFrame, name: str) -> str:
    return str(frame.schema[name].dataType.simpleString())
