"""What one file is: format, columns, types."""

from __future__ import annotations

import bz2
import gzip
import json
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import orc

from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.classify import classify
from local_aws.glue.crawlers.classify_csv import CsvOptions, classify_csv
from local_aws.glue.crawlers.hive_types import render


def classified(folder: Path, data: str | bytes, *custom: CsvOptions) -> Classified | None:
    path = folder / "file"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with path.open("rb") as file:
        return classify(file, [partial(classify_csv, options=one) for one in custom])


def columns(folder: Path, data: str | bytes, *custom: CsvOptions) -> dict[str, str]:
    found = classified(folder, data, *custom)
    assert found is not None
    return {column.name: render(column.type) for column in found.columns}


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_each_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "a,b,c\n1,x,2.5\n2,y,3\n".replace(",", delimiter)
    found = classified(tmp_path, text)
    assert found is not None
    assert (found.format.delimiter, found.format.has_header) == (delimiter, True)
    assert columns(tmp_path, text) == {"a": "bigint", "b": "string", "c": "double"}


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path: Path) -> None:
    text = "id;kwh\n1;1,5\n2;2.000,75\n3;7\n"
    assert columns(tmp_path, text) == {"id": "bigint", "kwh": "string"}


def test_quoted_delimiters_and_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    text = 'id,name\n1,"a, b"\n2,"line\nbreak"\n3,"say ""hi"""\n'
    assert columns(tmp_path, text) == {"id": "bigint", "name": "string"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-2", ""], "bigint"),
        (["1", "2.5"], "double"),
        (["1e3", ".5"], "double"),
        (["9223372036854775808", "1"], "double"),
        (["9" * 30], "double"),
        (["true", "FALSE"], "boolean"),
        (["true", "1"], "string"),
        (["2025-01-01", "2025-01-02"], "string"),
        (["", ""], "string"),
        (["1", "n/a"], "string"),
    ],
)
def test_types_of_csv_columns(tmp_path: Path, values: list[str], expected: str) -> None:
    text = "n,v\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values))
    assert columns(tmp_path, text)["v"] == expected


def test_a_file_of_texts_only_has_no_header(tmp_path: Path) -> None:
    found = classified(tmp_path, "name,city\nAna,Cali\n")
    assert found is not None
    assert not found.format.has_header
    assert columns(tmp_path, "name,city\nAna,Cali\n") == {"col0": "string", "col1": "string"}


@pytest.mark.parametrize("first", ["1,b", f"{'x' * 150},b", "a,,c", "2.5,b"])
def test_a_first_row_that_fits_no_column_names_is_data(tmp_path: Path, first: str) -> None:
    width = first.count(",") + 1
    text = first + "\n" + ",".join(["1"] * width) + "\n"
    found = classified(tmp_path, text)
    assert found is not None
    assert not found.format.has_header


