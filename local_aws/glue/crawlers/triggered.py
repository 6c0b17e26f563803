"""Crawls as triggers and workflows see them: started under an id, shown as `Crawl`, told of at their end.

https://docs.aws.amazon.com/glue/latest/webapi/API_Crawl.html (November 2026).
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import instant
from local_aws.glue.crawlers.api import Crawlers
from local_aws.glue.crawlers.crawl_history import STATUSES, log_of, status_of
from local_aws.glue.crawlers.runner import CrawlListener, Runner
from local_aws.glue.crawlers.store import CrawlerStore

Document = dict[str, Any]


class TriggeredCrawls:
    """The crawls of one region."""

    def __init__(self, store: CrawlerStore, crawlers: Crawlers, runner: Runner, caller: Caller) -> None:
        self._store = store
        self._crawlers = crawlers
        self._caller = caller
        self._runner = runner

    def add_listener(self, listener: CrawlListener) -> None:
        """Tell `listener` of each crawl that ended, in the words of triggers."""
        self._runner.listeners.append(
            lambda crawl_id, name, state, trigger: listener(crawl_id, name, STATUSES[state], trigger)
        )

    def start(self, crawler: str, crawl_id: str, trigger: str) -> None:
        """Start a crawl for a trigger.

        Raises:
            AwsError: EntityNotFoundException, CrawlerRunningException.
        """
        self._crawlers.start(crawler, crawl_id=crawl_id, trigger=trigger)

    def stop(self, crawler: str) -> None:
        """Ask the crawl of a crawler to end.

        Raises:
            AwsError: EntityNotFoundException, CrawlerNotRunningException, CrawlerStoppingException.
        """
        self._crawlers.stop_crawler({"Name": crawler}, self._caller)

    def crawl(self, crawl_id: str) -> Document | None:
        """A crawl, or None when there is none of that id (any more)."""
        row = self._store.crawl(crawl_id)
        if row is None:
            return None
        shown: Document = {"State": status_of(row), "StartedOn": instant(row["started"]), **log_of(row)}
        if row["ended"] is not None:
            shown["CompletedOn"] = instant(row["ended"])
        if row["error"]:
            shown["ErrorMessage"] = row["error"]
        return shown
