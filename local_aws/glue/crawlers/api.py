"""The crawler operations of the Glue API, without those of their schedules.

See
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html (November 2026).
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.catalog.security_configurations import check_security_configuration
from local_aws.glue.catalog.tags import Tags
from local_aws.glue.crawlers.crawl_history import last_crawl
from local_aws.glue.crawlers.members import checked_members
from local_aws.glue.crawlers.runner import Runner
from local_aws.glue.crawlers.schedules import set_schedule
from local_aws.glue.crawlers.store import CrawlerStore, changes_of
from local_aws.glue.triggers.schedule import parse_schedule

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000


class Crawlers:
    """Crawlers: made, changed, shown, started and stopped."""

    def __init__(self, store: CrawlerStore, runner: Runner, tags: Tags) -> None:
        self._store = store
        self._runner = runner
        self._tags = tags
        tags.add_kind("crawler", store.has_crawler)

    def create_crawler(self, request: Request, caller: Caller) -> Answer:
        """Create a crawler.

        Raises:
            AwsError: AlreadyExistsException, InvalidInputException; NotImplemented for what we cannot crawl.
        """
        crawler = checked_members(request, "CreateCrawler")
        schedule = request.get("Schedule")
        if schedule:
            parse_schedule(schedule)
        with self._store.database.write() as connection:
            self._store.refuse_taken("crawler", crawler["Name"])
            self._check_names(crawler)
            connection.execute(
                "INSERT INTO crawler VALUES (?, ?, ?, 1, 'READY', ?, ?, ?)",
                (crawler["Name"], now(), now(), schedule, "SCHEDULED" if schedule else None, dumps(crawler)),
            )
            self._tags.put("crawler", crawler["Name"], request.get("Tags"))
        return {}

    def update_crawler(self, request: Request, caller: Caller) -> Answer:
        """Change the members that are given.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException, CrawlerRunningException.
        """
        with self._store.database.write() as connection:
            row = self._store.crawler(request["Name"])
            self._refuse_running(row)
            given = {name: value for name, value in request.items() if value is not None}
            crawler = checked_members({**loads(row["body"]), **given}, "UpdateCrawler")
            self._check_names(crawler)
            connection.execute(
                "UPDATE crawler SET updated = ?, version = version + 1, body = ? WHERE name = ?",
                (now(), dumps(crawler), row["name"]),
            )
            if "Schedule" in given:
                set_schedule(self._store, row["name"], given["Schedule"])
        return {}

    def delete_crawler(self, request: Request, caller: Caller) -> Answer:
        """Delete a crawler and its history; its tables stay."""
        with self._store.database.write() as connection:
            row = self._store.crawler(request["Name"])
            self._refuse_running(row)
            connection.execute("DELETE FROM crawler WHERE name = ?", (row["name"],))
            self._tags.drop("crawler", row["name"])
        return {}

    def get_crawler(self, request: Request, caller: Caller) -> Answer:
        """Return one crawler."""
        return {"Crawler": self._shown(self._store.crawler(request["Name"]))}

    def get_crawlers(self, request: Request, caller: Caller) -> Answer:
        """Return the crawlers by name."""
        names, token = named_page(self._names(), request, MOST)
        return {"Crawlers": [self._shown(self._store.crawler(name)) for name in names], **token}

    def batch_get_crawlers(self, request: Request, caller: Caller) -> Answer:
        """Return the crawlers that exist, and the names of the others."""
        known = set(self._names())
        wanted = request["CrawlerNames"]
        return {
            "Crawlers": [self._shown(self._store.crawler(name)) for name in wanted if name in known],
            "CrawlersNotFound": [name for name in wanted if name not in known],
        }

    def list_crawlers(self, request: Request, caller: Caller) -> Answer:
        """Return the names of the crawlers that have all the tags given."""
        tags = (request.get("Tags") or {}).items()
        names = [name for name in self._names() if tags <= self._tags.of("crawler", name).items()]
        given, token = named_page(names, request, MOST)
        return {"CrawlerNames": list(given), **token}

    def start_crawler(self, request: Request, caller: Caller) -> Answer:
        """Start a crawl in the background.

        Raises:
            AwsError: EntityNotFoundException, CrawlerRunningException.
        """
        self.start(request["Name"])
        return {}

    def start(self, name: str, crawl_id: str | None = None, trigger: str | None = None) -> None:
        """Start a crawl of the crawler of that name, as a client, a trigger or a schedule does.

        Raises:
            AwsError: EntityNotFoundException, CrawlerRunningException.
        """
        with self._store.database.write():
            row = self._store.crawler(name)
            self._refuse_running(row)
            self._runner.start(row["name"], crawl_id, trigger)

    def stop_crawler(self, request: Request, caller: Caller) -> Answer:
        """Ask a running crawl to end.

        Raises:
            AwsError: EntityNotFoundException, CrawlerNotRunningException, CrawlerStoppingException.
        """
        with self._store.database.write():
            row = self._store.crawler(request["Name"])
            if row["state"] == "READY":
                raise AwsError("CrawlerNotRunningException", f"Crawler with name {row['name']} isn't running")
            if row["state"] == "STOPPING":
                raise AwsError("CrawlerStoppingException", f"Crawler with name {row['name']} is stopping")
            self._store.set_state(row["name"], "STOPPING")
            self._runner.stop(row["name"])
        return {}

    def get_crawler_metrics(self, request: Request, caller: Caller) -> Answer:
        """Return times and counts of the crawlers asked for, or of all."""
        known = self._names()
        wanted = request.get("CrawlerNameList") or known
        names, token = named_page([name for name in known if name in wanted], request, MOST)
        return {"CrawlerMetricsList": [self._metrics(name) for name in names], **token}

    def under_way(self) -> list[str]:
        """The crawls that run."""
        return self._runner.under_way()

    def close(self) -> None:
        """End the crawls that run."""
        self._runner.close()

    def _names(self) -> list[str]:
        return [row["name"] for row in self._store.read().execute("SELECT name FROM crawler ORDER BY name")]

    def _check_names(self, crawler: dict[str, Any]) -> None:
        for name in crawler["Classifiers"]:
            self._store.classifier(name)
        check_security_configuration(self._store.database, crawler.get("CrawlerSecurityConfiguration"))

    def _refuse_running(self, row: sqlite3.Row) -> None:
        if row["state"] != "READY":
            raise AwsError("CrawlerRunningException", f"Crawler with name {row['name']} has already started")

    def _shown(self, row: sqlite3.Row) -> Answer:
        crawls = self._store.crawls(row["name"])
        running = row["state"] != "READY" and crawls
        schedule = {"ScheduleExpression": row["schedule"], "State": row["schedule_state"]}
        last = self._store.last_crawl(row["name"])
        return {
            **loads(row["body"]),
            "State": row["state"],
            "CrawlElapsedTime": int((time.time() - crawls[0]["started"]) * 1000) if running else 0,
            "CreationTime": instant(row["created"]),
            "LastUpdated": instant(row["updated"]),
            "Version": row["version"],
            **({"Schedule": schedule} if row["schedule"] else {}),
            **({"LastCrawl": last_crawl(last)} if last else {}),
        }

    def _metrics(self, name: str) -> Answer:
        ended = [crawl for crawl in self._store.crawls(name) if crawl["ended"] is not None]
        seconds = [crawl["ended"] - crawl["started"] for crawl in ended]
        tables = changes_of(ended[0]).get("TABLE", {}) if ended else {}
        running = self._store.crawler(name)["state"] != "READY"
        return {
            "CrawlerName": name,
            "TimeLeftSeconds": 0.0,
            "StillEstimating": running,
            "LastRuntimeSeconds": seconds[0] if seconds else 0.0,
            "MedianRuntimeSeconds": statistics.median(seconds) if seconds else 0.0,
            "TablesCreated": tables.get("ADD", 0),
            "TablesUpdated": tables.get("UPDATE", 0),
            "TablesDeleted": tables.get("DELETE", 0),
        }
