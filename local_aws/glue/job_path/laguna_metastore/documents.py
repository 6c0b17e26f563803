"""Databases, tables, partitions and functions: Glue's documents and Hive's structs, each made of the other.

What one side lacks is left out: Glue keeps no grants in its tables, Hive no version. Times in Hive are
seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from laguna_metastore.wire import hive

Document = Mapping[str, Any]
EXTERNAL, MANAGED, VIEW = "EXTERNAL_TABLE", "MANAGED_TABLE", "VIRTUAL_VIEW"


def database(document: Document) -> Any:
    """Hive's Database of GetDatabase's."""
    return hive.Database(
        name=document["Name"],
        description=document.get("Description") or "",
        locationUri=document.get("LocationUri") or "",
        parameters=dict(document.get("Parameters") or {}),
        ownerType=hive.PrincipalType.USER,
    )


def database_input(struct: Any) -> dict[str, Any]:
    """CreateDatabase's DatabaseInput."""
    return _present(
        Name=struct.name,
        Description=struct.description or None,
        LocationUri=struct.locationUri or None,
        Parameters=dict(struct.parameters or {}) or None,
    )


def table(document: Document) -> Any:
    """Hive's Table of GetTable's."""
    storage = document.get("StorageDescriptor") or {}
    kind = document.get("TableType") or EXTERNAL
    parameters = dict(document.get("Parameters") or {})
    if kind == EXTERNAL:
        parameters.setdefault("EXTERNAL", "TRUE")
    return hive.Table(
        tableName=document["Name"],
        dbName=document["DatabaseName"],
        owner=document.get("Owner") or "",
        createTime=_seconds(document.get("CreateTime")),
        lastAccessTime=_seconds(document.get("LastAccessTime")),
        retention=document.get("Retention") or 0,
        sd=descriptor(storage, document["Name"]),
        partitionKeys=_fields(document.get("PartitionKeys")),
        parameters=parameters,
        viewOriginalText=document.get("ViewOriginalText"),
        viewExpandedText=document.get("ViewExpandedText"),
        tableType=kind,
    )


def table_input(struct: Any) -> dict[str, Any]:
    """CreateTable's and UpdateTable's TableInput."""
    return _present(
        Name=struct.tableName,
        Owner=struct.owner or None,
        Retention=struct.retention or 0,
        StorageDescriptor=descriptor_input(struct.sd),
        PartitionKeys=_columns(struct.partitionKeys),
        Parameters=dict(struct.parameters or {}),
        ViewOriginalText=struct.viewOriginalText,
        ViewExpandedText=struct.viewExpandedText,
        TableType=struct.tableType or MANAGED,
    )


def partition(document: Document, table_name: str) -> Any:
    """Hive's Partition of GetPartition's."""
    return hive.Partition(
        values=list(document["Values"]),
        dbName=document.get("DatabaseName") or "",
        tableName=table_name,
        createTime=_seconds(document.get("CreationTime")),
        lastAccessTime=_seconds(document.get("LastAccessTime")),
        sd=descriptor(document.get("StorageDescriptor") or {}, table_name),
        parameters=dict(document.get("Parameters") or {}),
    )


def partition_input(struct: Any) -> dict[str, Any]:
    """CreatePartition's PartitionInput."""
    return _present(
        Values=list(struct.values),
        StorageDescriptor=descriptor_input(struct.sd),
        Parameters=dict(struct.parameters or {}),
    )


def descriptor(document: Document, name: str) -> Any:
    """Hive's StorageDescriptor of Glue's."""
    serde = document.get("SerdeInfo") or {}
    return hive.StorageDescriptor(
        cols=_fields(document.get("Columns")),
        location=document.get("Location") or None,
        inputFormat=document.get("InputFormat"),
        outputFormat=document.get("OutputFormat"),
        compressed=bool(document.get("Compressed")),
        numBuckets=document.get("NumberOfBuckets") or 0,
        serdeInfo=hive.SerDeInfo(
            name=serde.get("Name") or name,
            serializationLib=serde.get("SerializationLibrary"),
            parameters=dict(serde.get("Parameters") or {}),
        ),
        bucketCols=list(document.get("BucketColumns") or ()),
        sortCols=[
            hive.Order(col=sort["Column"], order=sort["SortOrder"])
            for sort in document.get("SortColumns") or ()
        ],
        parameters=dict(document.get("Parameters") or {}),
        storedAsSubDirectories=bool(document.get("StoredAsSubDirectories")),
    )


def descriptor_input(struct: Any) -> dict[str, Any] | None:
    """Glue's StorageDescriptor of Hive's."""
    if struct is None:
        return None
    serde = struct.serdeInfo
    return _present(
        Columns=_columns(struct.cols),
        Location=struct.location or None,
        InputFormat=struct.inputFormat,
        OutputFormat=struct.outputFormat,
        Compressed=bool(struct.compressed),
        NumberOfBuckets=struct.numBuckets or 0,
        SerdeInfo=serde
        and _present(
            Name=serde.name or None,
            SerializationLibrary=serde.serializationLib,
            Parameters=dict(serde.parameters or {}),
        ),
        BucketColumns=list(struct.bucketCols or ()),
        SortColumns=[{"Column": sort.col, "SortOrder": sort.order} for sort in struct.sortCols or ()],
        Parameters=dict(struct.parameters or {}),
        StoredAsSubDirectories=bool(struct.storedAsSubDirectories),
    )


def function(document: Document) -> Any:
    """Hive's Function of GetUserDefinedFunction's."""
    return hive.Function(
        functionName=document["FunctionName"],
        dbName=document.get("DatabaseName") or "",
        className=document.get("ClassName") or "",
        ownerName=document.get("OwnerName") or "",
        ownerType=hive.PrincipalType.USER,
        createTime=_seconds(document.get("CreateTime")),
        functionType=hive.FunctionType.JAVA,
        resourceUris=[
            hive.ResourceUri(resourceType=getattr(hive.ResourceType, one["ResourceType"]), uri=one["Uri"])
            for one in document.get("ResourceUris") or ()
        ],
    )


def function_input(struct: Any) -> dict[str, Any]:
    """CreateUserDefinedFunction's FunctionInput."""
    names = hive.ResourceType._VALUES_TO_NAMES
    return _present(
        FunctionName=struct.functionName,
        ClassName=struct.className,
        OwnerName=struct.ownerName or "hadoop",
        OwnerType="USER",
        ResourceUris=[
            {"ResourceType": names[one.resourceType], "Uri": one.uri} for one in struct.resourceUris or ()
        ],
    )


def _fields(columns: Iterable[Document] | None) -> list[Any]:
    return [
        hive.FieldSchema(
            name=column["Name"], type=column.get("Type") or "string", comment=column.get("Comment")
        )
        for column in columns or ()
    ]


def _columns(fields: Iterable[Any] | None) -> list[dict[str, Any]]:
    return [
        _present(Name=field.name, Type=field.type, Comment=field.comment or None) for field in fields or ()
    ]


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
