"""Crawlers: they look at objects and write to the catalog what tables these are."""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog import Tags
from local_aws.glue.crawlers.api import Crawlers
from local_aws.glue.crawlers.classifiers import Classifiers
from local_aws.glue.crawlers.crawl_history import CrawlHistory
from local_aws.glue.crawlers.runner import LogSink, Runner
from local_aws.glue.crawlers.schedules import CrawlerSchedules
from local_aws.glue.crawlers.store import CrawlerStore
from local_aws.glue.crawlers.triggered import TriggeredCrawls
from local_aws.glue.server_clients import Clients
from local_aws.s3.store import ObjectStore
from local_aws.storage.sqlite import Database

__all__ = ["LogSink", "TriggeredCrawls", "crawler_parts", "make_crawlers"]


def crawler_parts(
    database: Database, objects: ObjectStore, glue: Any, tags: Tags, sink: LogSink, clients: Clients
) -> tuple[Any, ...]:
    """The classes that together have the crawlers' operations.

    `database` is the catalog's own, so that a crawler and its tags are written in one transaction; `glue` is
    a boto3-shaped client of the catalog, and `clients` gives those of other services by their names.
    """
    return make_crawlers(database, objects, glue, tags, sink, clients, Caller("", ""))[0]


def make_crawlers(
    database: Database,
    objects: ObjectStore,
    glue: Any,
    tags: Tags,
    sink: LogSink,
    clients: Clients,
    caller: Caller,
) -> tuple[tuple[Any, ...], TriggeredCrawls]:
    """The same classes, and what triggers start crawls by, as `caller`."""
    store = CrawlerStore(database)
    runner = Runner(store, objects, glue, sink, clients)
    crawlers = Crawlers(store, runner, tags)
    schedules = CrawlerSchedules(store, crawlers.start)
    parts = (crawlers, schedules, Classifiers(store), CrawlHistory(store))
    return parts, TriggeredCrawls(store, crawlers, runner, caller)
