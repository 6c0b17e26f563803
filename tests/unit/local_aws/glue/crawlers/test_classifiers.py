"""Custom classifiers: what they accept and show, and what crawls make of them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.glue.catalog.documents import dumps
from tests.unit.local_aws.glue.crawlers.conftest import Lake

LOG = """2026-11-30 23:15:00 [a-b-c-d-e] INFO : Found 3 tables
2026-11-30 23:15:01 [a-b-c-d-e] ERROR : Gone, for good
"""
GROK = {
    "Name": "lines",
    "Classification": "special-logs",
    "GrokPattern": (
        r"%{TIMESTAMP_ISO8601:timestamp} \[%{PREFIX:message_prefix}\] %{LEVEL:Level} : %{GREEDYDATA:message}"
    ),
    "CustomPatterns": "LEVEL (BENCHMARK|ERROR|WARN|INFO|TRACE)\nPREFIX .*-.*-.*-.*-.*",
}
BODIES = {
    "CsvClassifier": {"Name": "x", "Delimiter": "|", "ContainsHeader": "PRESENT"},
    "GrokClassifier": {**GROK, "Name": "x"},
    "JsonClassifier": {"Name": "x", "JsonPath": "$.a[*]"},
    "XMLClassifier": {"Name": "x", "Classification": "xml", "RowTag": "row"},
}


def crawled(lake: Lake, text: str, **classifier: Any) -> dict[str, str]:
    """The columns of a file's table when a classifier is used."""
    lake.put("raw/things/a", text)
    lake.glue.create_classifier(**classifier)
    [body] = classifier.values()
    lake.crawler("s3://lake/raw/things/", Classifiers=[body["Name"]])
    assert lake.crawl()["Status"] == "SUCCEEDED"
    return lake.columns("things")


@pytest.mark.parametrize("kind", BODIES)
def test_a_classifier_is_kept_shown_changed_and_deleted(lake: Lake, kind: str) -> None:
    lake.glue.create_classifier(**{kind: BODIES[kind]})
    shown = lake.glue.get_classifier(Name="x")["Classifier"]
    assert list(shown) == [kind]
    assert BODIES[kind].items() <= shown[kind].items()
    assert (shown[kind]["Version"], shown[kind]["CreationTime"]) == (1, shown[kind]["LastUpdated"])
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        lake.glue.create_classifier(**{kind: BODIES[kind]})
    lake.glue.update_classifier(**{kind: {"Name": "x"}})
    [again] = lake.glue.get_classifiers()["Classifiers"]
    assert again[kind]["Version"] == 2
    assert BODIES[kind].items() <= again[kind].items()
    lake.glue.delete_classifier(Name="x")
    for call in (lake.glue.get_classifier, lake.glue.delete_classifier):
        with pytest.raises(ClientError, match=r"EntityNotFoundException.*Classifier x not found\."):
            call(Name="x")


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("GrokClassifier", {"GrokPattern": "%{NOTHING:x}"}, "there is no pattern NOTHING"),
        ("GrokClassifier", {"GrokPattern": "%{WORD}"}, "names no field"),
        ("GrokClassifier", {"GrokPattern": "%{WORD:x:date}"}, "data type date"),
        ("GrokClassifier", {"GrokPattern": "%{WORD:x} ("}, "not valid"),
        ("GrokClassifier", {"GrokPattern": "%{A:x}", "CustomPatterns": "A %{B}\nB %{A}"}, "names itself"),
        ("GrokClassifier", {"CustomPatterns": "LONELY"}, "LONELY"),
        ("JsonClassifier", {"JsonPath": "a.b"}, "does not begin with"),
        ("JsonClassifier", {"JsonPath": "$..a"}, "not understood at character 2"),
        ("JsonClassifier", {"JsonPath": "$[?(@.a)]"}, "not understood"),
        ("XMLClassifier", {"RowTag": "<row>"}, "not the name of an XML element"),
        ("CsvClassifier", {"Delimiter": "'", "QuoteSymbol": "'"}, "must be different"),
        ("CsvClassifier", {"CustomDatatypeConfigured": True, "CustomDatatypes": ["MONEY"]}, "MONEY"),
    ],
)
def test_a_classifier_that_is_none_is_refused_and_not_kept(
    lake: Lake, kind: str, change: dict[str, Any], words: str
) -> None:
    bad = {kind: {**BODIES[kind], **change}}
    with pytest.raises(ClientError, match="InvalidInputException") as caught:
        lake.glue.create_classifier(**bad)
    assert words in caught.value.response["Error"]["Message"]
    assert lake.glue.get_classifiers()["Classifiers"] == []
    lake.glue.create_classifier(**{kind: BODIES[kind]})
    with pytest.raises(ClientError, match="InvalidInputException"):
        lake.glue.update_classifier(**bad)
    assert lake.glue.get_classifier(Name="x")["Classifier"][kind]["Version"] == 1


