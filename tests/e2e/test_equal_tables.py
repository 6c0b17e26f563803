"""The lake has the same files, tables and answers, whoever keeps its objects."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.e2e.conftest import Installation, Installations

pytestmark = [pytest.mark.extended, pytest.mark.timeout(1800)]

UNIQUE = re.compile(r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What Spark makes the name of each file unique with."""


def files(installed: Installation, bucket: str) -> dict[str, list[str]]:
    """Digests of the processed files' schemas and rows, by key without what makes it unique.

    Rows are sorted: Spark promises no order, and a machine that is busy shows that it means it.
    """
    s3, found = installed.client("s3"), dict[str, list[str]]()
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="processed/"):
        for item in page.get("Contents", ()):
            content = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
            table = pq.read_table(io.BytesIO(content), partitioning=None)
            said = "\n".join([str(table.schema), *sorted(map(str, table.to_pylist()))])
            found.setdefault(UNIQUE.sub("", item["Key"]), []).append(sha256(said.encode()).hexdigest())
    return {key: sorted(digests) for key, digests in found.items()}


def tables(installed: Installation) -> dict[str, Any]:
    """Every table of every database: its definition as queries see it, and all its rows."""
    glue, found = installed.client("glue"), {}
    for database in glue.get_databases()["DatabaseList"]:
        for table in glue.get_tables(DatabaseName=database["Name"])["TableList"]:
            name = f'"{database["Name"]}"."{table["Name"]}"'
            columns = [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]]
            keys = [(c["Name"], c["Type"]) for c in table.get("PartitionKeys", ())]
            result = installed.done("query", f"SELECT * FROM {name}")
            found[name] = (columns, keys, sorted(map(str, result["rows"])))
    return found


@pytest.fixture
def installations(tmp_path: Path) -> Iterator[Installations]:
    """Of this test alone: the others load more into theirs."""
    made = Installations(lambda profile: tmp_path / profile)
    yield made
    made.stop()


def test_files_tables_and_answers_are_the_same_on_local_and_localstack(installations: Installations) -> None:
    answers: dict[str, list[dict[str, Any]]] = {}
    for profile in ("local", "localstack"):
        installations.demo(profile)
        installed = installations.of(profile)
        bucket = next(
            b["Name"] for b in installed.client("s3").list_buckets()["Buckets"] if "lake" in b["Name"]
        )
        queries = {query["name"]: query for query in installed.done("report")["queries"]}
        answers[profile] = [files(installed, bucket), tables(installed), queries]
    for here, there in zip(*answers.values(), strict=True):
        assert here
        assert [name for name in here | there if here.get(name) != there.get(name)] == []
