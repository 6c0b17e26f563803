"""The InputFormat of a table or partition: what its files are, whatever its SerDe would make of them.

Athena opens files by their InputFormat, so a manifest of links is never text, and a class that is not known
is refused by its name. https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
"""

from __future__ import annotations

from typing import Any

from local_athena.errors import QueryFailed, not_supported

TEXT_SERDES = ("LazySimpleSerDe", "OpenCSVSerde", "JsonSerDe", "OpenXJsonSerDe", "RegexSerDe")
SYMLINK = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
HUDI = frozenset(
    ("org.apache.hudi.hadoop.HoodieParquetInputFormat", "com.uber.hoodie.hadoop.HoodieInputFormat")
)
"""Of a copy-on-write table, or the read-optimised view of another."""
KNOWN = HUDI | {
    "org.apache.hadoop.mapred.TextInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
    SYMLINK,
}
TEXT = frozenset(("org.apache.hadoop.mapred.TextInputFormat", SYMLINK))
ABSENT = {
    "org.apache.hadoop.mapred.SequenceFileInputFormat": "SequenceFile",
    "org.apache.hadoop.hive.ql.io.RCFileInputFormat": "RCFile",
    "org.apache.hudi.hadoop.realtime.HoodieParquetRealtimeInputFormat": "Hudi merge-on-read",
    "org.apache.hudi.hadoop.HoodieROTablePathFilter": "Hudi",
    "com.amazon.ionhiveserde.formats.IonInputFormat": "Amazon Ion",
    "com.amazon.emr.cloudtrail.CloudTrailInputFormat": "CloudTrail",
    "org.apache.hadoop.hive.ql.io.parquet.VectorizedParquetInputFormat": "vectorized Parquet",
}
"""What Athena or Hive reads and is not read here."""


def check_input_format(descriptor: dict[str, Any]) -> str:
    """The InputFormat of a StorageDescriptor; none is given for tables that only this service made.

    Raises:
        QueryFailed: it is not read here, or the SerDe does not go with it.
    """
    given = str(descriptor.get("InputFormat") or "")
    serde = str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "")
    if given in ABSENT:
        raise not_supported(f"The input format {given} ({ABSENT[given]}) is not supported here")
    if given and given not in KNOWN:
        raise QueryFailed("HIVE_UNSUPPORTED_FORMAT", f"Unable to create input format {given}")
    if given and serde.rpartition(".")[2] in TEXT_SERDES and given not in TEXT:
        raise QueryFailed(
            "HIVE_UNSUPPORTED_FORMAT", f"Unsupported input format: serde={serde}, format={given}"
        )
    return given
