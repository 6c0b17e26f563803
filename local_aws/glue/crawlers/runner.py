"""Runs crawls in the background, and writes down how each ended.

A crawl's thread is the only one that takes its crawler back to READY. STOPPING is shown from StopCrawler
until then; a crawl that ends by itself has nothing to release and goes from RUNNING to READY.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import loads
from local_aws.glue.crawlers.classifiers import custom_classifier
from local_aws.glue.crawlers.crawl import Classifiers, Crawl, Stopped
from local_aws.glue.crawlers.definition import Definition, definition_of
from local_aws.glue.crawlers.events import Events
from local_aws.glue.crawlers.remembered import Remembered
from local_aws.glue.crawlers.store import CrawlerStore
from local_aws.glue.server_clients import Clients
from local_aws.s3.store import ObjectStore
from local_aws.storage.answers import answer_for
from local_aws.storage.room import when_there_is_room

LogSink = Callable[[str, str, list[str]], None]
"""Appends lines to a stream of a CloudWatch Logs group: `sink(group, stream, lines)`."""

CrawlListener = Callable[[str, str, str, str | None], None]
"""Told of the end of a crawl: its id, its crawler, its state, and the trigger that started it, if one did."""

LOG_GROUP = "/aws-glue/crawlers"
_LONGEST_ERROR = 2048
_logger = logging.getLogger(__name__)


class Runner:
    """The crawls of one region."""

    def __init__(
        self, store: CrawlerStore, objects: ObjectStore, glue: Any, sink: LogSink, clients: Clients
    ) -> None:
        self._store = store
        self._objects = objects
        self._glue = glue
        self._sink = sink
        self._clients = clients
        self._remembered = Remembered()
        self._stops: dict[str, threading.Event] = {}
        self._threads: dict[str, threading.Thread] = {}
        self.listeners: list[CrawlListener] = []

    def start(self, name: str, crawl_id: str | None = None, trigger: str | None = None) -> None:
        """Start a crawl of a crawler that is READY; the caller holds the transaction in which it was."""
        crawl_id = crawl_id or str(uuid.uuid4())
        self._store.start_crawl(name, crawl_id)
        definition = definition_of(loads(self._store.crawler(name)["body"]))
        self._stops[name] = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(definition, crawl_id, trigger), name=f"crawl-{name}", daemon=True
        )
        self._threads[name] = thread
        thread.start()

    def stop(self, name: str) -> None:
        """Ask a crawl that is running to end at the next object or table."""
        self._stops[name].set()

    def under_way(self) -> list[str]:
        """The crawls under way, or whose log is still being written."""
        return [f"crawl of {name}" for name, thread in list(self._threads.items()) if thread.is_alive()]

    def close(self) -> None:
        """End all crawls and wait for them."""
        for stop in self._stops.values():
            stop.set()
        for thread in self._threads.values():
            thread.join(timeout=10)

    def _run(self, definition: Definition, crawl_id: str, trigger: str | None) -> None:
        log: list[str] = [f"BENCHMARK : Running Start Crawl for Crawler {definition.name}"]
        log.append(_configured(definition))
        crawl: Crawl | None = None
        events = Events(self._clients, log.append)
        state, error = "COMPLETED", None
        try:
            crawl = self._crawl(definition, crawl_id, log.append)
            self._crawl_what_is_wanted(definition, crawl, events)
        except Stopped:
            state = "STOPPED"
            log.append("INFO : The crawl was cancelled")
        except Exception as failure:
            state, error = "FAILED", _message(failure)
            log.append(f"ERROR : {error}")
        events.settle(done=state == "COMPLETED")
        changes = crawl.changes if crawl else {}
        seen_now = crawl.folders if crawl and state == "COMPLETED" and definition.new_folders_only else ()

        def end() -> None:
            # One transaction, so that whoever sees the crawler READY sees how its crawl ended.
            with self._store.database.write():
                self._store.end_crawl(crawl_id, state, error, changes)
                self._store.add_seen_folders(definition.name, seen_now)
                self._store.set_state(definition.name, "READY")

        when_there_is_room(end, self._stops[definition.name].is_set)
        self._write_log(definition.name, crawl_id, [*log, *_summary(changes)])
        self._tell(crawl_id, definition.name, state, trigger)

    def _tell(self, crawl_id: str, name: str, state: str, trigger: str | None) -> None:
        for listener in self.listeners:
            try:
                listener(crawl_id, name, state, trigger)
            except Exception:
                _logger.exception("After the end of a crawl of %s", name)

    def _crawl_what_is_wanted(self, definition: Definition, crawl: Crawl, events: Events) -> None:
        """Everything, new folders only, or what events name, for which a first crawl looks at everything."""
        for queue in definition.queues:
            events.receive(queue, crawl.check)
        if definition.queues and self._store.has_completed(definition.name):
            crawl.run_events(events.places)
        elif definition.new_folders_only:
            crawl.run(self._store.seen_folders(definition.name))
        else:
            crawl.run()

    def _crawl(self, definition: Definition, crawl_id: str, log: Callable[[str], None]) -> Crawl:
        rows = [self._store.classifier(name) for name in definition.classifiers]
        key = json.dumps([[row["name"], row["created"], row["version"]] for row in rows])
        classifiers = Classifiers(tuple(map(custom_classifier, rows)), key)
        stop = self._stops[definition.name]

        def check() -> None:
            if stop.is_set():
                raise Stopped

        return Crawl(
            definition,
            crawl_id,
            classifiers,
            self._remembered,
            self._objects,
            self._glue,
            self._clients,
            log,
            check,
        )

    def _write_log(self, name: str, crawl_id: str, lines: list[str]) -> None:
        lines.append("BENCHMARK : Crawler has finished running and is in state READY")
        try:
            self._sink(LOG_GROUP, name, [f"[{crawl_id}] {line}" for line in lines])
        except Exception:
            # A log that cannot be written is no reason to call a crawl failed whose tables are there.
            _logger.exception("The log of crawler %s could not be written", name)


def _configured(definition: Definition) -> str:
    policy = f"SchemaChangePolicy {json.dumps(definition.policy, separators=(',', ':'))}."
    if not definition.configuration_text:
        return f"INFO : Crawler configured with {policy}"
    return (
        f"INFO : Crawler configured with Configuration {definition.configuration_text} and {policy} Note that"
        " values in the Configuration override values in the SchemaChangePolicy for S3 Targets."
    )


def _summary(counts: dict[str, dict[str, int]]) -> list[str]:
    lines = []
    for kind in sorted(counts, reverse=True):
        lines.append(f"INFO : Run Summary For {kind}:")
        lines += [f"INFO : {action}: {count}" for action, count in counts[kind].items()]
    return lines


def _message(failure: Exception) -> str:
    if isinstance(failure, ClientError):
        return str(failure.response["Error"]["Message"])[:_LONGEST_ERROR]
    if isinstance(failure, AwsError):
        return failure.message[:_LONGEST_ERROR]
    _logger.error("A crawl failed", exc_info=failure)
    if (answer := answer_for(failure)) is not None:
        return f"Internal Service Exception: {answer.message}"[:_LONGEST_ERROR]
    # What Python says may name files of this machine; the server's log has it.
    return "Internal Service Exception"
