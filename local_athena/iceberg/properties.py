"""The table properties that Athena's Iceberg tables take, and what Iceberg calls them.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html#querying-iceberg-table-properties
"""

from __future__ import annotations

from local_athena.errors import QueryFailed

FORMAT, CODEC = "write.format.default", "write.parquet.compression-codec"
DATA_PATH = "write.data.path"
"""Where data files go instead of below the table's location."""
ICEBERG_NAMES = {
    "format": FORMAT,
    "write_compression": CODEC,
    "compression_level": "write.parquet.compression-level",
    "write_target_data_file_size_bytes": "write.target-file-size-bytes",
    "write.data.path": DATA_PATH,
}
KEPT = (
    "optimize_rewrite_min_data_file_size_bytes",
    "optimize_rewrite_max_data_file_size_bytes",
    "optimize_rewrite_data_file_threshold",
    "optimize_rewrite_delete_file_threshold",
    "vacuum_min_snapshots_to_keep",
    "vacuum_max_snapshot_age_seconds",
    "vacuum_max_metadata_files_to_keep",
)
DEFAULTS = {FORMAT: "PARQUET", CODEC: "zstd"}
COMPRESSIONS = ("zstd", "snappy", "gzip", "lz4", "none", "uncompressed")


def stored_key(key: str) -> str:
    """What the table's metadata calls one of Athena's properties.

    Raises:
        QueryFailed: it is none of Athena's.
    """
    name = key.lower()
    if name not in ICEBERG_NAMES and name not in KEPT:
        raise QueryFailed("", f"Unsupported table property key: {key}", error_type=1200)
    return ICEBERG_NAMES.get(name, name)


def iceberg_properties(given: dict[str, str], *, defaults: bool = True) -> dict[str, str]:
    """What is stored in the table's metadata for Athena's properties.

    Raises:
        QueryFailed: a key is not one of Athena's, or a value cannot be honoured.
    """
    made = dict(DEFAULTS) if defaults else {}
    for key, value in given.items():
        name = key.lower()
        if name == "table_type":
            continue
        stored = stored_key(key)
        if name == "format" and value.lower() != "parquet":
            raise QueryFailed("NOT_SUPPORTED", f"Iceberg tables of format {value} are not supported")
        if name == DATA_PATH and not value.startswith("s3://"):
            raise QueryFailed("INVALID_TABLE_PROPERTY", f"{DATA_PATH} is not a valid S3 path: {value}")
        if name == "write_compression" and value.lower() not in COMPRESSIONS:
            raise QueryFailed("INVALID_TABLE_PROPERTY", f"Unsupported write_compression: {value}")
        made[stored] = value.lower() if name == "write_compression" else value
    return made


def athena_properties(stored: dict[str, str]) -> dict[str, str]:
    """The stored properties as Athena names them, those of Iceberg itself left out."""
    names = {iceberg: athena for athena, iceberg in ICEBERG_NAMES.items()}
    return {names.get(key, key): value for key, value in stored.items() if key in names or key in KEPT}
