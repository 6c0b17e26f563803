"""Data catalogs, databases and table metadata, as Athena shows what Glue holds."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.protocols import GlueClient
from local_athena.service.pages import page

Request = dict[str, Any]
CATALOG = {"Name": "AwsDataCatalog", "Type": "GLUE"}


class CatalogMetadata:
    """The one catalog is AwsDataCatalog."""

    def __init__(self, glue: GlueClient, account_id: str) -> None:
        self._glue, self._account_id = glue, account_id

    def _check(self, name: str) -> None:
        if name.lower() != "awsdatacatalog":
            raise invalid_request("DATACATALOG_NOT_FOUND", f"Catalog '{name}' does not exist")

    def list_data_catalogs(self, request: Request, caller: Any) -> Request:
        """ListDataCatalogs."""
        return page(
            "DataCatalogsSummary", [{"CatalogName": CATALOG["Name"], "Type": CATALOG["Type"]}], request
        )

    def get_data_catalog(self, request: Request, caller: Any) -> Request:
        """GetDataCatalog."""
        self._check(request["Name"])
        return {"DataCatalog": {**CATALOG, "Parameters": {"catalog-id": self._account_id}}}

    def get_database(self, request: Request, caller: Any) -> Request:
        """GetDatabase."""
        self._check(request["CatalogName"])
        return {"Database": _database(self._call("get_database", Name=request["DatabaseName"])["Database"])}

    def list_databases(self, request: Request, caller: Any) -> Request:
        """ListDatabases."""
        self._check(request["CatalogName"])
        pages = self._glue.get_paginator("get_databases").paginate()
        return page("DatabaseList", [_database(d) for p in pages for d in p["DatabaseList"]], request)

    def get_table_metadata(self, request: Request, caller: Any) -> Request:
        """GetTableMetadata."""
        self._check(request["CatalogName"])
        table = self._call("get_table", DatabaseName=request["DatabaseName"], Name=request["TableName"])[
            "Table"
        ]
        return {"TableMetadata": _table(table)}

    def list_table_metadata(self, request: Request, caller: Any) -> Request:
        """ListTableMetadata; Expression is a regular expression over names."""
        self._check(request["CatalogName"])
        self._call("get_database", Name=request["DatabaseName"])
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=request["DatabaseName"])
        wanted = request.get("Expression")
        tables = [
            _table(t)
            for p in pages
            for t in p["TableList"]
            if not wanted or re.fullmatch(wanted.replace("*", ".*"), t["Name"])
        ]
        return page("TableMetadataList", tables, request)

    def _call(self, operation: str, **request: Any) -> Request:
        try:
            return dict(getattr(self._glue, operation)(**request))
        except ClientError as error:
            detail = error.response["Error"]
            raise AthenaApiError(
                "MetadataException",
                f"{detail.get('Message')} (Service: AmazonDataCatalog; Status Code: 400; Error Code: "
                f"{detail.get('Code')}; Proxy: null)",
            ) from error


def _database(database: Request) -> Request:
    return {k: database[k] for k in ("Name", "Description", "Parameters") if database.get(k)}


def _table(table: Request) -> Request:
    descriptor = table.get("StorageDescriptor") or {}
    serde = descriptor.get("SerdeInfo") or {}
    parameters = dict(table.get("Parameters") or {})
    given = {
        "inputformat": descriptor.get("InputFormat"),
        "outputformat": descriptor.get("OutputFormat"),
        "location": descriptor.get("Location"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{k}": v for k, v in (serde.get("Parameters") or {}).items()},
    }
    parameters |= {k: v for k, v in given.items() if v is not None}
    made = {
        "Name": table["Name"],
        "CreateTime": table.get("CreateTime"),
        "LastAccessTime": table.get("LastAccessTime"),
        "TableType": table.get("TableType"),
        "Columns": [_column(c) for c in descriptor.get("Columns") or () if _is_current(c)],
        "PartitionKeys": [_column(c) for c in table.get("PartitionKeys") or ()],
        "Parameters": parameters,
    }
    return {k: v for k, v in made.items() if v is not None}


def _is_current(column: Request) -> bool:
    """Whether the table still has the column; Iceberg keeps dropped ones in Glue."""
    return (column.get("Parameters") or {}).get("iceberg.field.current") != "false"


def _column(column: Request) -> Request:
    return {k: column[k] for k in ("Name", "Type", "Comment") if column.get(k) is not None}
