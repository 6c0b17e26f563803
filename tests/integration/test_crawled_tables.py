"""Athena reads what crawlers made: Iceberg, Delta Lake, JSON, UTF-16; DynamoDB and SQS are this server's."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import LocalAws
from tests.integration.athena_client import AthenaClient
from tests.integration.test_glue_crawlers import crawled

BUCKET = "crawled-tables"


@pytest.fixture(scope="module")
def lake(aws: LocalAws) -> Any:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    aws.client("glue").create_database(DatabaseInput={"Name": "ct"})
    return s3


@pytest.fixture(scope="module")
def athena(aws: LocalAws, lake: Any) -> AthenaClient:
    return AthenaClient(aws, BUCKET, "ct")


def crawl(aws: LocalAws, name: str, targets: dict[str, Any], **more: Any) -> None:
    glue = aws.client("glue")
    glue.create_crawler(Name=name, Role="crawler", DatabaseName="ct", Targets=targets, **more)
    assert crawled(glue, name)["Status"] == "SUCCEEDED"


def put(s3: Any, key: str, body: str | bytes) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def test_an_iceberg_table_that_the_catalog_lost_is_found_again(
    aws: LocalAws, lake: Any, athena: AthenaClient
) -> None:
    athena.run(
        f"CREATE TABLE ct.ice (id bigint, city string) LOCATION 's3://{BUCKET}/ice/ice/'"
        " TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    athena.run("INSERT INTO ct.ice VALUES (1, 'Cali'), (2, 'Neiva')")
    aws.client("glue").delete_table(DatabaseName="ct", Name="ice")
    crawl(aws, "ice", {"IcebergTargets": [{"Paths": [f"s3://{BUCKET}/ice/"], "MaximumTraversalDepth": 3}]})
    assert athena.rows("SELECT city FROM ct.ice ORDER BY id") == [["Cali"], ["Neiva"]]
    athena.run("INSERT INTO ct.ice VALUES (3, 'Pasto')")
    assert crawled(aws.client("glue"), "ice")["Status"] == "SUCCEEDED"
    assert athena.rows("SELECT count(*) FROM ct.ice") == [["3"]]


@pytest.mark.parametrize(
    ("name", "more"), [("native", {"CreateNativeDeltaTable": True}), ("links", {"WriteManifest": True})]
)
def test_a_delta_table_is_read(
    aws: LocalAws, lake: Any, athena: AthenaClient, name: str, more: dict[str, Any]
) -> None:
    types = {"id": "long", "city": "string"}
    fields = [{"name": n, "type": kind, "nullable": True, "metadata": {}} for n, kind in types.items()]
    metadata = {
        "id": "x", "format": {"provider": "parquet"}, "configuration": {}, "partitionColumns": ["city"],
        "schemaString": json.dumps({"type": "struct", "fields": fields}),
    }  # fmt: skip
    protocol = {"minReaderVersion": 1, "minWriterVersion": 2}
    actions: list[dict[str, Any]] = [{"protocol": protocol}, {"metaData": metadata}]
    for number, city in enumerate(("Cali", "San Luis")):
        buffer = io.BytesIO()
        pq.write_table(pa.table({"id": [number]}), buffer)
        path = f"city={city}/{number}.parquet"
        put(lake, f"delta/{name}/{path}", buffer.getvalue())
        added = {"path": path.replace(" ", "%20"), "partitionValues": {"city": city}, "modificationTime": 1}
        actions.append({"add": {**added, "size": len(buffer.getvalue()), "dataChange": True}})
    put(lake, f"delta/{name}/stray.parquet", b"not of the table")
    put(lake, f"delta/{name}/_delta_log/{0:020}.json", "\n".join(map(json.dumps, actions)))
    crawl(aws, name, {"DeltaTargets": [{"DeltaTables": [f"s3://{BUCKET}/delta/{name}/"], **more}]})
    assert athena.rows(f"SELECT id, city FROM ct.{name} ORDER BY id") == [["0", "Cali"], ["1", "San Luis"]]


def test_members_of_json_are_read_in_any_case(aws: LocalAws, lake: Any, athena: AthenaClient) -> None:
    put(lake, "json/j/a.json", '{"userIdentity": {"principalId": "p"}, "timeStamp": 1}\n')
    crawl(aws, "json", {"S3Targets": [{"Path": f"s3://{BUCKET}/json/"}]})
    sql = 'SELECT useridentity.principalid, "timestamp" FROM ct.j'
    assert athena.rows(sql) == [["p", "1"]]


def test_text_in_utf_16_is_read(aws: LocalAws, lake: Any, athena: AthenaClient) -> None:
    put(lake, "wide/w/a.csv", "id,city\n1,Bogotá\n2,Ñuñoa\n".encode("utf-16"))
    crawl(aws, "wide", {"S3Targets": [{"Path": f"s3://{BUCKET}/wide/"}]})
    assert athena.rows("SELECT city FROM ct.w ORDER BY id") == [["Bogotá"], ["Ñuñoa"]]


def test_versions_of_a_table_are_read_together(aws: LocalAws, lake: Any, athena: AthenaClient) -> None:
    for day, text in ((1, "a,b\n1,2\n"), (2, "a,b\n3,4\n"), (3, "a,b,c\n5,6,7\n")):
        put(lake, f"versions/v/day={day}/a.csv", text)
    crawl(aws, "versions", {"S3Targets": [{"Path": f"s3://{BUCKET}/versions/"}]})
    assert athena.rows("SELECT a, c FROM ct.v ORDER BY a") == [["1", None], ["3", None], ["5", "7"]]


def test_a_dynamodb_table_of_this_server_is_crawled(aws: LocalAws, lake: Any) -> None:
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="orders", Item={"id": {"S": "1"}, "kwh": {"N": "1.5"}})
    crawl(aws, "orders", {"DynamoDBTargets": [{"Path": "orders"}]})
    table = aws.client("glue").get_table(DatabaseName="ct", Name="orders")["Table"]
    columns = {one["Name"]: one["Type"] for one in table["StorageDescriptor"]["Columns"]}
    assert columns == {"id": "string", "kwh": "double"}


def test_events_of_a_queue_of_this_server_are_followed(aws: LocalAws, lake: Any) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="crawl-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    put(lake, "events/e/day=1/a.csv", "a,b\n1,2\n")
    targets = {"S3Targets": [{"Path": f"s3://{BUCKET}/events/", "EventQueueArn": arn}]}
    crawl(aws, "events", targets, RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVENT_MODE"})
    put(lake, "events/e/day=2/a.csv", "a,b\n1,2\n")
    record = {"s3": {"bucket": {"name": BUCKET}, "object": {"key": "events/e/day%3D2/a.csv"}}}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"Records": [record]}))
    assert crawled(aws.client("glue"), "events")["Status"] == "SUCCEEDED"
    partitions = aws.client("glue").get_partitions(DatabaseName="ct", TableName="e")["Partitions"]
    assert [one["Values"] for one in partitions] == [["1"], ["2"]]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