def test_a_classifier_is_of_one_kind_and_stays_it(lake: Lake) -> None:
    with pytest.raises(ClientError, match="exactly one kind"):
        lake.glue.create_classifier(**BODIES)
    with pytest.raises(ClientError, match="exactly one kind"):
        lake.glue.create_classifier()
    lake.glue.create_classifier(CsvClassifier=BODIES["CsvClassifier"])
    with pytest.raises(ClientError, match="exactly one kind"):
        lake.glue.update_classifier(JsonClassifier=BODIES["JsonClassifier"])


def test_a_classifier_of_an_older_state_is_of_csv(lake: Lake) -> None:
    with lake.database.write() as connection:
        body = dumps({"Name": "old", "Delimiter": "|"})
        connection.execute("INSERT INTO classifier VALUES ('old', 1.0, 1.0, 1, ?)", (body,))
    assert lake.glue.get_classifier(Name="old")["Classifier"]["CsvClassifier"]["Delimiter"] == "|"


def test_a_grok_classifier_makes_a_table_of_its_fields(lake: Lake) -> None:
    assert crawled(lake, LOG, GrokClassifier=GROK) == {
        "timestamp": "string",
        "message_prefix": "string",
        "level": "string",
        "message": "string",
    }
    table = lake.tables()["things"]
    assert table["Parameters"]["classification"] == "special-logs"
    serde = table["StorageDescriptor"]["SerdeInfo"]
    assert serde == {
        "SerializationLibrary": "com.amazonaws.glue.serde.GrokSerDe",
        "Parameters": {
            "input.format": GROK["GrokPattern"],
            "input.grokCustomPatterns": GROK["CustomPatterns"],
        },
    }


def test_grok_fields_have_the_types_they_are_cast_to(lake: Lake) -> None:
    kinds = ("byte", "boolean", "double", "short", "int", "long", "float", "string")
    pattern = " ".join(f"%{{NOTSPACE:{kind}_:{kind}}}" for kind in kinds)
    body = {"Name": "t", "Classification": "t", "GrokPattern": pattern}
    types = crawled(lake, "1 true 1.5 2 3 4 5.5 x\n", GrokClassifier=body)
    assert list(types.values()) == [
        "tinyint",
        "boolean",
        "double",
        "smallint",
        "int",
        "bigint",
        "float",
        "string",
    ]


def test_a_grok_classifier_that_misses_lines_gives_way_to_one_that_is_certain(lake: Lake) -> None:
    body = {"Name": "t", "Classification": "t", "GrokPattern": "^%{INT:number:int},x"}
    assert crawled(lake, "a,b\n1,x\n2,y\n", GrokClassifier=body) == {"a": "bigint", "b": "string"}
    lake.put("raw/things/a", "1,x\nstack trace\n  of several lines\n2,x\n")
    lake.glue.delete_table(DatabaseName="db", Name="things")
    lake.crawl()
    assert lake.columns("things") == {"number": "int"}


