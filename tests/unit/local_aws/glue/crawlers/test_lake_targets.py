"""Iceberg, Delta Lake and DynamoDB targets, and crawlers that follow S3's events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from tests.unit.local_aws.glue.crawlers.conftest import Lake, client_of

SALES = "id,city,kwh\n1,Cali,1.5\n2,Neiva,2\n"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:events"


@pytest.fixture
def aws() -> Iterator[None]:
    """DynamoDB and SQS."""
    with mock_aws():
        yield


def iceberg_metadata(folder: str, *more: dict[str, Any]) -> str:
    struct = {"type": "struct", "fields": [{"id": 5, "name": "Lat", "type": "double", "required": False}]}
    points = {"type": "list", "element-id": 6, "element": struct}
    fields = [
        {"id": 1, "name": "Id", "type": "long", "required": True, "doc": "the id"},
        {"id": 2, "name": "price", "type": "decimal(9, 2)", "required": False},
        {"id": 3, "name": "at", "type": "timestamptz", "required": False},
        {
            "id": 4,
            "name": "point",
            "type": points,
            "required": False,
        },
        *more,
    ]
    old = {"schema-id": 0, "fields": []}
    schemas = [old, {"type": "struct", "schema-id": 1, "fields": fields}]
    return json.dumps({"location": f"s3://lake/{folder}", "schemas": schemas, "current-schema-id": 1})


def put_iceberg(lake: Lake, number: int, *more: dict[str, Any], folder: str = "ice/sales") -> str:
    key = f"{folder}/metadata/{number:05}-abc.metadata.json"
    lake.put(key, iceberg_metadata(folder, *more))
    return f"s3://lake/{key}"


def crawl_iceberg(lake: Lake, **more: Any) -> None:
    lake.crawler(Targets={"IcebergTargets": [{"Paths": ["s3://lake/ice/"], **more}]})
    assert lake.crawl()["Status"] == "SUCCEEDED"


def test_an_iceberg_table_points_to_its_newest_metadata(lake: Lake) -> None:
    put_iceberg(lake, 9)
    newest = put_iceberg(lake, 10)
    crawl_iceberg(lake)
    table = lake.tables()["sales"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert table["Parameters"]["metadata_location"] == newest
    assert table["StorageDescriptor"]["Location"] == "s3://lake/ice/sales"
    assert lake.columns("sales") == {
        "id": "bigint",
        "price": "decimal(9,2)",
        "at": "timestamp",
        "point": "array<struct<Lat:double>>",
    }
    first = table["StorageDescriptor"]["Columns"][0]
    assert (first["Comment"], first["Parameters"]["iceberg.field.optional"]) == ("the id", "false")


def test_a_later_crawl_moves_an_iceberg_table_on_and_never_back(lake: Lake) -> None:
    put_iceberg(lake, 1)
    crawl_iceberg(lake)
    newer = put_iceberg(lake, 2, {"id": 7, "name": "note", "type": "string", "required": False})
    lake.crawl()
    assert lake.tables()["sales"]["Parameters"]["metadata_location"] == newer
    assert list(lake.columns("sales"))[-1] == "note"
    lake.store.delete("lake", newer.removeprefix("s3://lake/"))
    lake.crawl()
    assert lake.tables()["sales"]["Parameters"]["metadata_location"] == newer


def test_iceberg_tables_are_found_no_deeper_than_the_target_says(lake: Lake) -> None:
    put_iceberg(lake, 1, folder="ice/near")
    put_iceberg(lake, 1, folder="ice/a/b/far")
    crawl_iceberg(lake, MaximumTraversalDepth=1)
    assert list(lake.tables()) == ["near"]
    lake.glue.update_crawler(Name="raw", Targets={"IcebergTargets": [{"Paths": ["s3://lake/ice/"]}]})
    lake.crawl()
    assert sorted(lake.tables()) == ["far", "near"]


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"schemas": []}', '{"schema": {"fields": [{"name": "x", "type": 1}]}}', "[" * 100_000],
)
def test_metadata_that_is_none_makes_no_table_and_leaves_the_others(lake: Lake, text: str) -> None:
    put_iceberg(lake, 1)
    lake.put("ice/broken/metadata/00001-x.metadata.json", text)
    crawl_iceberg(lake)
    assert list(lake.tables()) == ["sales"]
    assert any("is not metadata of an Iceberg table; it is no table" in line for line in lake.log)


def put_delta(lake: Lake, version: int = 0, *files: tuple[str, str | None]) -> None:
    fields = [{"name": "Id", "type": "long", "nullable": True, "metadata": {}},
              {"name": "at", "type": "timestamp", "nullable": True, "metadata": {}},
              {"name": "city", "type": "string", "nullable": True, "metadata": {}}]  # fmt: skip
    metadata = {
        "id": "x",
        "format": {"provider": "parquet"},
        "schemaString": json.dumps({"type": "struct", "fields": fields}),
        "partitionColumns": ["city"],
        "configuration": {},
    }
    actions: list[dict[str, Any]] = [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {"metaData": metadata},
    ]
    for path, city in files:
        values = {"city": city}
        actions.append({"add": {"path": path, "partitionValues": values, "size": 10, "modificationTime": 1}})
    text = "\n".join(map(json.dumps, actions))
    lake.put(f"delta/sales/_delta_log/{version:020}.json", text)


def crawl_delta(lake: Lake, path: str = "s3://lake/delta/sales", **more: Any) -> None:
    lake.crawler(Targets={"DeltaTargets": [{"DeltaTables": [path], **more}]})
    assert lake.crawl()["Status"] == "SUCCEEDED"


def test_a_native_delta_table_is_one_that_engines_read_by_its_log(lake: Lake) -> None:
    put_delta(lake)
    crawl_delta(lake, CreateNativeDeltaTable=True)
    table = lake.tables()["sales"]
    assert lake.columns("sales") == {"id": "bigint", "at": "timestamp", "city": "string"}
    assert table["PartitionKeys"] == []
    assert table["Parameters"]["spark.sql.sources.provider"] == "delta"
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"]["path"] == "s3://lake/delta/sales/"


def test_a_delta_table_of_links_has_its_manifests_and_partitions(lake: Lake) -> None:
    put_delta(
        lake,
        0,
        ("city=Cali/a.parquet", "Cali"),
        ("city=San%20Luis/b.parquet", "San Luis"),
        ("c.parquet", None),
    )
    crawl_delta(lake, WriteManifest=True)
    table = lake.tables()["sales"]
    assert table["StorageDescriptor"]["InputFormat"].endswith("SymlinkTextInputFormat")
    assert (lake.keys("sales"), list(lake.columns("sales"))) == (["city"], ["id", "at"])
    partitions = lake.partitions("sales")
    assert sorted(partitions) == [("Cali",), ("San Luis",), ("__HIVE_DEFAULT_PARTITION__",)]
    for (city,), name in ((("Cali",), "a.parquet"), (("San Luis",), "b.parquet")):
        place = partitions[city,]["StorageDescriptor"]["Location"].removeprefix("s3://lake/")
        with lake.store.reader("lake", f"{place}manifest") as file:
            assert file.read().decode().endswith(f"city={city}/{name}\n")


@pytest.mark.parametrize("log", ["", "{", '{"add": 1}', '{"protocol": {"minReaderVersion": 9}}'])
def test_a_delta_log_that_is_none_makes_no_table(lake: Lake, log: str) -> None:
    lake.put("delta/sales/_delta_log/00000000000000000000.json", log)
    crawl_delta(lake)
    assert lake.glue.get_tables(DatabaseName="db")["TableList"] == []
    assert any("it is no table" in line for line in lake.log)


def test_a_table_whose_metadata_cannot_be_read_now_is_not_taken_for_gone(lake: Lake) -> None:
    put_iceberg(lake, 1)
    lake.put("ice/sales/data/a.parquet", "x")
    crawl_iceberg(lake)
    lake.put("ice/sales/metadata/00002-x.metadata.json", "{")
    lake.crawl()
    assert "DEPRECATED_BY_CRAWLER" not in lake.tables()["sales"]["Parameters"]
    lake.store.delete_prefix("lake", "ice/sales/")
    lake.crawl()
    assert "DEPRECATED_BY_CRAWLER" in lake.tables()["sales"]["Parameters"]


def make_dynamodb() -> Any:
    client = client_of("dynamodb")
    keys = [{"AttributeName": "Id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}]
    types = [{"AttributeName": "Id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}]
    client.create_table(
        TableName="My.Orders", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
    )
    return client


@pytest.mark.usefixtures("aws")
def test_a_dynamodb_table_has_the_attributes_of_its_items(lake: Lake) -> None:
    client = make_dynamodb()
    client.put_item(TableName="My.Orders", Item={"Id": {"S": "1"}, "at": {"N": "1"}, "tags": {"SS": ["a"]}})
    nested = {"M": {"Lat": {"N": "1.5"}, "Flags": {"L": [{"BOOL": True}, {"NULL": True}]}}}
    client.put_item(TableName="My.Orders", Item={"Id": {"S": "2"}, "at": {"N": "2"}, "where": nested})
    lake.crawler(Targets={"DynamoDBTargets": [{"Path": "My.Orders"}]}, TablePrefix="dy_")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    table = lake.tables()["dy_my_orders"]
    assert lake.columns("dy_my_orders") == {
        "id": "string",
        "at": "bigint",
        "tags": "array<string>",
        "where": "struct<Lat:double,Flags:array<boolean>>",
    }
    assert table["StorageDescriptor"]["Location"].endswith(":table/My.Orders")
    parameters = table["Parameters"]
    assert (parameters["classification"], parameters["hashKey"], parameters["rangeKey"]) == (
        "dynamodb",
        "Id",
        "at",
    )


@pytest.mark.usefixtures("aws")
def test_a_dynamodb_table_that_is_not_there_fails_the_crawl(lake: Lake) -> None:
    lake.crawler(Targets={"DynamoDBTargets": [{"Path": "nothing"}]})
    last = lake.crawl()
    assert (last["Status"], "not found" in last["ErrorMessage"]) == ("FAILED", True)


def event(*keys: str) -> str:
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "lake"}, "object": {"key": key}}}
        for key in keys
    ]
    return json.dumps({"Records": records})


@pytest.fixture
def queue(aws: None, lake: Lake) -> Any:
    """A function that sends a message, after a first crawl of a crawler of event mode."""
    sqs = client_of("sqs")
    for name in ("events", "dead"):
        sqs.create_queue(QueueName=name)
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.crawler(
        target={"EventQueueArn": QUEUE, "DlqEventQueueArn": QUEUE.replace("events", "dead")},
        RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVENT_MODE"},
    )
    assert lake.crawl()["Status"] == "SUCCEEDED"
    return lambda body: sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName="events")["QueueUrl"], MessageBody=body
    )


def messages(name: str) -> int:
    sqs = client_of("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(shown["ApproximateNumberOfMessages"])


def test_a_crawler_of_event_mode_looks_at_everything_first(lake: Lake, queue: Any) -> None:
    assert list(lake.partitions("sales")) == [("1",)]


def test_events_name_what_is_crawled(lake: Lake, queue: Any) -> None:
    lake.put("raw/sales/day=2/a b.csv", SALES)
    lake.put("raw/clients/day=2/a.csv", "client,name\n1,Ana\n")
    lake.put("raw/others/a.csv", SALES)
    queue(event("raw/sales/day%3D2/a+b.csv"))
    queue(json.dumps({"Type": "Notification", "Message": event("raw/clients/day%3D2/a.csv", "elsewhere/x")}))
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert sorted(lake.tables()) == ["clients", "sales"]
    assert sorted(lake.partitions("sales")) == [("1",), ("2",)]
    assert messages("events") == 0


def test_a_crawl_without_events_changes_nothing(lake: Lake, queue: Any) -> None:
    lake.put("raw/clients/a.csv", SALES)
    lake.crawl()
    assert list(lake.tables()) == ["sales"]


def test_an_event_of_what_is_gone_is_treated_by_the_delete_behavior(lake: Lake, queue: Any) -> None:
    lake.store.delete("lake", "raw/sales/day=1/a.csv")
    queue(event("raw/sales/day%3D1/a.csv"))
    lake.crawl()
    assert "DEPRECATED_BY_CRAWLER" in lake.tables()["sales"]["Parameters"]


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"Records": [{}]}', '{"Message": "x"}', "[" * 50_000])
def test_a_message_that_is_no_event_goes_to_the_dead_letters(lake: Lake, queue: Any, body: str) -> None:
    queue(body)
    queue(json.dumps({"Event": "s3:TestEvent"}))
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert (messages("events"), messages("dead")) == (0, 1)


def test_messages_of_a_crawl_that_fails_are_received_again(
    lake: Lake, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.put("raw/sales/day=2/a.csv", SALES)
    queue(event("raw/sales/day%3D2/a.csv"))
    with monkeypatch.context() as patched:
        patched.setattr(lake.store, "list_files", lambda *_: 1 / 0)
        assert lake.crawl()["Status"] == "FAILED"
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert sorted(lake.partitions("sales")) == [("1",), ("2",)]
