from __future__ import annotations

from typing import Any

import pytest
from awsglue.catalog import CatalogTable, Partition
from awsglue.catalog_source import is_hive_style
from awsglue.dynamic.casts import spark_type
from awsglue.gluetypes import ArrayType, ChoiceType, Field, IntegerType, LongType, StringType, StructType
from awsglue.paths import parse_path, path_text
from awsglue.schema_text import tree_text

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"


def table(library: str, serde: dict[str, str] | None = None, **parameters: str) -> CatalogTable:
    storage: dict[str, Any] = {
        "Location": "s3://lake/raw/clientes/",
        "SerdeInfo": {"SerializationLibrary": library, "Parameters": serde or {}},
    }
    keys = [{"Name": "year", "Type": "string"}, {"Name": "ciudad", "Type": "string"}]
    return CatalogTable({"StorageDescriptor": storage, "Parameters": parameters, "PartitionKeys": keys})


def test_a_csv_table_says_how_it_is_read() -> None:
    options = table(LAZY, {"field.delim": ";"}, **{"skip.header.line.count": "1"}).reader_options()
    assert (options["sep"], options["header"], options["quote"]) == (";", "true", '"')
    quoted = table("org.apache.hadoop.hive.serde2.OpenCSVSerde", {"separatorChar": "|", "quoteChar": "'"})
    assert quoted.reader_options() == {"sep": "|", "quote": "'", "escape": "'", "header": "false"}
    assert table(LAZY).reader_options()["sep"] == "\x01"


def test_more_than_one_header_line_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="2 header lines"):
        table(LAZY, **{"skip.header.line.count": "2"}).reader_options()


def test_an_unknown_serde_is_refused_by_name() -> None:
    with pytest.raises(NotImplementedError, match="GrokSerDe"):
        _ = table("com.amazonaws.glue.serde.GrokSerDe").format


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("s3://lake/raw/clientes/year=2025/ciudad=Santa Marta", True),
        ("s3://lake/raw/clientes/year=2025/ciudad=Santa%20Marta", True),
        ("s3://lake/raw/clientes/2025/Santa Marta", False),
        ("s3://other/year=2025/ciudad=Santa Marta", False),
    ],
)
def test_a_partition_is_hive_style_when_its_values_are_in_its_location(location: str, expected: bool) -> None:
    partition = Partition({"year": "2025", "ciudad": "Santa Marta"}, location)
    assert is_hive_style(table(LAZY), partition) is expected


def test_char_and_varchar_are_strings_to_spark() -> None:
    assert spark_type("struct<a:varchar(10),b:char( 3 )>") == "struct<a:string,b:string>"
    assert spark_type("decimal(18,2)") == "decimal(18,2)"


def test_paths_have_dots_and_back_quotes() -> None:
    assert parse_path("a.`b.c`.d") == ("a", "b.c", "d")
    assert parse_path("a[].b") == ("a", "b")
    assert parse_path("`a[].``b`") == ("a[].`b",)
    for path in (("a", "b.c"), ("a[]", "b`c"), ("ñandú",)):
        assert parse_path(path_text(path)) == path
    with pytest.raises(ValueError, match="is no path"):
        parse_path("")


def test_a_schema_is_printed_as_glue_does() -> None:
    items = ArrayType(StructType([Field("n", IntegerType())]))
    either = ChoiceType([StringType(), LongType()])
    schema = StructType([Field("id", LongType()), Field("items", items), Field("code", either)])
    assert tree_text(schema).splitlines() == [
        "root",
        "|-- id: long",
        "|-- items: array",
        "|    |-- element: struct",
        "|    |    |-- n: int",
        "|-- code: choice",
        "|    |-- long",
        "|    |-- string",
    ]
