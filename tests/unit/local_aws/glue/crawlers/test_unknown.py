"""What is hard to read is read, or shows as a table of classification UNKNOWN: nothing ends in silence."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile

import cramjam
import pyarrow as pa
import pytest

from local_aws.glue.crawlers.sample import SAMPLE_BYTES, read_sample
from tests.unit.local_aws.glue.crawlers.conftest import Lake

SALES = "id,city,kwh\n1,Cali,1.5\n2,Neiva,2\n"
SALES_COLUMNS = {"id": "bigint", "city": "string", "kwh": "double"}


def zipped(*members: tuple[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def lz4(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "lz4") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


PACKED = {
    "gzip": gzip.compress(SALES.encode()),
    "bzip2": bz2.compress(SALES.encode()),
    "zip": zipped(("sales/", b""), ("sales/sales.csv", SALES)),
    "lz4": lz4(SALES.encode()),
    "snappy": bytes(cramjam.snappy.compress(SALES.encode())),
}


@pytest.mark.parametrize("compression", PACKED)
def test_a_packed_file_is_read(lake: Lake, compression: str) -> None:
    lake.put("raw/sales/a", PACKED[compression])
    lake.crawler("s3://lake/raw/sales/")
    lake.crawl()
    assert lake.columns("sales") == SALES_COLUMNS
    assert lake.tables()["sales"]["Parameters"]["compressionType"] == compression


@pytest.mark.parametrize("compression", PACKED)
def test_a_packed_file_that_is_cut_or_damaged_is_unknown(lake: Lake, compression: str) -> None:
    whole = PACKED[compression]
    lake.put("raw/cut/a", whole[:-9])
    lake.put("raw/damaged/a", whole[:12] + b"\xff" * 30 + whole[42:])
    lake.crawler()
    assert lake.crawl()["Status"] == "SUCCEEDED"
    for table in lake.tables().values():
        assert table["Parameters"]["classification"] == "UNKNOWN"


def test_an_archive_of_several_files_is_unknown(lake: Lake) -> None:
    lake.put("raw/sales/a.zip", zipped(("a.csv", SALES), ("b.csv", SALES)))
    lake.crawler("s3://lake/raw/sales/")
    lake.crawl()
    table = lake.tables()["sales"]
    assert table["Parameters"]["classification"] == "UNKNOWN"
    assert table["StorageDescriptor"]["Columns"] == []
    assert (table["Parameters"]["recordCount"], table["Parameters"]["objectCount"]) == ("-1", "1")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lambda data: zipped(("a", data)), lz4])
def test_a_bomb_is_read_no_further_than_a_sample(pack: object) -> None:
    data = pack(b"a,b\n1,2\n" * (1 << 19))  # type: ignore[operator]
    sample = read_sample(io.BytesIO(data))
    assert sample is not None
    assert (len(sample.data), sample.complete) == (SAMPLE_BYTES, False)


def test_one_document_larger_than_a_sample_is_read(lake: Lake) -> None:
    records = [{"Id": number, "at": {"Lat": 1.5}, "note": 'a "]}, b'} for number in range(25_000)]
    lake.put("raw/array/a.json", json.dumps(records))
    lake.put("raw/object/a.json", json.dumps({"Version": 1, "Records": records}, indent=1))
    lake.put("raw/one/a.json", json.dumps({"a": 1, "text": "x" * (2 << 20)}))
    lake.crawler()
    lake.crawl()
    record = "array<struct<Id:int,at:struct<Lat:double>,note:string>>"
    assert lake.columns("array") == {"array": record}
    assert lake.columns("object") == {"version": "int", "records": record}
    assert lake.columns("one") == {"a": "int"}, "what the sample cuts is not known"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_text_with_a_byte_order_mark_is_read(lake: Lake, codec: str) -> None:
    mark = "\ufeff" if codec in ("utf-16-le", "utf-16-be") else ""
    lake.put("raw/sales/a.csv", (mark + SALES.replace("Cali", "Bogotá")).encode(codec))
    lake.put("raw/events/a.json", (mark + '{"a": "ñ"}\n').encode(codec))
    lake.crawler()
    lake.crawl()
    assert lake.columns("sales") == SALES_COLUMNS
    assert lake.columns("events") == {"a": "string"}
    encoding = lake.tables()["sales"]["StorageDescriptor"]["SerdeInfo"]["Parameters"].get(
        "serialization.encoding"
    )
    assert encoding == (None if codec == "utf-8-sig" else codec[:6].upper())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("a,b,c\n1,2\n1\n1,2,3,4\n5,6,7,8,9\n", id="ragged"),
        pytest.param(bytes(range(256)) * 10, id="noise"),
        pytest.param("one\ntwo\nthree\n", id="lines"),
        pytest.param('{"a": 1} and more', id="half JSON"),
        pytest.param("[" * 100_000, id="deep JSON"),
        pytest.param("PAR1 is not enough", id="half Parquet"),
        pytest.param("\ufeffa,b\n1,2\n".encode("utf-16-le")[:-1], id="cut UTF-16"),
    ],
)
def test_a_folder_of_nothing_known_is_a_table_of_classification_unknown(
    lake: Lake, data: str | bytes
) -> None:
    lake.put("raw/things/day=1/a", data)
    lake.put("raw/things/day=2/b", data)
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler()
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert sorted(lake.tables()) == ["sales", "things"]
    table = lake.tables()["things"]
    assert table["Parameters"]["classification"] == "UNKNOWN"
    assert table["StorageDescriptor"]["Columns"] == []
    assert sorted(lake.partitions("things")) == [("1",), ("2",)]


def test_files_that_nothing_knows_do_not_take_a_tables_schema_away(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler("s3://lake/raw/sales/")
    lake.crawl()
    lake.put("raw/sales/a.csv", bytes(range(256)))
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.columns("sales") == SALES_COLUMNS
    assert any("no data that a classifier knows" in line for line in lake.log)


def test_deep_nesting_ends_in_text(lake: Lake) -> None:
    lake.put("raw/deep/a.json", '{"a":' * 400 + "1" + "}" * 400)
    lake.crawler("s3://lake/raw/deep/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.columns("deep")["a"].endswith("a:string" + ">" * 100)
