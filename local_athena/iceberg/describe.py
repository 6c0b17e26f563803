"""DESCRIBE, SHOW CREATE TABLE and SHOW TBLPROPERTIES of an Iceberg table: its current schema, spec and
properties.
"""

from __future__ import annotations

from pyiceberg.table import Table

from local_athena.iceberg.partitions import shown
from local_athena.iceberg.properties import athena_properties
from local_athena.iceberg.types import to_athena


def description(table: Table) -> list[str]:
    """The lines of DESCRIBE."""
    schema = table.schema()
    lines = ["# Table schema:\t\t", "# col_name\tdata_type\tcomment"]
    lines += [f"{f.name}\t{to_athena(f.field_type)}\t{f.doc or ''}" for f in schema.fields]
    lines += ["\t\t", "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name"]
    return lines + [
        f"{field.name}\t{field.transform}\t{schema.find_field(field.source_id).name}"
        for field in table.spec().fields
    ]


def create_text(table: Table) -> list[str]:
    """The lines of SHOW CREATE TABLE."""
    schema, spec = table.schema(), table.spec()
    columns = [
        f"  {f.name} {to_athena(f.field_type)}" + (f" COMMENT '{f.doc}'" if f.doc else "")
        for f in schema.fields
    ]
    lines = [f"CREATE TABLE {'.'.join(table.name())} (", *_joined(columns, ")")]
    if spec.fields:
        lines.append(f"PARTITIONED BY ({', '.join(ddl for _, _, ddl in shown(spec, schema))})")
    lines.append(f"LOCATION '{table.location()}'")
    return [
        *lines,
        "TBLPROPERTIES (",
        *_joined([f"  '{k}'='{v}'" for k, v in properties(table).items()], ""),
        ");",
    ]


def properties(table: Table) -> dict[str, str]:
    """The properties that Athena shows."""
    stored = athena_properties({key: str(value) for key, value in table.properties.items()})
    stored["format"] = stored.get("format", "PARQUET").lower()
    stored["write_compression"] = stored.get("write_compression", "zstd").upper()
    if stored["write_compression"] == "ZSTD":
        stored.setdefault("compression_level", "3")
    return {"table_type": "iceberg", **dict(sorted(stored.items()))}


def _joined(lines: list[str], end: str) -> list[str]:
    return [line + ("," if i < len(lines) - 1 else end) for i, line in enumerate(lines)]