def test_a_pattern_that_goes_back_for_ever_ends(lake: Lake) -> None:
    body = {
        "Name": "t",
        "Classification": "t",
        "GrokPattern": r"^%{A:x}(?!.)(?<=b)$",
        "CustomPatterns": "A (a+)+b",
    }
    started = time.monotonic()
    columns = crawled(lake, f"{'a' * 60}\n" * 3, GrokClassifier=body)
    assert columns == {}
    assert time.monotonic() - started < 20


def test_a_json_classifier_takes_the_records_at_its_path(lake: Lake) -> None:
    text = json.dumps({"meta": {"n": 1}, "data": [{"Id": 1, "a b": "x"}, {"Id": 2, "at": {"Lat": 1.5}}]})
    for number, (path, expected) in enumerate(
        {
            "$.data[*]": {"id": "int", "a b": "string", "at": "struct<Lat:double>"},
            "$['data'][1]['at']": {"lat": "double"},
            "$.meta": {"n": "int"},
            "$.data": {"array": "array<struct<Id:int,a b:string,at:struct<Lat:double>>>"},
        }.items()
    ):
        lake.put(f"raw{number}/things/a", text)
        lake.glue.create_classifier(JsonClassifier={"Name": f"j{number}", "JsonPath": path})
        lake.crawler(
            f"s3://lake/raw{number}/things/",
            name=f"c{number}",
            Classifiers=[f"j{number}"],
            TablePrefix=f"p{number}_",
        )
        lake.crawl(f"c{number}")
        assert lake.columns(f"p{number}_things") == expected
        serde = lake.tables()[f"p{number}_things"]["StorageDescriptor"]["SerdeInfo"]["Parameters"]
        assert serde["jsonPath"] == path


def test_a_json_classifier_leaves_documents_without_its_path_to_others(lake: Lake) -> None:
    assert crawled(lake, '{"a": 1}', JsonClassifier={"Name": "j", "JsonPath": "$.b[*]"}) == {"a": "int"}


CATALOG = """<?xml version="1.0"?>
<catalog>
  <book id="bk101"><Company stock="1"><author>Rivera, Martha</author><title>Guide</title></Company></book>
  <book id="bk102">
    <Company><author>Stiles, John</author><title>Style</title><title lang="en">More</title></Company>
  </book>
  <Company stock="9" />
</catalog>
"""


def test_an_xml_classifier_takes_the_elements_of_its_row_tag(lake: Lake) -> None:
    body = {"Name": "x", "Classification": "xml", "RowTag": "Company"}
    assert crawled(lake, CATALOG, XMLClassifier=body) == {
        "_stock": "int",
        "author": "string",
        "title": "array<struct<_lang:string,_VALUE:string>>",
    }
    table = lake.tables()["things"]
    assert table["Parameters"]["classification"] == "xml"
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"] == {"rowTag": "Company"}


def test_custom_datatypes_are_the_types_of_a_csv_files_columns(lake: Lake) -> None:
    body = {
        "Name": "x",
        "ContainsHeader": "PRESENT",
        "CustomDatatypeConfigured": True,
        "CustomDatatypes": ["STRING", "TIMESTAMP", "decimal"],
    }
    text = "id,at,price,n\n1,2026-11-30 00:00:00,1.5,2\n"
    assert crawled(lake, text, CsvClassifier=body) == {
        "id": "string",
        "at": "timestamp",
        "price": "decimal(10,0)",
        "n": "bigint",
    }


def test_values_that_are_not_trimmed_keep_their_blanks(lake: Lake) -> None:
    body = {"Name": "x", "ContainsHeader": "PRESENT", "DisableValueTrimming": True}
    assert crawled(lake, "a,b\n1, 2\n", CsvClassifier=body) == {"a": "bigint", "b": "string"}
