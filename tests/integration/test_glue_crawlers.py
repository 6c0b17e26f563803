"""Crawlers through a server and boto3: from objects to tables, with a log."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.conftest import LocalAws

SALES = "id,city,kwh\n1,Cali,1.5\n2,Neiva,2\n"


def crawled(glue: Any, name: str) -> dict[str, Any]:
    """Start a crawler, wait until it is READY, and return its last crawl."""
    glue.start_crawler(Name=name)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        crawler = glue.get_crawler(Name=name)["Crawler"]
        if crawler["State"] == "READY":
            last: dict[str, Any] = crawler["LastCrawl"]
            return last
        time.sleep(0.05)
    raise AssertionError(f"crawler {name} did not become READY")


@pytest.fixture(scope="module")
def lake(aws: LocalAws) -> Any:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="crawler-lake")
    for day in ("1", "2"):
        s3.put_object(Bucket="crawler-lake", Key=f"raw/sales/day={day}/a.csv", Body=SALES.encode())
    return s3


def test_a_crawl_makes_tables_and_writes_its_log(aws: LocalAws, lake: Any) -> None:
    glue, logs = aws.client("glue"), aws.client("logs")
    targets = {"S3Targets": [{"Path": "s3://crawler-lake/raw/"}]}
    glue.create_crawler(Name="sales", Role="crawler", DatabaseName="crawled", Targets=targets)
    last = crawled(glue, "sales")
    assert (last["Status"], last["LogGroup"], last["LogStream"]) == (
        "SUCCEEDED",
        "/aws-glue/crawlers",
        "sales",
    )
    table = glue.get_table(DatabaseName="crawled", Name="sales")["Table"]
    assert [column["Name"] for column in table["StorageDescriptor"]["Columns"]] == ["id", "city", "kwh"]
    partitions = glue.get_partitions(DatabaseName="crawled", TableName="sales", Expression="day = '2'")
    assert [one["Values"] for one in partitions["Partitions"]] == [["2"]]

    lake.put_object(Bucket="crawler-lake", Key="raw/sales/day=3/a.csv", Body=SALES.encode())
    again = crawled(glue, "sales")
    assert again["Status"] == "SUCCEEDED"
    partitions = glue.get_partitions(DatabaseName="crawled", TableName="sales")["Partitions"]
    assert [one["Values"] for one in partitions] == [["1"], ["2"], ["3"]]

    wait_for_line(logs, "sales", f"[{last['MessagePrefix']}] INFO : Created table sales in database crawled")
    wait_for_line(logs, "sales", f"[{again['MessagePrefix']}] INFO : ADD: 1")


def wait_for_line(logs: Any, stream: str, line: str) -> None:
    """Return once a crawler's log has a line; it arrives shortly after the crawl has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = logs.get_log_events(
                logGroupName="/aws-glue/crawlers", logStreamName=stream, startFromHead=True
            )
        except logs.exceptions.ResourceNotFoundException:
            answer = {"events": []}
        if line in [event["message"] for event in answer["events"]]:
            return
        time.sleep(0.1)
    raise AssertionError(f"the log of {stream} has no line {line}")


def test_a_crawl_of_a_missing_bucket_fails_with_a_reason(aws: LocalAws) -> None:
    glue = aws.client("glue")
    targets = {"S3Targets": [{"Path": "s3://no-such-bucket-here/x/"}]}
    glue.create_crawler(Name="lost", Role="crawler", DatabaseName="crawled", Targets=targets)
    last = crawled(glue, "lost")
    assert last["Status"] == "FAILED"
    assert "bucket" in last["ErrorMessage"].lower()
