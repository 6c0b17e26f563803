"""CREATE EXTERNAL TABLE. https://docs.aws.amazon.com/athena/latest/ug/create-table.html"""

from __future__ import annotations

import time
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import QueryFailed, not_supported
from local_athena.statements.ddl.context import TASK, DdlContext, code_of, database_missing
from local_athena.statements.ddl.formats import FORMATS, OPENX, OPENX_OUT, descriptor
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome
from local_athena.types.hive import from_hive


def create_table(context: DdlContext) -> Outcome:
    """Run the statement.

    Raises:
        QueryFailed: the table exists, or a clause is not supported.
    """
    reader = Reader(context.text, squeezed=True)
    reader.expect("CREATE")
    if not reader.accept("EXTERNAL", "TABLE"):
        from local_athena.statements.iceberg import ddl

        return ddl.create_table(context)
    tolerant = reader.accept("IF", "NOT", "EXISTS")
    database, name = reader.table_name(context.database)
    made = _table_input(reader, name)
    if not context.has_database(database):
        raise database_missing(database)
    try:
        context.glue.create_table(DatabaseName=database, TableInput=made)
    except ClientError as error:
        if code_of(error) != "AlreadyExistsException":
            raise
        if not tolerant:
            raise QueryFailed(
                "",
                f"{TASK}AlreadyExistsException(message:Table {name} already exist)",
                error_type=1006,
                error_message=f"Table {name} already exists.",
            ) from error
    return Outcome(update_type="CREATE TABLE")


def read_definition(reader: Reader) -> tuple[list[dict[str, str]], Clauses]:
    """The columns and clauses after a table's name, to the statement's end."""
    columns, clauses = reader.columns(), Clauses()
    while reader.peek() is not None:
        clauses.read(reader)
    return columns, clauses


def _table_input(reader: Reader, name: str) -> dict[str, Any]:
    columns, clauses = read_definition(reader)
    if clauses.location is None:
        raise QueryFailed(
            "", "No location was specified for table. An S3 location must be specified", error_type=1003
        )
    if not clauses.location.startswith("s3://"):
        raise QueryFailed(
            "", f"{TASK}MetaException(message:Invalid location {clauses.location})", error_type=1109
        )
    for column in columns + clauses.keys:
        from_hive(column["Type"])
    names = [c["Name"] for c in columns + clauses.keys]
    if len(set(names)) != len(names):
        raise QueryFailed(
            "",
            "FAILED: SemanticException [Error 10036]: Duplicate column name: " + max(names, key=names.count),
        )
    made = (
        descriptor(clauses.format, columns, _folder(clauses.location), clauses.serde) | clauses.file_classes
    )
    if clauses.buckets:
        made |= {"BucketColumns": clauses.bucketed_by, "NumberOfBuckets": clauses.buckets}
    made["SerdeInfo"]["Parameters"] = clauses.serde_properties or {"serialization.format": "1"}
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": made,
        "PartitionKeys": clauses.keys,
        "Parameters": {
            "EXTERNAL": "TRUE",
            "transient_lastDdlTime": str(int(time.time())),
            **({"comment": clauses.comment} if clauses.comment else {}),
            **clauses.properties,
        },
    }


def _folder(location: str) -> str:
    """A location as Hive keeps it: without its last slash, unless it is a whole bucket."""
    folder = location.rstrip("/")
    return folder if folder.count("/") > 2 else folder + "/"


DELIMITERS = (
    (("FIELDS", "TERMINATED", "BY"), "field.delim"),
    (("COLLECTION", "ITEMS", "TERMINATED", "BY"), "collection.delim"),
    (("MAP", "KEYS", "TERMINATED", "BY"), "mapkey.delim"),
    (("LINES", "TERMINATED", "BY"), "line.delim"),
    (("ESCAPED", "BY"), "escape.delim"),
    (("NULL", "DEFINED", "AS"), "serialization.null.format"),
)
LINE_ENDS = ("\n", "10", "\\n")


class Clauses:
    """The clauses after the columns, in any order."""

    def __init__(self) -> None:
        self.comment = ""
        self.keys: list[dict[str, str]] = []
        self.bucketed_by: list[str] = []
        self.buckets = 0
        self.format = "TEXTFILE"
        self.file_classes: dict[str, str] = {}
        self.serde: str | None = None
        self.serde_properties: dict[str, str] = {}
        self.location: str | None = None
        self.properties: dict[str, str] = {}

    def read(self, reader: Reader) -> None:
        """One clause."""
        if reader.accept("COMMENT"):
            self.comment = reader.string()
        elif reader.accept("PARTITIONED", "BY"):
            self.keys = reader.columns()
        elif reader.accept("CLUSTERED", "BY"):
            self._clustered(reader)
        elif reader.accept("ROW", "FORMAT", "SERDE"):
            self.serde = reader.string()
            if self.serde == OPENX and not self.file_classes:
                self.file_classes = {"OutputFormat": OPENX_OUT}
        elif reader.accept("WITH", "SERDEPROPERTIES"):
            self.serde_properties |= reader.properties()
        elif reader.accept("ROW", "FORMAT", "DELIMITED"):
            self._delimited(reader)
        elif reader.accept("STORED", "AS", "INPUTFORMAT"):
            reads = reader.string()
            reader.expect("OUTPUTFORMAT")
            self.file_classes = {"InputFormat": reads, "OutputFormat": reader.string()}
            self.format = next((f for f, row in FORMATS.items() if row[0] == reads), "TEXTFILE")
        elif reader.accept("STORED", "AS"):
            self.format = self._known(reader.identifier().upper())
        elif reader.accept("LOCATION"):
            self.location = reader.string()
        elif reader.accept("TBLPROPERTIES"):
            self.properties = reader.properties()
        else:
            raise reader.error()

    def _clustered(self, reader: Reader) -> None:
        self.bucketed_by = reader.names()
        reader.expect("INTO")
        count = reader.next().value
        reader.expect("BUCKETS")
        if not count.isdigit() or int(count) == 0:
            raise QueryFailed(
                "", "FAILED: SemanticException Bucket count must be a positive number", error_type=1003
            )
        self.buckets = int(count)

    def _known(self, name: str) -> str:
        if name not in FORMATS:
            raise not_supported(f"Unsupported file format: {name}")
        return name

    def _delimited(self, reader: Reader) -> None:
        found = True
        while found:
            found = False
            for words, key in DELIMITERS:
                if reader.accept(*words):
                    self.serde_properties[key] = reader.string()
                    found = True
        if self.serde_properties.get("line.delim", "\n") not in LINE_ENDS:
            shown = self.serde_properties["line.delim"]
            raise QueryFailed(
                "",
                "FAILED: SemanticException LINES TERMINATED BY only supports newline '\\n' right now. Error "
                f"encountered near token ''{shown}''",
                error_type=1003,
            )
        if "field.delim" in self.serde_properties:
            self.serde_properties["serialization.format"] = self.serde_properties["field.delim"]