def test_names_are_lower_case_and_distinct(tmp_path: Path) -> None:
    names = list(columns(tmp_path, "Año,ID,id,\n1,2,3,4\n"))
    assert names == ["año", "id", "id_2", "col3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert list(columns(tmp_path, "año,n\nBogotá,1\n".encode(encoding))) == ["año", "n"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n\n",
        b"one column\nof text\n",
        b"a,b\n",
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"PAR1 but no footer",
        b"ORC",
        b"Obj\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"Obj\x01",
        b"\x1f\x8b broken",
        b"BZ broken",
        b'{"a": 1',
        b"[1, 2",
        b"[" * 100_000,
        b"a,b\n1\n1,2,3\n1,2,3,4\n",
    ],
)
def test_what_is_nothing_is_nothing(tmp_path: Path, data: bytes) -> None:
    assert classified(tmp_path, data) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PAR1", b"ORC", b"Obj\x01", b"{", b"[", b"a,b\n1,2\n"])
)
def test_no_content_makes_a_classifier_fail(tmp_path: Path, data: bytes, start: bytes) -> None:
    classified(tmp_path, start + data)


def test_a_large_file_is_judged_by_its_beginning(tmp_path: Path) -> None:
    row = "1,Bogotá,2.5\n"
    found = classified(tmp_path, "id,city,kwh\n" + row * 120_000 + "x,y,z\n")
    assert found is not None
    assert [render(column.type) for column in found.columns] == ["bigint", "string", "double"]
    assert found.bytes_per_record == pytest.approx(len(row.encode()), rel=0.05)


@pytest.mark.parametrize(("compress", "name"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2")])
def test_compressed_text(tmp_path: Path, compress: object, name: str) -> None:
    assert callable(compress)
    found = classified(tmp_path, compress(b"a,b\n1,x\n"))
    assert found is not None
    assert found.format.compression == name


def test_a_custom_classifier_comes_first_and_gives_names(tmp_path: Path) -> None:
    options = CsvOptions(delimiter=":", header="ABSENT", names=("host", "port"))
    assert columns(tmp_path, "a:1\nb:2\n", options) == {"host": "string", "port": "bigint"}
    assert columns(tmp_path, "x,y\n1,2\n", options) == {"x": "bigint", "y": "bigint"}


def test_a_custom_classifier_may_allow_a_single_column(tmp_path: Path) -> None:
    options = CsvOptions(header="PRESENT", single_column=True)
    assert columns(tmp_path, "n\n1\n2\n", options) == {"n": "bigint"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"A": 1}\n{"A": 2}', {"a": "int"}),
        ('{"a": 1}\n{"a": 2.5}', {"a": "double"}),
        ('{"a": 1}\n{"a": 3000000000}', {"a": "bigint"}),
        ('{"a": null}', {"a": "string"}),
        ('{"a": true, "b": []}', {"a": "boolean", "b": "array<string>"}),
        ('{"a": 1}\n{"a": "x"}', {"a": "string"}),
        ('{"a": {"b": [1, 2.5]}}\n{"a": {"c": "x"}}', {"a": "struct<b:array<double>,c:string>"}),
        ('{\n  "a": 1\n}\n{\n  "a": 2\n}', {"a": "int"}),
        ('[{"a": 1}, {"a": 2}]', {"array": "array<struct<a:int>>"}),
    ],
)
def test_json(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    assert columns(tmp_path, text) == expected


def test_a_json_file_longer_than_the_sample_is_json(tmp_path: Path) -> None:
    assert columns(tmp_path, '{"a": "0123456789"}\n' * 80_000) == {"a": "string"}


SCHEMA = pa.schema(
    [
        ("Tiny", pa.int8()),
        ("small", pa.int16()),
        ("whole", pa.int32()),
        ("big", pa.int64()),
        ("single", pa.float32()),
        ("number", pa.float64()),
        ("money", pa.decimal128(18, 2)),
        ("flag", pa.bool_()),
        ("text", pa.string()),
        ("raw", pa.binary()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("list", pa.list_(pa.int32())),
        ("map", pa.map_(pa.string(), pa.int64())),
        ("inner", pa.struct([("a", pa.int32())])),
    ]
)
HIVE = {
    "tiny": "tinyint",
    "small": "smallint",
    "whole": "int",
    "big": "bigint",
    "single": "float",
    "number": "double",
    "money": "decimal(18,2)",
    "flag": "boolean",
    "text": "string",
    "raw": "binary",
    "day": "date",
    "at": "timestamp",
    "list": "array<int>",
    "map": "map<string,bigint>",
    "inner": "struct<a:int>",
}


def test_parquet_and_orc_keep_their_types(tmp_path: Path) -> None:
    table = SCHEMA.empty_table()
    pq.write_table(table, tmp_path / "x")
    assert columns(tmp_path, (tmp_path / "x").read_bytes()) == HIVE
    orc.write_table(table, tmp_path / "y")
    assert columns(tmp_path, (tmp_path / "y").read_bytes()) == HIVE | {"tiny": "tinyint"}


def test_avro_is_read_from_its_header(tmp_path: Path) -> None:
    fields = [
        {"name": "Id", "type": "long"},
        {"name": "name", "type": ["null", "string"]},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "kwh", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "more", "type": {"type": "map", "values": "int"}},
    ]
    schema = json.dumps({"type": "record", "name": "r", "fields": fields}).encode()

    def number(value: int) -> bytes:
        value <<= 1
        out = b""
        while value >= 0x80:
            out += bytes([value & 0x7F | 0x80])
            value >>= 7
        return out + bytes([value])

    name = b"avro.schema"
    header = number(1) + number(len(name)) + name + number(len(schema)) + schema + number(0)
    data = b"Obj\x01" + header + bytes(16) + number(10) + number(420) + bytes(420)
    assert columns(tmp_path, data) == {
        "id": "bigint",
        "name": "string",
        "day": "date",
        "kwh": "decimal(9,2)",
        "tags": "array<string>",
        "more": "map<string,int>",
    }
    found = classified(tmp_path, data)
    assert found is not None
    assert found.bytes_per_record == 42
    assert found.format.avro_schema == schema.decode()
