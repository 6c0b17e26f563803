"""Input format, output format and SerDe of each stored format."""

from __future__ import annotations

from typing import Any

TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPENX = "org.openx.data.jsonserde.JsonSerDe"
_IO = "org.apache.hadoop.hive.ql.io."
OPENX_OUT = _IO + "IgnoreKeyTextOutputFormat"
"""What Athena enters for ROW FORMAT SERDE with OpenX's SerDe and no STORED AS (PyAthena's tests)."""

FORMATS = {
    "PARQUET": (
        _IO + "parquet.MapredParquetInputFormat",
        _IO + "parquet.MapredParquetOutputFormat",
        _IO + "parquet.serde.ParquetHiveSerDe",
    ),
    "TEXTFILE": (TEXT_IN, TEXT_OUT, LAZY),
    "JSON": (TEXT_IN, TEXT_OUT, OPENX),
    "ORC": (_IO + "orc.OrcInputFormat", _IO + "orc.OrcOutputFormat", _IO + "orc.OrcSerde"),
    "AVRO": (
        _IO + "avro.AvroContainerInputFormat",
        _IO + "avro.AvroContainerOutputFormat",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    ),
}


def descriptor(
    format_name: str,
    columns: list[dict[str, str]],
    location: str,
    serde: str | None = None,
    **parameters: str,
) -> dict[str, Any]:
    """A StorageDescriptor."""
    reads, writes, library = FORMATS[format_name]
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": reads,
        "OutputFormat": writes,
        "Compressed": False,
        "NumberOfBuckets": 0,
        "SerdeInfo": {
            "SerializationLibrary": serde or library,
            "Parameters": {k: v for k, v in parameters.items() if v},
        },
        "SortColumns": [],
        "StoredAsSubDirectories": False,
    }
