"""Amazon Ion in its text form."""

from __future__ import annotations

import pytest

from tests.unit.local_aws.glue.crawlers.conftest import Lake

ION = r"""$ion_1_0
// readings
{ Id: 1, 'the city': "Cali", "quoted": '''long ''' '''string''', at: 2026-11-30T23:15:00.5Z, day: 2026-11-30,
  price: 1.50, kwh: 1.5e0, big: 3_000_000_000, ok: true, none: null.int, sym: active, data: {{ aGk= }},
  tags: [a, "b",], where: point::{ Lat: 1.5e0 }, formula: (a + 1) } /* end */
{ Id: 2, none: 7 }
"""


def crawl(lake: Lake, text: str) -> str:
    lake.put("raw/readings/a.ion", text)
    lake.crawler("s3://lake/raw/readings/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    return str(lake.tables()["readings"]["Parameters"]["classification"])


def test_structs_of_ion_are_a_table(lake: Lake) -> None:
    assert crawl(lake, ION) == "ion"
    assert lake.columns("readings") == {
        "id": "int",
        "the city": "string",
        "quoted": "string",
        "at": "timestamp",
        "day": "timestamp",
        "price": "decimal(38,18)",
        "kwh": "double",
        "big": "bigint",
        "ok": "boolean",
        "none": "int",
        "sym": "string",
        "data": "binary",
        "tags": "array<string>",
        "where": "struct<Lat:double>",
        "formula": "array<string>",
    }
    serde = lake.tables()["readings"]["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    assert serde == "com.amazon.ionhiveserde.IonHiveSerDe"


def test_ion_larger_than_a_sample_is_read(lake: Lake) -> None:
    assert crawl(lake, "{a: 1, b: 'x'}\n" * 100_000) == "ion"


@pytest.mark.parametrize(
    "text",
    [
        "{a: 1} and more",
        "{a: ",
        "{" * 100_000,
        "{a: " * 100_000,
        "{a b}",
        "{a: 1}}",
        "// only a comment",
        "{'a: 1}",
    ],
)
def test_what_is_not_ion_is_unknown(lake: Lake, text: str) -> None:
    assert crawl(lake, text) == "UNKNOWN"


def test_json_stays_json(lake: Lake) -> None:
    assert crawl(lake, '{"a": 1}\n{"a": 2}\n') == "json"
