"""Files that are slow, large or unreadable by design: a crawl ends soon and writes nothing by halves."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.crawlers.hive_types import LONGEST, MOST_MEMBERS, Struct, merge_all
from tests.unit.local_aws.glue.crawlers.conftest import Lake

SALES = "id,city,kwh\n1,Cali,1.5\n2,Neiva,2\n"


def avro_header(schema: str) -> bytes:
    """An Avro file of a schema without records."""

    def number(value: int) -> bytes:
        value, out = value << 1, b""
        while value > 0x7F:
            out += bytes((value & 0x7F | 0x80,))
            value >>= 7
        return out + bytes((value,))

    text = schema.encode()
    entry = number(11) + b"avro.schema" + number(len(text)) + text
    return b"Obj\x01" + number(1) + entry + number(0) + b"s" * 16


UNKNOWN_FILES = {
    "a row of commas": f"{',' * 900_000}\n{',' * 90_000}",
    "too many columns": f"{','.join(f'c{n}' for n in range(60_000))}\n{'1,' * 60_000}",
    "one name for all columns": f"{','.join(['c'] * 20_000)}\n{'1,' * 20_000}",
    "too many keys": json.dumps(dict.fromkeys(map(str, range(60_000)), 1)),
    "quotation marks": '"' * 500_000,
}


@pytest.mark.parametrize("name", UNKNOWN_FILES)
def test_a_file_that_no_table_could_hold_is_unknown(lake: Lake, name: str) -> None:
    lake.put("raw/things/a", UNKNOWN_FILES[name])
    lake.crawler("s3://lake/raw/things/")
    started = time.monotonic()
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.tables()["things"]["Parameters"]["classification"] == "UNKNOWN"
    assert time.monotonic() - started < 20


def test_an_object_of_very_many_members_is_text(lake: Lake) -> None:
    lake.put("raw/things/a.json", json.dumps({"a": dict.fromkeys(map(str, range(40_000)), 1)}))
    lake.crawler("s3://lake/raw/things/")
    lake.crawl()
    assert lake.columns("things") == {"a": "string"}


def test_a_type_longer_than_the_catalog_takes_is_text(lake: Lake) -> None:
    lake.put("raw/things/a.json", json.dumps({"a": {f"{'n' * 100}{n}": 1 for n in range(2000)}, "b": 1}))
    lake.crawler("s3://lake/raw/things/")
    lake.crawl()
    assert lake.columns("things") == {"a": "string", "b": "int"}
    assert LONGEST < 2000 * 100


def test_an_avro_schema_that_is_nested_deep_ends_in_text(lake: Lake) -> None:
    kind = '"int"'
    for _ in range(450):
        kind = f'{{"type": "array", "items": {kind}}}'
    schema = f'{{"type": "record", "name": "r", "fields": [{{"name": "a", "type": {kind}}}]}}'
    lake.put("raw/things/a.avro", avro_header(schema))
    lake.crawler("s3://lake/raw/things/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.columns("things")["a"].startswith("array<array<")
    assert "string" in lake.columns("things")["a"]


def test_rows_that_share_no_member_are_joined_soon() -> None:
    started = time.monotonic()
    joined = merge_all(Struct(((f"k{number}", "int"),)) for number in range(MOST_MEMBERS))
    assert isinstance(joined, Struct)
    assert [name for name, _ in joined.fields] == [f"k{number}" for number in range(MOST_MEMBERS)]
    assert time.monotonic() - started < 10


def test_half_a_character_in_a_name_is_replaced(lake: Lake) -> None:
    lake.put("raw/things/a.json", '{"\\ud800": 1, "b": "\\udfff"}')
    lake.crawler("s3://lake/raw/things/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.columns("things") == {"?": "int", "b": "string"}


def test_a_file_that_is_deleted_while_it_is_crawled_counts_for_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        lake.put(f"raw/sales/{name}.csv", SALES)
    whole = lake.store.reader

    def reader(bucket: str, key: str) -> Any:
        if key.endswith("b.csv"):
            raise AwsError("NoSuchKey", "The specified key does not exist.")
        return whole(bucket, key)

    monkeypatch.setattr(lake.store, "reader", reader)
    lake.crawler("s3://lake/raw/sales/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.tables()["sales"]["Parameters"]["sizeKey"] == str(len(SALES))


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.put("raw/sales/a.csv", SALES)
    whole = lake.store.reader

    def reader(bucket: str, key: str) -> Any:
        opened = whole(bucket, key)
        lake.put(key, b"PAR1 and no more")
        return opened

    lake.crawler("s3://lake/raw/sales/")
    with monkeypatch.context() as patched:
        patched.setattr(lake.store, "reader", reader)
        assert lake.crawl()["Status"] == "SUCCEEDED"
    assert list(lake.columns("sales")) == ["id", "city", "kwh"]


def test_a_file_that_cannot_be_read_fails_the_crawl_before_anything_is_written(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        lake.put(f"raw/{name}/x.csv", SALES)
    whole = lake.store.reader

    def reader(bucket: str, key: str) -> Any:
        if key.startswith("raw/b"):
            raise PermissionError(13, "Permission denied", "/home/somebody/.laguna/s3/lake/raw/b/x.csv")
        return whole(bucket, key)

    monkeypatch.setattr(lake.store, "reader", reader)
    lake.crawler()
    last = lake.crawl()
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", "Internal Service Exception")
    assert not any("/home/somebody" in line for line in lake.log)
    assert lake.glue.get_databases()["DatabaseList"] == []


@pytest.mark.parametrize(
    "targets",
    [
        {"S3Targets": [{"Path": "s3://nowhere/raw/"}]},
        {"IcebergTargets": [{"Paths": ["s3://nowhere/raw/"]}]},
    ],
)
def test_a_missing_bucket_fails_the_crawl(lake: Lake, targets: dict[str, Any]) -> None:
    lake.crawler(Targets=targets)
    last = lake.crawl()
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", "The specified bucket does not exist")
