"""How Glue's formats and their options are read and written by Spark.

An option that Spark has no equivalent for is refused, because leaving it out would change the data.
Options that only concern speed are passed over.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsglue.missing import not_there

SPARK_FORMATS = {
    "parquet": "parquet", "glueparquet": "parquet", "csv": "csv", "json": "json", "orc": "orc",
    "avro": "avro", "xml": "xml",
}  # fmt: skip
NO_QUOTES = -1

Options = Mapping[str, Any]

_CSV = {"separator": "sep", "quoteChar": "quote", "escaper": "escape", "multiLine": "multiLine"}
READ_OPTIONS = {
    "csv": {**_CSV, "withHeader": "header", "skipFirst": "header"},
    "json": {"multiLine": "multiLine"},
    "parquet": {},
    "orc": {},
    "avro": {},
    "xml": {
        "rowTag": "rowTag", "encoding": "charset", "excludeAttribute": "excludeAttribute",
        "attributePrefix": "attributePrefix", "valueTag": "valueTag",
        "ignoreSurroundingSpaces": "ignoreSurroundingSpaces", "treatEmptyValuesAsNulls": "nullValue",
    },
}  # fmt: skip
WRITE_OPTIONS = {
    "csv": {**_CSV, "writeHeader": "header", "compression": "compression"},
    "json": {"compression": "compression"},
    "parquet": {"compression": "compression"},
    "orc": {"compression": "compression"},
    "avro": {"compression": "compression"},
}
ONLY_SPEED = frozenset(
    {
        "optimizeperformance",
        "useglueparquetwriter",
        "blocksize",
        "pagesize",
        "strictcheckforquoting",
        "version",
    }
)
READ_DEFAULTS = {"csv": {"header": "false", "sep": ",", "quote": '"', "escape": '"'}}
WRITE_DEFAULTS = {"csv": {"header": "true", "sep": ",", "quote": '"', "escape": '"'}}


def spark_format(name: str) -> str:
    """Spark's name of a Glue format.

    Raises:
        NotImplementedError: Spark has no such format here.
    """
    if name.lower() not in SPARK_FORMATS:
        raise not_there(f"the format '{name}'")
    return SPARK_FORMATS[name.lower()]


def read_options(name: str, options: Options) -> dict[str, str]:
    """Spark's reader options for a Glue format and its `format_options`."""
    return _translated(spark_format(name), options, READ_OPTIONS, READ_DEFAULTS)


def write_options(name: str, options: Options) -> dict[str, str]:
    """Spark's writer options for a Glue format and its `format_options`."""
    return _translated(spark_format(name), options, WRITE_OPTIONS, WRITE_DEFAULTS)


def _translated(
    name: str,
    options: Options,
    known: Mapping[str, Mapping[str, str]],
    defaults: Mapping[str, Mapping[str, str]],
) -> dict[str, str]:
    if name not in known:
        raise not_there(f"writing the format '{name}'")
    translated = dict(defaults.get(name, {}))
    # Scripts write `multiline` as often as `multiLine`, and Glue takes both.
    names = {option.lower(): spark for option, spark in known[name].items()}
    for option, value in options.items():
        if option.lower() in ONLY_SPEED:
            continue
        if option.lower() not in names:
            raise not_there(f"the option '{option}' of the format '{name}'")
        if option.lower() == "treatemptyvaluesasnulls":
            translated.update({"nullValue": ""} if _text(value) == "true" else {})
        elif option.lower() != "skipfirst" or _text(value) == "true":
            translated[names[option.lower()]] = _text(value)
    if translated.get("quote") == "" and "escaper" not in options:
        # Where nothing is a quote, nothing is written twice either.
        translated["escape"] = ""
    return translated


def _text(value: Any) -> str:
    if value in (NO_QUOTES, str(NO_QUOTES)):
        return ""
    return str(value).lower() if isinstance(value, bool) or value in ("True", "False") else str(value)
