"""Crawlers that start by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from local_aws.glue.crawlers.schedules import CrawlerSchedules
from local_aws.glue.crawlers.store import CrawlerStore
from tests.unit.local_aws.glue.crawlers.conftest import Lake

NOON = datetime(2026, 11, 30, 12, 15, tzinfo=UTC)


def fire(lake: Lake, time: datetime = NOON) -> list[str]:
    """The crawlers that are started in a minute."""
    started: list[str] = []
    schedules = CrawlerSchedules(CrawlerStore(lake.database), started.append)
    schedules.close()
    schedules.fire_due(time)
    return started


def test_a_crawler_starts_in_the_minutes_of_its_schedule_only(lake: Lake) -> None:
    lake.crawler(name="due", Schedule="cron(15 12 * * ? *)")
    lake.crawler(name="monday", Schedule="cron(0/15 * ? * MON *)")
    lake.crawler(name="later", Schedule="cron(20 12 * * ? *)")
    lake.crawler(name="never")
    assert fire(lake) == ["due", "monday"]
    assert fire(lake, NOON.replace(minute=20)) == ["later"]
    assert fire(lake, NOON.replace(day=29)) == ["due"]


def test_a_schedule_that_is_stopped_starts_nothing_until_it_is_started(lake: Lake) -> None:
    lake.crawler(Schedule="cron(15 12 * * ? *)")
    lake.glue.stop_crawler_schedule(CrawlerName="raw")
    assert fire(lake) == []
    lake.glue.start_crawler_schedule(CrawlerName="raw")
    assert fire(lake) == ["raw"]


def test_a_schedule_is_changed_and_removed(lake: Lake) -> None:
    lake.crawler()
    lake.glue.update_crawler_schedule(CrawlerName="raw", Schedule="cron(15 12 * * ? *)")
    assert fire(lake) == ["raw"]
    lake.glue.update_crawler_schedule(CrawlerName="raw", Schedule="")
    assert fire(lake) == []
    assert "Schedule" not in lake.glue.get_crawler(Name="raw")["Crawler"]


@pytest.mark.parametrize(
    "schedule", ["every day", "cron(* * * * ? *)", "cron(99 12 * * ? *)", "cron(0/1 * * * ? *)"]
)
def test_a_schedule_that_is_none_or_too_often_is_refused(lake: Lake, schedule: str) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        lake.crawler(Schedule=schedule)
    lake.crawler()
    with pytest.raises(ClientError, match="InvalidInputException"):
        lake.glue.update_crawler_schedule(CrawlerName="raw", Schedule=schedule)


def test_a_crawler_that_cannot_start_does_not_keep_others_from_it(lake: Lake) -> None:
    for name in ("a", "b"):
        lake.crawler(name=name, Schedule="cron(15 12 * * ? *)")
    started: list[str] = []

    def start(name: str) -> None:
        if name == "a":
            lake.glue.delete_crawler(Name="a")
            lake.parts.start_crawler({"Name": "a"}, None)
        started.append(name)

    schedules = CrawlerSchedules(CrawlerStore(lake.database), start)
    schedules.close()
    schedules.fire_due(NOON)
    assert started == ["b"]
