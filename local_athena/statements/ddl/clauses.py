"""The clauses of CREATE EXTERNAL TABLE, which Hive's grammar has in one order, each at most once.

https://docs.aws.amazon.com/athena/latest/ug/create-table.html#create-table-synopsis
"""

from __future__ import annotations

from collections.abc import Callable

from local_athena.errors import QueryFailed, not_supported
from local_athena.statements.ddl.formats import FORMATS, OPENX, OPENX_OUT
from local_athena.statements.ddl.reader import Reader

DELIMITERS = (
    (("FIELDS", "TERMINATED", "BY"), "field.delim"),
    (("ESCAPED", "BY"), "escape.delim"),
    (("COLLECTION", "ITEMS", "TERMINATED", "BY"), "collection.delim"),
    (("MAP", "KEYS", "TERMINATED", "BY"), "mapkey.delim"),
    (("LINES", "TERMINATED", "BY"), "line.delim"),
    (("NULL", "DEFINED", "AS"), "serialization.null.format"),
)
"""Of ROW FORMAT DELIMITED, in their order; ESCAPED BY belongs to FIELDS."""
LINE_ENDS = ("\n", "10", "\\n")


def read_definition(reader: Reader) -> tuple[list[dict[str, str]], Clauses]:
    """The columns and clauses after a table's name, to the statement's end; Delta Lake tables need no columns.

    Raises:
        QueryFailed: it is not Hive's, or another clause's turn.
    """  # noqa: E501
    columns, clauses = reader.columns() if reader.starts("(") else [], Clauses()
    for read in CLAUSES:
        read(clauses, reader)
    reader.end()
    if any("timestamptz" in column["Type"] for column in columns + clauses.keys):
        raise reader.error()
    if not columns and clauses.properties.get("table_type", "").upper() != "DELTA":
        raise reader.error()
    return columns, clauses


def read_iceberg_definition(reader: Reader) -> tuple[list[dict[str, str]], list[str], str, dict[str, str]]:
    """Columns, partition fields, location and properties; a comment is read and not kept, as on Athena."""
    columns = reader.columns()
    if reader.accept("COMMENT"):
        reader.string()
    partitions = reader.partition_fields() if reader.accept("PARTITIONED", "BY") else []
    location = reader.string() if reader.accept("LOCATION") else ""
    properties = reader.properties() if reader.accept("TBLPROPERTIES") else {}
    reader.end()
    return columns, partitions, location, properties


class Clauses:
    """What stands after the columns."""

    def __init__(self) -> None:
        self.comment = ""
        self.keys: list[dict[str, str]] = []
        self.bucketed_by: list[str] = []
        self.sorted_by: list[dict[str, object]] = []
        self.buckets = 0
        self.format = "TEXTFILE"
        self.file_classes: dict[str, str] = {}
        self.serde: str | None = None
        self.serde_properties: dict[str, str] = {}
        self.location: str | None = None
        self.properties: dict[str, str] = {}

    def read_comment(self, reader: Reader) -> None:
        """COMMENT 'text'."""
        if reader.accept("COMMENT"):
            self.comment = reader.string()

    def read_keys(self, reader: Reader) -> None:
        """PARTITIONED BY (name type, ...)."""
        if reader.accept("PARTITIONED", "BY"):
            self.keys = reader.columns()

    def read_buckets(self, reader: Reader) -> None:
        """CLUSTERED BY (name, ...) [SORTED BY (name [ASC|DESC], ...)] INTO n BUCKETS."""
        if not reader.accept("CLUSTERED", "BY"):
            return
        self.bucketed_by = reader.names()
        if reader.accept("SORTED", "BY"):
            self.sorted_by = reader.sorted_names()
        reader.expect("INTO")
        count = reader.next().value
        reader.expect("BUCKETS")
        if not count.isdigit() or int(count) == 0:
            raise QueryFailed(
                "", "FAILED: SemanticException Bucket count must be a positive number", error_type=1003
            )
        self.buckets = int(count)

    def read_row_format(self, reader: Reader) -> None:
        """ROW FORMAT SERDE 'class' [WITH SERDEPROPERTIES (...)] or ROW FORMAT DELIMITED ..."""
        if reader.accept("ROW", "FORMAT", "SERDE"):
            self.serde = reader.string()
            self.file_classes = {"OutputFormat": OPENX_OUT} if self.serde == OPENX else {}
            self._read_serde_properties(reader)
        elif reader.accept("ROW", "FORMAT", "DELIMITED"):
            self._read_delimiters(reader)

    def read_format(self, reader: Reader) -> None:
        """STORED AS name, or STORED AS INPUTFORMAT 'class' OUTPUTFORMAT 'class'."""
        if reader.accept("STORED", "AS", "INPUTFORMAT"):
            reads = reader.string()
            reader.expect("OUTPUTFORMAT")
            self.file_classes = {"InputFormat": reads, "OutputFormat": reader.string()}
        elif reader.accept("STORED", "AS"):
            word = reader.next()
            if word.kind != "word":
                reader.at -= 1
                raise reader.error()
            if word.value.upper() not in FORMATS:
                raise not_supported(f"Unsupported file format: {word.value.upper()}")
            self.format = word.value.upper()
        if not self.serde_properties or self.serde is None:
            self._read_serde_properties(reader)

    def read_location(self, reader: Reader) -> None:
        """LOCATION 's3://...'."""
        if reader.accept("LOCATION"):
            self.location = reader.string()

    def read_properties(self, reader: Reader) -> None:
        """TBLPROPERTIES ('key' = 'value', ...)."""
        if reader.accept("TBLPROPERTIES"):
            self.properties = reader.properties()

    def _read_serde_properties(self, reader: Reader) -> None:
        if reader.accept("WITH", "SERDEPROPERTIES"):
            self.serde_properties |= reader.properties()

    def _read_delimiters(self, reader: Reader) -> None:
        for words, key in DELIMITERS:
            if (key != "escape.delim" or "field.delim" in self.serde_properties) and reader.accept(*words):
                self.serde_properties[key] = reader.string()
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


CLAUSES: tuple[Callable[[Clauses, Reader], None], ...] = (
    Clauses.read_comment,
    Clauses.read_keys,
    Clauses.read_buckets,
    Clauses.read_row_format,
    Clauses.read_format,
    Clauses.read_location,
    Clauses.read_properties,
)
"""In Hive's order."""
