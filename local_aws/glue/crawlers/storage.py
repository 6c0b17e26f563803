"""The StorageDescriptor and Parameters that Glue writes for each format.

Names and values are those of tables made by real crawlers; `recordCount` is an estimate there as it is here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.hive_types import LONGEST, Column, render

_HIVE = "org.apache.hadoop.hive"
_TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat"
LAZY_SIMPLE = f"{_HIVE}.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = f"{_HIVE}.serde2.OpenCSVSerde"


@dataclass(frozen=True, slots=True)
class Classes:
    """The Java classes that read and write a format."""

    input_format: str
    output_format: str
    serde: str


_GLUE = "com.amazonaws.glue.serde"
_ION = "com.amazon.ionhiveserde"
CLASSES = {
    "csv": Classes(_TEXT_IN, _TEXT_OUT, LAZY_SIMPLE),
    "json": Classes(_TEXT_IN, _TEXT_OUT, "org.openx.data.jsonserde.JsonSerDe"),
    "parquet": Classes(
        f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
        f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
        f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "orc": Classes(
        f"{_HIVE}.ql.io.orc.OrcInputFormat",
        f"{_HIVE}.ql.io.orc.OrcOutputFormat",
        f"{_HIVE}.ql.io.orc.OrcSerde",
    ),
    "avro": Classes(
        f"{_HIVE}.ql.io.avro.AvroContainerInputFormat",
        f"{_HIVE}.ql.io.avro.AvroContainerOutputFormat",
        f"{_HIVE}.serde2.avro.AvroSerDe",
    ),
    "grok": Classes(_TEXT_IN, _TEXT_OUT, f"{_GLUE}.GrokSerDe"),
    "ion": Classes(
        f"{_ION}.formats.IonInputFormat", f"{_ION}.formats.IonOutputFormat", f"{_ION}.IonHiveSerDe"
    ),
}


def parameters_of(schema: Classified, sizes: Collection[int], crawler: str) -> dict[str, str]:
    """The Parameters of a table or a partition whose files have these sizes in bytes."""
    form = schema.format
    known = form.classification != "UNKNOWN"
    per_record = max(schema.bytes_per_record, 1.0)
    # The average is of decompressed text, the size of files is not: text packs about fivefold.
    size = sum(sizes) * (1 if form.compression == "none" else 5)
    parameters = {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler,
        "averageRecordSize": str(round(per_record)) if known else "-1",
        "classification": form.classification,
        "compressionType": form.compression,
        "objectCount": str(len(sizes)),
        "recordCount": str(round(size / per_record)) if known else "-1",
        "sizeKey": str(sum(sizes)),
        "typeOfData": "file",
    }
    return parameters | _csv_parameters(form) if form.classification == "csv" else parameters


def storage_descriptor(schema: Classified, location: str, parameters: dict[str, str]) -> dict[str, Any]:
    """The StorageDescriptor of a table or a partition at `location`."""
    serde = OPEN_CSV if schema.format.serde == "OpenCSVSerDe" else ""
    return {
        "Columns": hive_columns(schema.columns, text_only=serde == OPEN_CSV),
        "Location": location,
        "Compressed": schema.format.compression != "none",
        "NumberOfBuckets": -1,
        **_reader(schema, serde),
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": parameters,
        "StoredAsSubDirectories": False,
    }


def _reader(schema: Classified, serde: str) -> dict[str, Any]:
    """The classes and the SerDe that read the files; nothing does for XML and what is not known."""
    form = schema.format
    classes = CLASSES.get(form.reader or form.classification)
    if classes is None:
        return {"SerdeInfo": {"Parameters": dict(form.properties)}}
    info = {"SerializationLibrary": serde or classes.serde, "Parameters": _serde_parameters(schema)}
    return {
        "InputFormat": classes.input_format,
        "OutputFormat": classes.output_format,
        "SerdeInfo": info,
    }


def hive_columns(columns: Collection[Column], *, text_only: bool = False) -> list[dict[str, str]]:
    """Columns as the catalog has them; `text_only` for OpenCSVSerde, which Glue gives strings only."""
    types = ["string" if text_only else render(one.type) for one in columns]
    return [
        {"Name": one.name, "Type": kind if len(kind) <= LONGEST else "string"}
        for one, kind in zip(columns, types, strict=True)
    ]


def _csv_parameters(form: Format) -> dict[str, str]:
    header = {"skip.header.line.count": "1"} if form.has_header else {}
    return {
        "areColumnsQuoted": "true" if form.quote else "false",
        "columnsOrdered": "true",
        "delimiter": form.delimiter,
        **header,
    }


def _serde_parameters(schema: Classified) -> dict[str, str]:
    form = schema.format
    if form.classification == "csv":
        if form.serde == "OpenCSVSerDe":
            return {"quoteChar": form.quote, "separatorChar": form.delimiter}
        encoding = {"serialization.encoding": form.encoding} if form.encoding else {}
        return {"field.delim": form.delimiter, **encoding}
    if form.classification == "json":
        paths = ",".join(sorted(column.spelled or column.name for column in schema.columns))
        return {"paths": paths, **dict(form.properties)}
    if form.reader or form.classification == "ion":
        return dict(form.properties)
    avro = {"avro.schema.literal": form.avro_schema} if form.avro_schema else {}
    return {"serialization.format": "1", **avro}
