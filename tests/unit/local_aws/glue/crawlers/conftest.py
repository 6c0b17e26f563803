"""A lake on a folder, and crawlers over it, without a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.crawlers import crawler_parts
from local_aws.in_process import InProcessClient
from local_aws.s3.folder_store import FolderStore
from local_aws.services import Parts
from local_aws.settings import Settings
from local_aws.storage.sqlite import Database

ROLE = "arn:aws:iam::000000000000:role/crawler"


@dataclass
class Lake:
    """A bucket `lake`, and Glue with its catalog and crawlers."""

    glue: Any
    store: FolderStore
    parts: Parts
    database: Database
    log: list[str] = field(default_factory=list)

    def put(self, key: str, data: str | bytes) -> None:
        self.store.put("lake", key, data.encode() if isinstance(data, str) else data)

    def crawler(self, path: str = "s3://lake/raw/", name: str = "raw", **more: Any) -> None:
        s3 = more.pop("target", {})
        targets = more.pop("Targets", {"S3Targets": [{"Path": path, **s3}]})
        self.glue.create_crawler(Name=name, Role=ROLE, DatabaseName="db", Targets=targets, **more)

    def crawl(self, name: str = "raw") -> dict[str, Any]:
        """Run a crawler to its end, and return its `LastCrawl`."""
        self.glue.start_crawler(Name=name)
        for thread in threading.enumerate():
            if thread.name == f"crawl-{name}":
                thread.join(30)
        crawler = self.glue.get_crawler(Name=name)["Crawler"]
        assert crawler["State"] == "READY"
        last: dict[str, Any] = crawler["LastCrawl"]
        return last

    def tables(self) -> dict[str, dict[str, Any]]:
        return {one["Name"]: one for one in self.glue.get_tables(DatabaseName="db")["TableList"]}

    def columns(self, table: str) -> dict[str, str]:
        found = self.tables()[table]["StorageDescriptor"]["Columns"]
        return {column["Name"]: column["Type"] for column in found}

    def keys(self, table: str) -> list[str]:
        return [key["Name"] for key in self.tables()[table]["PartitionKeys"]]

    def partitions(self, table: str) -> dict[tuple[str, ...], dict[str, Any]]:
        pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName="db", TableName=table)
        return {tuple(one["Values"]): one for page in pages for one in page["Partitions"]}


def client_of(service: str) -> Any:
    """A client of moto, for tests that mock AWS by it."""
    make: Any = boto3.client
    return make(service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def open_lake(folder: Path) -> Lake:
    catalog = CatalogStore(Settings(state=folder), "us-east-1")
    tags = Tags(catalog)
    store = FolderStore(folder / "s3", folder / "s3.sqlite")
    operations = catalog_parts(catalog, tags)
    caller = Caller("000000000000", "us-east-1")
    client = InProcessClient("glue", Parts(*operations), caller)
    log: list[str] = []
    parts = Parts(
        *operations,
        *crawler_parts(
            catalog.database, store, client, tags, lambda group, stream, lines: log.extend(lines), client_of
        ),
    )
    return Lake(InProcessClient("glue", parts, caller), store, parts, catalog.database, log)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    opened = open_lake(tmp_path)
    opened.store.create_bucket("lake", "us-east-1")
    yield opened
    opened.parts.close()
