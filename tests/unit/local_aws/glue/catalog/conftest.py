"""The catalog on a folder of its own, called as the rest of the code calls it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.in_process import InProcessClient
from local_aws.services import Parts
from local_aws.settings import Settings

MakeTable = Callable[..., None]


def open_catalog(folder: Path) -> InProcessClient:
    store = CatalogStore(Settings(state=folder), "us-east-1")
    return InProcessClient(
        "glue", Parts(*catalog_parts(store, Tags(store))), Caller("000000000000", "us-east-1")
    )


@pytest.fixture
def glue(tmp_path: Path) -> InProcessClient:
    client = open_catalog(tmp_path)
    client.create_database(DatabaseInput={"Name": "lake"})
    return client


@pytest.fixture
def make_table(glue: InProcessClient) -> MakeTable:
    """`make_table("sales", year="string", day="int")` makes `lake.sales` with those partition keys."""

    def make(name: str, /, **keys: str) -> None:
        table = {
            "Name": name,
            "PartitionKeys": [{"Name": key, "Type": kind} for key, kind in keys.items()],
            "StorageDescriptor": {
                "Columns": [{"Name": "id", "Type": "bigint"}],
                "Location": f"s3://lake/{name}/",
            },
        }
        glue.create_table(DatabaseName="lake", TableInput=table)

    return make
