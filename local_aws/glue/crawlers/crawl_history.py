"""ListCrawls: the crawls of a crawler, newest first, filtered."""

from __future__ import annotations

import json
import operator
import sqlite3
from collections.abc import Callable
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import instant
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.crawlers.runner import LOG_GROUP
from local_aws.glue.crawlers.store import CrawlerStore, changes_of

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000
STATUSES = {"RUNNING": "RUNNING", "COMPLETED": "SUCCEEDED", "FAILED": "FAILED", "STOPPED": "CANCELLED"}
"""States of crawls, and what crawlers and triggers call them."""
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
    "EQ": operator.eq,
    "NE": operator.ne,
}
_TEXTS = {"CRAWL_ID": "id", "STATE": "state"}
_TIMES = {"START_TIME": "started", "END_TIME": "ended"}
"""Filtered by milliseconds since 1970."""


class CrawlHistory:
    """ListCrawls."""

    def __init__(self, store: CrawlerStore) -> None:
        self._store = store

    def list_crawls(self, request: Request, caller: Caller) -> Answer:
        """Return the crawls of a crawler that every filter is true for.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException, a filter.
        """
        name = self._store.crawler(request["CrawlerName"])["name"]
        start = after(request, int)
        filters = request.get("Filters") or []
        found = [
            crawl
            for crawl in self._store.crawls(name)
            if (start is None or crawl["number"] < start) and all(_passes(crawl, one) for one in filters)
        ]
        limit = limit_of(request, MOST)
        given, token = page(found[: limit + 1], limit, lambda crawl: int(crawl["number"]))
        return {"Crawls": [_shown(crawl) for crawl in given], **token}


def last_crawl(crawl: sqlite3.Row) -> Answer:
    """A crawl as GetCrawler's `LastCrawl`."""
    return {
        "Status": status_of(crawl),
        **_error(crawl),
        **log_of(crawl),
        "StartTime": instant(crawl["started"]),
    }


def status_of(crawl: sqlite3.Row) -> str:
    """How a crawl ended, in the words that crawlers and triggers use; RUNNING before."""
    return STATUSES[crawl["state"]]


def _passes(crawl: sqlite3.Row, condition: dict[str, str]) -> bool:
    name, value = condition.get("FieldName", ""), condition.get("FieldValue", "")
    compare = _OPERATORS[condition.get("FilterOperator", "EQ")]
    if name in _TEXTS:
        if compare not in (operator.eq, operator.ne):
            raise invalid(f"Only EQ or NE operator is allowed for field : {name}")
        return compare(crawl[_TEXTS[name]], value)
    if name not in _TIMES or not value.isdigit():
        raise invalid(f"A filter on {name} with value '{value}' is not supported.")
    actual = crawl[_TIMES[name]]
    return actual is not None and compare(actual * 1000, int(value))


def _shown(crawl: sqlite3.Row) -> Answer:
    changes = changes_of(crawl)
    ended = {"EndTime": instant(crawl["ended"])} if crawl["ended"] is not None else {}
    return {
        "CrawlId": crawl["id"],
        "State": crawl["state"],
        "StartTime": instant(crawl["started"]),
        **ended,
        **({"Summary": json.dumps(changes)} if changes else {}),
        **_error(crawl),
        **log_of(crawl),
        "DPUHour": 0.0,
    }


def _error(crawl: sqlite3.Row) -> Answer:
    return {"ErrorMessage": crawl["error"]} if crawl["error"] else {}


def log_of(crawl: sqlite3.Row) -> Answer:
    """Where the log of a crawl is."""
    return {"LogGroup": LOG_GROUP, "LogStream": crawl["crawler"], "MessagePrefix": crawl["id"]}
