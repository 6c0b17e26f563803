"""SerDes: what each reads of its files, with nested types, compression, and broken files."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import cramjam
import fastavro
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest

from tests.unit.local_athena.conftest import Lake

LAZY = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
HIVE_JSON = "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'"
OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
CSV = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"


def table(lake: Lake, columns: str, rest: str, **files: bytes) -> None:
    lake.rows(f"CREATE EXTERNAL TABLE t ({columns}) {rest} LOCATION 's3://lake/t/'")
    for name, content in files.items():
        lake.store.put("lake", f"t/{name.replace('__', '.')}", content)


def block(data: bytes, pack: Any) -> bytes:
    packed = bytes(pack(data))
    return len(data).to_bytes(4, "big") + len(packed).to_bytes(4, "big") + packed


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("f__gz", gzip.compress),
        ("f__bz2", bz2.compress),
        ("f__deflate", zlib.compress),
        ("f__zst", lambda data: bytes(cramjam.zstd.compress(data))),
        ("f__lz4", lambda data: bytes(cramjam.lz4.compress(data))),
        ("g__lz4", lambda data: block(data, lambda d: cramjam.lz4.compress_block(d, store_size=False))),
        ("f__snappy", lambda data: block(data, cramjam.snappy.compress_raw) * 2),
        ("g__snappy", lambda data: bytes(cramjam.snappy.compress(data))),
    ],
)
def test_text_is_unpacked_by_its_ending(lake: Lake, name: str, pack: Any) -> None:
    packed = pack(b"1,a\n2,b\n")
    table(lake, "n int, s string", LAZY, **{name: packed})
    done = lake.run("SELECT n, s FROM t ORDER BY 1")
    assert done["Statistics"]["DataScannedInBytes"] == len(packed)
    assert lake.rows("SELECT DISTINCT n, s FROM t ORDER BY 1") == [["1", "a"], ["2", "b"]]


@pytest.mark.parametrize("name", ["f__gz", "f__bz2", "f__snappy", "f__lz4", "f__deflate"])
def test_a_truncated_packed_file_fails_by_name(lake: Lake, name: str) -> None:
    packers: dict[str, Any] = {
        "gz": gzip.compress, "bz2": bz2.compress, "deflate": zlib.compress,
        "snappy": lambda data: block(data, cramjam.snappy.compress_raw),
        "lz4": lambda data: bytes(cramjam.lz4.compress(data)),
    }  # fmt: skip
    packed = packers[name.removeprefix("f__")](b"".join(b"%d,x\n" % i for i in range(5000)))
    table(lake, "n int", LAZY, **{name: packed[: len(packed) // 2]})
    reason = lake.reason("SELECT sum(n) FROM t")
    assert reason == f"HIVE_CURSOR_ERROR: Failed to read file: s3://lake/t/{name.replace('__', '.')}"


def test_delimited_text_nests_by_its_separators(lake: Lake) -> None:
    table(
        lake, "a array<int>, m map<string,int>, r struct<x:int,y:array<string>>, b binary, w timestamp",
        LAZY + " ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY '|' MAP KEYS TERMINATED BY ':' NULL DEFINED AS '-'",  # noqa: E501
        f=b"1|-|x,k:1|j:-,7|p:q,AQI=,2024-01-02 03:04:05.5\n,-,-\n",
    )  # fmt: skip
    assert lake.rows("SELECT a, m, r, b, w FROM t") == [
        ["[1, null, null]", "{j=null, k=1}", "{x=7, y=[p, q]}", "01 02", "2024-01-02 03:04:05.500"],
        ["[]", None, None, None, None],
    ]


def test_timestamp_formats_are_tried_in_order(lake: Lake) -> None:
    table(
        lake, "w timestamp",
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' WITH SERDEPROPERTIES "
        "('field.delim' = ',', 'timestamp.formats' = 'dd/MM/yyyy HH:mm,yyyyMMdd')",
        f=b"31/12/2024 23:59\n20240102\n2024-01-02 00:00:01\nx\n",
    )  # fmt: skip
    assert lake.rows("SELECT w FROM t") == [
        ["2024-12-31 23:59:00.000"], ["2024-01-02 00:00:00.000"], ["2024-01-02 00:00:01.000"], [None],
    ]  # fmt: skip


def test_a_quoted_field_ends_with_its_line(lake: Lake) -> None:
    table(lake, "a string, b string, c string", CSV, f=b'1,"two\nlines",3\n"x\\"y","p,q"\n')
    assert lake.rows("SELECT a, b, c FROM t") == [
        ["1", None, None],
        [None, None, None],
        ['x"y', "p,q", None],
    ]


def test_csv_with_its_own_characters(lake: Lake) -> None:
    table(
        lake, "a string, b date, c timestamp",
        CSV + " WITH SERDEPROPERTIES ('separatorChar' = '\\t', 'quoteChar' = '''', 'escapeChar' = '\\\\')",
        f=b"'it\\'s'\t'19000'\t1700000000123\n",
    )  # fmt: skip
    assert lake.rows("SELECT a, b, c FROM t") == [["it's", "2022-01-08", "2023-11-14 22:13:20.123"]]


def test_json_keys_are_mapped_and_malformed_lines_ignored(lake: Lake) -> None:
    table(
        lake, "id bigint, a_b string, otro int, s struct<Uno:int>, d decimal(5,2), w timestamp, bin binary",
        OPENX + " WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true', 'dots.in.keys' = 'true', "
        "'mapping.otro' = 'Tres')",
        f='{"ID":"7","a.b":{"x":[1,2.50]},"tres":3,"s":{"UNO":4},"d":1.5,"w":"2024-01-02T03:04:05Z","bin":"AQI="}\n'
        "{broken\n[8, \"ñ\", 9]\n".encode(),
    )  # fmt: skip
    assert lake.rows("SELECT * FROM t") == [
        ["7", '{"x":[1,2.50]}', "3", "{uno=4}", "1.50", "2024-01-02 03:04:05.000", "01 02"],
        [None] * 7,
        ["8", "ñ", "9", None, None, None, None],
    ]


def test_json_that_is_none_or_of_another_type_fails_the_query(lake: Lake) -> None:
    table(lake, "n int", HIVE_JSON, f=b'{"n": 1}\n{"n": "x"}\n')
    assert lake.reason("SELECT n FROM t").startswith("HIVE_BAD_DATA: Error parsing field value 'x'")
    lake.store.put("lake", "t/f", b'{"n": 1, "N": 2}\n')
    assert lake.reason("SELECT n FROM t") == (
        'HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Duplicate key "n"'
    )
    lake.store.put("lake", "t/f", b"nothing\n")
    assert lake.reason("SELECT n FROM t").startswith("HIVE_CURSOR_ERROR: Row is not a valid JSON Object")


def test_keys_may_differ_by_case_alone(lake: Lake) -> None:
    table(
        lake, "uno int, dos int",
        OPENX + " WITH SERDEPROPERTIES ('case.insensitive' = 'false', 'mapping.uno' = 'A', 'mapping.dos' = 'a')",  # noqa: E501
        f=b'{"A": 1, "a": 2}\n',
    )  # fmt: skip
    assert lake.rows("SELECT uno, dos FROM t") == [["1", "2"]]


def test_a_java_pattern_gives_its_groups(lake: Lake) -> None:
    table(
        lake, "ip string, n int",
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES "
        r"('input.regex' = '^(\\p{Digit}++\\.\\d+) - (?:(\\d+)|x)$')",
        f=b"10.1 - 5\n10.2 - x\nother\n",
    )  # fmt: skip
    assert lake.rows("SELECT ip, n FROM t") == [["10.1", "5"], ["10.2", None], [None, None]]


NESTED = {
    "id": [1, 2], "s": ["a", None], "d": [Decimal("1.50"), None], "f": [date(2024, 1, 2), None],
    "w": [datetime(2024, 1, 2, 3, 4, 5), None], "a": [[1, None], []], "r": [{"x": 1, "y": "z"}, None],
}  # fmt: skip
SCHEMA = pa.schema([
    ("id", pa.int64()), ("s", pa.string()), ("d", pa.decimal128(5, 2)), ("f", pa.date32()), ("w", pa.timestamp("us")),  # noqa: E501
    ("a", pa.list_(pa.int32())), ("r", pa.struct([("x", pa.int32()), ("y", pa.string())])),
])  # fmt: skip
COLUMNS = "id bigint, s string, d decimal(5,2), f date, w timestamp, a array<int>, r struct<y:string,x:int,nuevo:int>"  # noqa: E501
ROWS = [
    ["1", "a", "1.50", "2024-01-02", "2024-01-02 03:04:05.000", "[1, null]", "{y=z, x=1, nuevo=null}"],
    ["2", None, None, None, None, "[]", None],
]


def columnar(
    made: dict[str, Any] = NESTED, schema: pa.Schema = SCHEMA, write: Any = orc.write_table
) -> bytes:
    out = io.BytesIO()
    write(pa.table(made, schema), out)
    return out.getvalue()


def test_orc_columns_match_by_place_and_only_their_streams_count(lake: Lake) -> None:
    table(lake, COLUMNS.replace("id ", "otro "), "STORED AS ORC", f=columnar())
    assert lake.rows("SELECT * FROM t ORDER BY 1") == ROWS
    one = lake.run("SELECT otro FROM t")["Statistics"]["DataScannedInBytes"]
    every = lake.run("SELECT * FROM t")["Statistics"]["DataScannedInBytes"]
    assert 0 < one < every < len(columnar())
    assert lake.run("SELECT count(*) FROM t")["Statistics"]["DataScannedInBytes"] == 0
    lake.rows("ALTER TABLE t SET TBLPROPERTIES ('orc.column.index.access' = 'false')")
    assert lake.rows("SELECT otro, s FROM t ORDER BY 2") == [[None, "a"], [None, None]]


def test_parquet_rows_may_lack_fields_and_files_may_differ(lake: Lake) -> None:
    other = columnar(
        {"S": ["b"], "ID": [3]}, pa.schema([("S", pa.string()), ("ID", pa.int32())]), pq.write_table
    )
    table(lake, COLUMNS, "STORED AS PARQUET", f=columnar(write=pq.write_table), g=other)
    assert lake.rows("SELECT * FROM t ORDER BY 1") == [*ROWS, ["3", "b", *[None] * 5]]


def test_avro_columns_match_by_name(lake: Lake) -> None:
    fields: list[Any] = [
        {"name": "s", "type": ["null", "string"]},
        {"name": "id", "type": "long"},
        {"name": "a", "type": {"type": "array", "items": ["null", "int"]}},
        {
            "name": "r",
            "type": ["null", {"type": "record", "name": "R", "fields": [{"name": "x", "type": "int"}]}],
        },
        {"name": "w", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "m", "type": {"type": "map", "values": "double"}},
        {"name": "d", "type": {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}},
    ]
    moment = datetime(2024, 1, 2, 3, 4, 5)
    row = {
        "s": None,
        "id": 1,
        "a": [1, None],
        "r": {"x": 2},
        "w": 1704164645000,
        "m": {"k": 1.5},
        "d": Decimal("1.50"),
    }
    assert moment.isoformat(" ") == "2024-01-02 03:04:05"
    out = io.BytesIO()
    fastavro.writer(out, {"type": "record", "name": "T", "fields": fields}, [row], "snappy")
    table(
        lake, "id bigint, s string, a array<int>, r struct<x:int>, w timestamp, m map<string,double>, d decimal(5,2)",  # noqa: E501
        "STORED AS AVRO", f=out.getvalue(),
    )  # fmt: skip
    assert lake.rows("SELECT id, s, a, r, w, m, d FROM t") == [
        ["1", None, "[1, null]", "{x=2}", "2024-01-02 03:04:05.000", "{k=1.5}", "1.50"]
    ]


@pytest.mark.parametrize(
    ("format_", "reason"),
    [
        ("PARQUET", "HIVE_BAD_DATA: Not valid Parquet file: s3://lake/t/f"),
        ("ORC", "HIVE_BAD_DATA: Malformed ORC file."),
        ("AVRO", "HIVE_BAD_DATA: Malformed Avro file."),
    ],
)
@pytest.mark.parametrize("content", [b"not at all", b""])
def test_a_file_of_another_format_is_bad_data(lake: Lake, format_: str, reason: str, content: bytes) -> None:
    table(lake, "n int", f"STORED AS {format_}", f=content)
    if content:
        assert lake.reason("SELECT n FROM t").startswith(reason)
    else:
        assert lake.rows("SELECT n FROM t") == []


def test_truncated_columnar_files_are_bad_data(lake: Lake) -> None:
    for format_, made in (("ORC", columnar()), ("PARQUET", columnar(write=pq.write_table))):
        table(lake, "n int", f"STORED AS {format_}", f=made[: len(made) // 2])
        assert lake.reason("SELECT n FROM t").startswith("HIVE_BAD_DATA: ")
        lake.rows("DROP TABLE t")


def test_an_orc_column_of_another_type_is_named(lake: Lake) -> None:
    table(lake, "n bigint, s bigint", "STORED AS ORC", f=columnar())
    assert lake.reason("SELECT s FROM t") == (
        "HIVE_BAD_DATA: Malformed ORC file. Cannot read SQL type 'bigint' from ORC stream '.s' of type STRING with "  # noqa: E501
        "attributes {} [s3://lake/t/f]"
    )


@pytest.mark.parametrize(
    ("serde", "reason"),
    [
        ("com.amazonaws.glue.serde.GrokSerDe", "the Grok SerDe is not supported here"),
        ("com.amazon.ionhiveserde.IonHiveSerDe", "the Amazon Ion SerDe is not supported here"),
        ("com.amazon.emr.hive.serde.CloudTrailSerde", "the CloudTrail SerDe is not supported here"),
    ],
)
def test_serdes_that_are_not_read_are_named(lake: Lake, serde: str, reason: str) -> None:
    table(
        lake, "s string", f"ROW FORMAT SERDE '{serde}' WITH SERDEPROPERTIES ('input.format' = 'x')", f=b"x\n"
    )
    assert (
        lake.reason("SELECT s FROM t") == f"HIVE_UNSUPPORTED_FORMAT: Unable to read SerDe: {serde} ({reason})"
    )


def test_properties_that_would_change_rows_are_refused(lake: Lake) -> None:
    table(lake, "n int", LAZY, f=b"1\n2\n")
    lake.rows("ALTER TABLE t SET TBLPROPERTIES ('skip.footer.line.count' = '1')")
    assert lake.reason("SELECT n FROM t").startswith("NOT_SUPPORTED: Table property 'skip.footer.line.count'")


def test_conditions_leave_row_groups_out_of_the_bill(lake: Lake) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(3000)), "s": ["x"] * 3000}), out, row_group_size=1000)
    table(lake, "n bigint, s string", "STORED AS PARQUET", f=out.getvalue())

    def billed(where: str) -> int:
        return int(lake.run(f"SELECT sum(n) FROM t WHERE {where}")["Statistics"]["DataScannedInBytes"])

    every = billed("n >= 0")
    assert billed("n = 5 AND s = 'x'") < every
    assert billed("n BETWEEN 900 AND 1100") == pytest.approx(every * 2 / 3, rel=0.1)
    assert billed("n > 5000") == 0


def test_hidden_columns_tell_the_file_of_a_row(lake: Lake) -> None:
    lake.rows(
        f"CREATE EXTERNAL TABLE h (n int) PARTITIONED BY (a int, b string) {LAZY} LOCATION 's3://lake/h/'"
    )
    lake.store.put("lake", "h/a=1/b=x/f", b"1\n22\n")
    lake.rows("MSCK REPAIR TABLE h")
    (row,) = lake.rows(
        'SELECT DISTINCT "$path", "$file_size", "$partition", "$file_modified_time" > timestamp \'2020-01-01\', '  # noqa: E501
        'typeof("$file_modified_time") FROM h'
    )
    assert row == ["s3://lake/h/a=1/b=x/f", "5", "a=1/b=x", "true", "timestamp(3) with time zone"]
    assert "$path" not in [row[0] for row in lake.rows("SHOW COLUMNS IN h")]


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_finer_timestamps_are_rounded_to_milliseconds(lake: Lake, unit: str) -> None:
    moments = [datetime(2024, 1, 2, 3, 4, 5, 678500), datetime(1969, 1, 1, 0, 0, 0, 1499)]
    written = io.BytesIO()
    pq.write_table(pa.table({"m": pa.array(moments, pa.timestamp(unit))}), written)
    table(lake, "m timestamp", "STORED AS PARQUET", f=written.getvalue())
    assert lake.rows("SELECT m FROM t WHERE m = TIMESTAMP '2024-01-02 03:04:05.679'") == [
        ["2024-01-02 03:04:05.679"]
    ]
    assert lake.rows("SELECT min(m) FROM t") == [["1969-01-01 00:00:00.001"]]


@pytest.mark.parametrize(("rest", "line"), [(LAZY, "{}"), (HIVE_JSON, '{{"m": "{}"}}')])
def test_finer_timestamps_of_text_are_rounded_too(lake: Lake, rest: str, line: str) -> None:
    table(lake, "m timestamp", rest, f=f"{line}\n".format("2024-01-02 03:04:05.678500").encode())
    assert lake.rows("SELECT m, m = TIMESTAMP '2024-01-02 03:04:05.679' FROM t") == [
        ["2024-01-02 03:04:05.679", "true"]
    ]


@pytest.mark.parametrize(
    "rest",
    [
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY '||'",
        f"{CSV} WITH SERDEPROPERTIES ('separatorChar' = '||')",
    ],
)
def test_of_a_longer_delimiter_the_first_character_counts(lake: Lake, rest: str) -> None:
    table(lake, "a string, b string, c string", rest, f=b"x||y\n")
    assert lake.rows("SELECT * FROM t") == [["x", "", "y"]]


def test_a_header_count_that_is_none_is_named(lake: Lake) -> None:
    table(lake, "a string", f"{LAZY} STORED AS TEXTFILE", f=b"x\n")
    lake.rows("ALTER TABLE t SET TBLPROPERTIES ('skip.header.line.count' = '-1')")
    reason = "HIVE_INVALID_METADATA: Invalid value for skip.header.line.count property: -1"
    assert lake.reason("SELECT * FROM t") == reason


def test_a_binary_column_of_a_file_is_text_in_a_table_of_text(lake: Lake) -> None:
    written = io.BytesIO()
    pq.write_table(pa.table({"a": [b"\xc3\xb1and\xc3\xba"], "b": [b"\xc3\xb1 x"], "c": [b"\xff"]}), written)
    table(lake, "a varchar(3), b char(2), c string", "STORED AS PARQUET", f=written.getvalue())
    assert lake.rows("SELECT a, b FROM t") == [["ñan", "ñ "]]
    assert lake.reason("SELECT c FROM t") == "HIVE_BAD_DATA: A binary value of a string column is not UTF-8"


def test_a_broken_page_names_the_file_and_no_folder_of_the_server(lake: Lake) -> None:
    written = io.BytesIO()
    pq.write_table(pa.table({"n": range(1000)}), written)
    content = written.getvalue()
    broken = content[:200] + bytes(byte ^ 255 for byte in content[200:400]) + content[400:]
    table(lake, "n bigint", "STORED AS PARQUET", f__parquet=broken)
    assert lake.reason("SELECT sum(n) FROM t") == "HIVE_CURSOR_ERROR: Failed to read Parquet file: f.parquet"
