"""The crawler operations: what they accept, refuse, keep and show."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.glue.crawlers.conftest import ROLE, Lake

S3 = {"S3Targets": [{"Path": "s3://lake/raw/"}]}


def test_a_new_crawler_is_shown_with_glue_s_defaults(lake: Lake) -> None:
    lake.crawler(Tags={"team": "energy"}, Schedule="cron(15 12 * * ? *)")
    crawler = lake.glue.get_crawler(Name="raw")["Crawler"]
    assert (crawler["State"], crawler["Version"], crawler["CrawlElapsedTime"]) == ("READY", 1, 0)
    assert crawler["Schedule"] == {"ScheduleExpression": "cron(15 12 * * ? *)", "State": "SCHEDULED"}
    assert crawler["SchemaChangePolicy"] == {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    }
    assert crawler["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}
    assert "LastCrawl" not in crawler
    arn = "arn:aws:glue:us-east-1:000000000000:crawler/raw"
    assert lake.glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "energy"}
    assert lake.glue.list_crawlers(Tags={"team": "energy"})["CrawlerNames"] == ["raw"]
    assert lake.glue.list_crawlers(Tags={"team": "other"})["CrawlerNames"] == []


@pytest.mark.parametrize(
    ("members", "code", "words"),
    [
        ({"Targets": {}}, "InvalidInputException", "at least one target"),
        ({"Targets": {"JdbcTargets": [{"Path": "x"}]}}, "NotImplemented", "JdbcTargets"),
        ({"Targets": {"HudiTargets": [{"Paths": ["s3://b/x"]}]}}, "NotImplemented", "HudiTargets"),
        ({"Targets": {"MongoDBTargets": [{"Path": "x"}]}}, "NotImplemented", "MongoDBTargets"),
        ({"Targets": {"DynamoDBTargets": [{"scanAll": True}]}}, "InvalidInputException", "as its Path"),
        (
            {
                "Targets": {
                    "DeltaTargets": [
                        {"DeltaTables": ["s3://b/x"], "WriteManifest": True, "CreateNativeDeltaTable": True}
                    ]
                }
            },
            "InvalidInputException",
            "cannot both be true",
        ),
        (
            {"Targets": {"S3Targets": [{"Path": "s3://b/", "ConnectionName": "c"}]}},
            "NotImplemented",
            "ConnectionName",
        ),
        ({"Targets": {"S3Targets": [{"Path": "not a path"}]}}, "InvalidInputException", "not a path"),
        (
            {"Targets": {"S3Targets": [{"Path": "s3://b/", "Exclusions": ["[a"]}]}},
            "InvalidInputException",
            "",
        ),
        ({"Schedule": "every day"}, "InvalidInputException", "every day"),
        ({"Configuration": "{"}, "InvalidInputException", ""),
        ({"Configuration": '{"Version": 2.0}'}, "InvalidInputException", "Version"),
        ({"Configuration": '{"Version": 1.0, "Planet": 1}'}, "InvalidInputException", "Planet"),
        (
            {"Configuration": '{"Version": 1, "Grouping": {"TableLevelConfiguration": 0}}'},
            "InvalidInputException",
            "TableLevelConfiguration",
        ),
        ({"Classifiers": ["nothing"]}, "EntityNotFoundException", "nothing"),
        (
            {"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}},
            "InvalidInputException",
            "EventQueueArn",
        ),
        (
            {
                "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
                "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE"},
            },
            "InvalidInputException",
            "can have only LOG",
        ),
        ({"DatabaseName": None}, "InvalidInputException", "DatabaseName"),
    ],
)
def test_what_cannot_be_crawled_is_refused_when_the_crawler_is_made(
    lake: Lake, members: dict[str, Any], code: str, words: str
) -> None:
    request = {"Name": "x", "Role": ROLE, "DatabaseName": "db", "Targets": S3, **members}
    with pytest.raises(ClientError) as caught:
        lake.glue.create_crawler(**request)
    assert caught.value.response["Error"]["Code"] == code
    assert words in caught.value.response["Error"]["Message"]
    assert lake.glue.list_crawlers()["CrawlerNames"] == []


def test_an_update_changes_what_it_names(lake: Lake) -> None:
    lake.crawler(Description="old", TablePrefix="t_")
    lake.glue.update_crawler(Name="raw", Description="new", Schedule="cron(0 1 * * ? *)")
    crawler = lake.glue.get_crawler(Name="raw")["Crawler"]
    assert (crawler["Description"], crawler["TablePrefix"], crawler["Version"]) == ("new", "t_", 2)
    with pytest.raises(ClientError, match="InvalidInputException"):
        lake.glue.update_crawler(Name="raw", Configuration="[]")
    assert lake.glue.get_crawler(Name="raw")["Crawler"]["Version"] == 2


def test_crawlers_are_listed_and_batched(lake: Lake) -> None:
    for name in ("b", "a", "c"):
        lake.crawler(name=name)
    assert lake.glue.list_crawlers(MaxResults=2)["CrawlerNames"] == ["a", "b"]
    token = lake.glue.list_crawlers(MaxResults=2)["NextToken"]
    assert [one["Name"] for one in lake.glue.get_crawlers(NextToken=token)["Crawlers"]] == ["c"]
    batch = lake.glue.batch_get_crawlers(CrawlerNames=["c", "nothing"])
    assert [one["Name"] for one in batch["Crawlers"]] == ["c"]
    assert batch["CrawlersNotFound"] == ["nothing"]
    lake.glue.delete_crawler(Name="b")
    for call in (lake.glue.get_crawler, lake.glue.delete_crawler, lake.glue.start_crawler):
        with pytest.raises(ClientError, match=r"EntityNotFoundException.*Crawler b not found\."):
            call(Name="b")


def test_a_crawler_cannot_be_made_twice(lake: Lake) -> None:
    lake.crawler()
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        lake.crawler()


def test_crawls_are_listed_newest_first_and_filtered(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", "a,b\n1,x\n")
    lake.crawler()
    first, second = lake.crawl()["MessagePrefix"], lake.crawl()["MessagePrefix"]

    def listed(**more: Any) -> list[str]:
        return [one["CrawlId"] for one in lake.glue.list_crawls(CrawlerName="raw", **more)["Crawls"]]

    def one(name: str, operator: str, value: str) -> list[dict[str, str]]:
        return [{"FieldName": name, "FilterOperator": operator, "FieldValue": value}]

    assert listed() == [second, first]
    assert listed(MaxResults=1) == [second]
    assert listed(Filters=one("CRAWL_ID", "EQ", first)) == [first]
    assert listed(Filters=one("STATE", "NE", "COMPLETED")) == []
    assert listed(Filters=one("START_TIME", "GT", "1000")) == [second, first]
    with pytest.raises(ClientError, match="Only EQ or NE"):
        listed(Filters=one("STATE", "GT", "x"))
    metrics = lake.glue.get_crawler_metrics(CrawlerNameList=["raw"])["CrawlerMetricsList"][0]
    assert (metrics["CrawlerName"], metrics["TablesCreated"], metrics["StillEstimating"]) == ("raw", 0, False)


def test_schedules_are_kept_and_switched(lake: Lake) -> None:
    lake.crawler()
    with pytest.raises(ClientError, match="NoScheduleException"):
        lake.glue.start_crawler_schedule(CrawlerName="raw")
    lake.glue.update_crawler_schedule(CrawlerName="raw", Schedule="cron(0 1 * * ? *)")
    with pytest.raises(ClientError, match="SchedulerRunningException"):
        lake.glue.start_crawler_schedule(CrawlerName="raw")
    lake.glue.stop_crawler_schedule(CrawlerName="raw")
    assert lake.glue.get_crawler(Name="raw")["Crawler"]["Schedule"]["State"] == "NOT_SCHEDULED"
    with pytest.raises(ClientError, match="SchedulerNotRunningException"):
        lake.glue.stop_crawler_schedule(CrawlerName="raw")
