"""One crawl: list the targets, classify their files, find the tables, bring the catalog up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.crawlers.catalog_shapes import UPDATED_BY, location, parameters
from local_aws.glue.crawlers.catalog_writer import CatalogWriter
from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.classify import classify
from local_aws.glue.crawlers.custom import Classifier
from local_aws.glue.crawlers.definition import Definition
from local_aws.glue.crawlers.events import Place
from local_aws.glue.crawlers.grouping import File, FoundTable, table_at, tables_of, tree_of
from local_aws.glue.crawlers.lake_crawl import tables_of_targets
from local_aws.glue.crawlers.partition_writer import Log
from local_aws.glue.crawlers.plan import PlannedTable, planned_table
from local_aws.glue.crawlers.remembered import Remembered
from local_aws.glue.crawlers.target import Target, objects_of, parse_target
from local_aws.glue.server_clients import Clients
from local_aws.s3.store import ObjectFile, ObjectStore


@dataclass(frozen=True, slots=True)
class Classifiers:
    """The custom classifiers of a crawler, and a text that is another for others."""

    made: tuple[Classifier, ...] = ()
    key: str = ""


class Stopped(Exception):
    """StopCrawler was called; what was written until then stays."""


class Crawl:
    """Runs one crawl of one crawler.

    `glue` is a boto3-shaped client of the catalog. `seen` are the folders (`s3://bucket/path`) of earlier
    crawls, which a crawler of new folders leaves out. `check` raises `Stopped` when the crawl should end.
    """

    def __init__(
        self,
        definition: Definition,
        crawl_id: str,
        classifiers: Classifiers,
        remembered: Remembered,
        store: ObjectStore,
        glue: Any,
        clients: Clients,
        log: Log,
        check: Callable[[], None],
    ) -> None:
        self._definition = definition
        self._classifiers = classifiers
        self._remembered = remembered
        self._store = store
        self._glue = glue
        self._clients = clients
        self._log = log
        self.check = check
        self._writer = CatalogWriter(glue, definition, crawl_id, self._has_objects, log)
        self.folders: set[str] = set()
        """The folders with data that were found."""

    @property
    def changes(self) -> dict[str, dict[str, int]]:
        """What was written so far: `{"TABLE": {"ADD": 2}, "PARTITION": {"ADD": 6}}`."""
        counts: dict[str, dict[str, int]] = {}
        for (kind, action), count in self._writer.changes.items():
            if count:
                counts.setdefault(kind, {})[action] = count
        return counts

    def run(self, seen: frozenset[str] = frozenset()) -> None:
        """Crawl everything but the folders that were seen.

        Raises:
            Stopped: the crawl was asked to end.
            AwsError, ClientError: a bucket, a table of a catalog target or the catalog's answer.
        """
        found = [
            (target, self._files(target, lambda folder: folder not in seen))
            for target in self._definition.targets
        ]
        self._log(
            f"BENCHMARK : Classification complete, writing results to database {self._definition.database}"
        )
        self._writer.ensure_database()
        for target, files in found:
            rest = self._add_to_known(target, files) if seen else files
            self._write_tables(target, rest)
        for planned in tables_of_targets(self._definition, self._store, self._clients, self._log, self.check):
            self._writer.write_new(planned)
        for table in self._catalog_tables():
            self._write_known(table, self._files(_target_of(table)))
        if not seen:
            self._writer.remove_missing(self._missing_tables())
        self._log("BENCHMARK : Finished writing to Catalog")

    def run_events(self, places: Collection[Place]) -> None:
        """Crawl the tables that the objects are in, and the folders of those that are in none.

        Raises:
            as `run` does.
        """
        self._writer.ensure_database()
        rest, gone = set(places), []
        own = self._own_tables() if self._definition.targets else []
        for table in [*own, *self._catalog_tables()]:
            home = _target_of(table)
            inside = {place for place in rest if place[0] == home.bucket and _is_below(place[1], home.path)}
            rest -= inside
            if files := self._files(home) if inside else []:
                self._write_known(table, files)
            elif inside and own:
                gone.append(table)
        for target in self._definition.targets:
            folders = {_folder_of(bucket, key) for bucket, key in rest if bucket == target.bucket}
            self._write_tables(target, self._files(target, folders.__contains__) if folders else [])
        self._writer.remove_missing(gone)
        self._log("BENCHMARK : Finished writing to Catalog")

    def _files(self, target: Target, wanted: Callable[[str], bool] = lambda folder: True) -> list[File]:
        """The target's objects in the folders that are wanted, classified."""
        read: Counter[str] = Counter()
        files = []
        for found in objects_of(self._store, target):
            self.check()
            folder = _folder_of(target.bucket, found.key)
            self.folders.add(folder)
            if not wanted(folder):
                continue
            read[folder] += 1
            sampled = target.sample_size is None or read[folder] <= target.sample_size
            files.append(self._file(target, found) if sampled else File(found.key, found.size, None))
        return files

    def _file(self, target: Target, found: ObjectFile) -> File:
        def look() -> Classified | None:
            with self._store.reader(target.bucket, found.key) as content:
                return classify(content, self._classifiers.made)

        try:
            schema = self._remembered.find(self._classifiers.key, target.bucket, found, look)
        except AwsError as error:
            if error.code != "NoSuchKey":
                raise
            # Deleted since it was listed; it counts for nothing.
            return File(found.key, 0, None)
        if schema is None:
            self._log(f"WARN : No classifier knows s3://{target.bucket}/{found.key}; it adds no schema")
        return File(found.key, found.size, schema, unknown=schema is None)

    def _write_tables(self, target: Target, files: Iterable[File]) -> None:
        tree = tree_of(target.path, files)
        for table in tables_of(tree, self._definition.configuration.grouping):
            self.check()
            self._writer.write_new(self._planned(table, target.bucket))

    def _add_to_known(self, target: Target, files: list[File]) -> list[File]:
        """Give new folders to the tables of this crawler that they are in; the files that are in none."""
        rest = files
        for table in self._own_tables():
            inside = _inside(table, target)
            known = [file for file in rest if inside(file)]
            if known:
                self._write_known(table, known)
                rest = [file for file in rest if not inside(file)]
        return rest

    def _write_known(self, table: dict[str, Any], files: list[File]) -> None:
        self.check()
        if not any(file.schema for file in files):
            self._log(f"WARN : Table {table['Name']} has no data that a classifier knows")
            return
        target = _target_of(table)
        found = table_at(tree_of(target.path, files))
        self._writer.write_known(table, self._planned(found, target.bucket))

    def _planned(self, table: FoundTable, bucket: str) -> PlannedTable:
        return planned_table(table, bucket, self._definition.name, self._definition.configuration.grouping)

    def _catalog_tables(self) -> list[dict[str, Any]]:
        return [
            self._glue.get_table(DatabaseName=target.database, Name=name)["Table"]
            for target in self._definition.catalog_targets
            for name in target.tables
        ]

    def _own_tables(self) -> list[dict[str, Any]]:
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=self._definition.database)
        return [
            table
            for page in pages
            for table in page["TableList"]
            if parameters(table).get(UPDATED_BY) == self._definition.name
        ]

    def _missing_tables(self) -> list[dict[str, Any]]:
        targets = tuple(target.uri for target in self._definition.places)
        if not targets:
            return []
        return [
            table
            for table in self._own_tables()
            if table["Name"] not in self._writer.written
            and f"{location(table).rstrip('/')}/".startswith(targets)
            and not self._is_unreadable(table)
        ]

    def _is_unreadable(self, table: dict[str, Any]) -> bool:
        """Whether a table of a lake's format has data, though its metadata could not be read this time."""
        inferred = tuple(target.uri for target in self._definition.targets)
        is_inferred = f"{location(table).rstrip('/')}/".startswith(inferred) if inferred else False
        return not is_inferred and self._has_objects(location(table))

    def _has_objects(self, place: str) -> bool:
        """Whether a location has data; one that is not on S3 is not ours to judge."""
        try:
            return next(objects_of(self._store, parse_target(place)), None) is not None
        except ValueError:
            return True
        except AwsError as error:
            if error.code != "NoSuchBucket":
                raise
            return False


def _target_of(table: dict[str, Any]) -> Target:
    return parse_target(location(table))


def _inside(table: dict[str, Any], target: Target) -> Callable[[File], bool]:
    home = _target_of(table)
    folder = f"{home.path}/"
    return lambda file: home.bucket == target.bucket and file.key.startswith(folder)


def _is_below(key: str, path: str) -> bool:
    return not path or key == path or key.startswith(f"{path}/")


def _folder_of(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key.rpartition('/')[0]}"
