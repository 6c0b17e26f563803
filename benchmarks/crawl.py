"""A crawl of 100,000 objects in 5,000 partitions, against listing and opening the same objects.

    python -m benchmarks.crawl

The goals are seconds, not minutes, and a second crawl that finds nothing new within the same bounds. Beside them stand the
listing of the same objects, and their listing with the first bytes of each read, which is what is left when
everything else costs nothing.
"""  # noqa: E501

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.record import record
from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.crawlers import crawler_parts
from local_aws.in_process import InProcessClient
from local_aws.s3.folder_store import FolderStore
from local_aws.services import Parts
from local_aws.settings import Settings

PARTITIONS, FILES, ROWS = 5000, 20, 20
LIMIT = 6.0
"""How many times as long as reading the beginnings of the objects a crawl may take."""
FORMS: dict[str, Callable[[int], str]] = {
    "csv": lambda seed: (
        "id,city,kwh\n" + "".join(f"{seed + row},Cali {row},{row / 7}\n" for row in range(ROWS))
    ),
    "json": lambda seed: "".join(
        f'{{"id": {seed + row}, "city": "Cali", "kwh": 1.5}}\n' for row in range(ROWS)
    ),
}


def main() -> None:
    figures: dict[str, Any] = {"objects": PARTITIONS * FILES, "partitions": PARTITIONS}
    for form, text in FORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            figures.update(
                {f"{form}_{name}": value for name, value in measured(Path(folder), form, text).items()}
            )
    figures["limit"] = LIMIT
    record("crawl", figures, ("duckdb", "pyarrow"))


def measured(folder: Path, form: str, text: Callable[[int], str]) -> dict[str, Any]:
    """Seconds and ratios for objects of one format."""
    store = FolderStore(folder / "s3", folder / "s3.sqlite")
    store.create_bucket("lake", "us-east-1")
    for number in range(PARTITIONS):
        home = folder / "s3" / "lake" / "readings" / f"day={number // 100}" / f"plant={number % 100}"
        home.mkdir(parents=True)
        for file in range(FILES):
            (home / f"{file}.{form}").write_text(text(number * FILES + file))
    listing = seconds(lambda: sum(1 for _ in store.list_files("lake", "readings/")))
    opening = seconds(lambda: read_beginnings(store))
    glue = crawling(folder, store)
    crawls = [seconds(lambda: crawl(glue)) for _ in range(2)]
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName="bench", TableName="readings")
    assert sum(len(page["Partitions"]) for page in pages) == PARTITIONS
    return {
        "listing_s": round(listing, 2),
        "opening_s": round(opening, 2),
        "crawl_s": round(crawls[0], 2),
        "again_s": round(crawls[1], 2),
        "ratio": round(max(crawls) / opening, 2),
    }


def read_beginnings(store: FolderStore) -> None:
    for file in store.list_files("lake", "readings/"):
        with store.reader("lake", file.key) as content:
            content.read(1 << 20)


def crawling(folder: Path, store: FolderStore) -> Any:
    """A Glue with a crawler over the objects."""
    catalog = CatalogStore(Settings(state=folder), "us-east-1")
    tags, caller = Tags(catalog), Caller("000000000000", "us-east-1")
    operations = catalog_parts(catalog, tags)
    client = InProcessClient("glue", Parts(*operations), caller)
    parts = crawler_parts(catalog.database, store, client, tags, lambda *_: None, lambda service: None)
    glue = InProcessClient("glue", Parts(*operations, *parts), caller)
    targets = {"S3Targets": [{"Path": "s3://lake/readings/"}]}
    glue.create_crawler(Name="bench", Role="crawler", DatabaseName="bench", Targets=targets)
    return glue


def crawl(glue: Any) -> None:
    glue.start_crawler(Name="bench")
    while (crawler := glue.get_crawler(Name="bench")["Crawler"])["State"] != "READY":
        time.sleep(0.05)
    if crawler["LastCrawl"]["Status"] != "SUCCEEDED":
        raise SystemExit(crawler["LastCrawl"].get("ErrorMessage"))


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
