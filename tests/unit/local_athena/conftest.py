"""An engine without a catalog, and a service on folders with a Glue catalog in memory of its own."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_athena.engine.engine import Engine
from local_athena.parse.statements import parse_query, read_statement
from local_athena.service.api import AthenaService
from local_athena.statements.jobs import Session
from local_athena.statements.output.column_info import column_infos
from local_athena.statements.query import Queries, rendered, rows_of
from local_aws.athena import StoreStorage, make_athena
from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.in_process import InProcessClient
from local_aws.s3.folder_store import FolderStore
from local_aws.services import Parts
from local_aws.settings import Settings

NOW = datetime(2026, 3, 4, 5, 6, 7, 891000, UTC)
CALLER = Caller("000000000000", "us-east-1")
Ask = Callable[[str], tuple[list[list[str | None]], list[str]]]


class EmptyCatalog:
    """A Glue catalog that has nothing."""

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            answer = {"Error": {"Code": "EntityNotFoundException", "Message": "Entity Not Found"}}
            raise ClientError(answer, operation)  # type: ignore[arg-type]

        return call


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Rows as text and Trino types of a query that needs no table."""
    state = tmp_path_factory.mktemp("state")
    storage = StoreStorage(FolderStore(state / "s3", state / "s3.sqlite"))
    engine = Engine(storage, state / "scratch", threads=1)
    queries = Queries(engine, EmptyCatalog(), None)  # type: ignore[arg-type]

    def run(sql: str) -> tuple[list[list[str | None]], list[str]]:
        text = read_statement(sql).text
        prepared = queries.prepare(text, parse_query(text), Session("default", "awsdatacatalog", NOW))
        batches = rendered(queries.run(prepared), prepared.columns)
        rows = [list(row) for batch in batches for row in rows_of(batch)]
        assert len(column_infos(prepared.columns)) == len(prepared.columns)
        return rows, [str(column.type) for column in prepared.columns]

    yield run
    engine.close()


@dataclass
class Lake:
    """Athena with a catalog and a bucket `lake`."""

    athena: AthenaService
    store: FolderStore
    glue: Any
    settings: Settings

    def start(self, sql: str, **request: Any) -> str:
        asked = {
            "QueryString": sql,
            "ClientRequestToken": str(uuid.uuid4()),
            "ResultConfiguration": {"OutputLocation": "s3://lake/results/"},
            "QueryExecutionContext": {"Database": "db"},
            **request,
        }
        return str(self.athena.start_query_execution(asked, CALLER)["QueryExecutionId"])

    def wait(self, execution_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while True:
            answer = self.athena.get_query_execution({"QueryExecutionId": execution_id}, CALLER)[
                "QueryExecution"
            ]
            if answer["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return dict(answer)
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def run(self, sql: str, **request: Any) -> dict[str, Any]:
        return self.wait(self.start(sql, **request))

    def rows(self, sql: str, **request: Any) -> list[list[str | None]]:
        done = self.run(sql, **request)
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        answer = self.athena.get_query_results({"QueryExecutionId": done["QueryExecutionId"]}, CALLER)
        found = [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]
        return found[1:] if done["StatementType"] == "DML" else found

    def reason(self, sql: str) -> str:
        status = self.run(sql)["Status"]
        assert status["State"] == "FAILED", status
        return str(status["StateChangeReason"])


def make_lake(state: Path) -> Lake:
    settings = Settings(state=state)
    (state / "tmp").mkdir(parents=True, exist_ok=True)
    store = FolderStore(state / "s3", state / "s3.sqlite")
    catalog = CatalogStore(settings, "us-east-1")
    glue = InProcessClient("glue", Parts(*catalog_parts(catalog, Tags(catalog))), CALLER)
    return Lake(make_athena(settings, "us-east-1", glue, store), store, glue, settings)


@pytest.fixture
def own_lake(tmp_path: Path) -> Iterator[Lake]:
    """A lake that the test may stop, or look inside of, with database `db`."""
    made = make_lake(tmp_path)
    made.store.create_bucket("lake", "us-east-1")
    made.rows("CREATE DATABASE db")
    yield made
    made.athena.close()


@dataclass
class Shared:
    """A lake that tests use one after another: starting one with its workers takes half a second."""

    folder: Path
    made: Lake | None = None

    def lend(self) -> Lake:
        if self.made is None:
            self.made = make_lake(self.folder / uuid.uuid4().hex)
        self.made.store.create_bucket("lake", "us-east-1")
        self.made.glue.create_database(DatabaseInput={"Name": "db"})
        return self.made

    def take_back(self) -> None:
        assert self.made is not None
        try:
            empty(self.made)
        except Exception:
            self.close()

    def close(self) -> None:
        made, self.made = self.made, None
        if made is not None:
            made.athena.close()


def empty(lake: Lake) -> None:
    """Delete all that a test has left."""
    assert not lake.athena.under_way()
    for database in lake.glue.get_databases()["DatabaseList"]:
        lake.glue.delete_database(Name=database["Name"])
    for bucket in lake.store.buckets():
        folder = lake.store.bucket_folder(bucket.name)
        lake.store.delete_prefix(bucket.name, "")
        shutil.rmtree(folder)
        folder.mkdir()
        lake.store.delete_bucket(bucket.name)
    prepared = lake.athena.list_prepared_statements({"WorkGroup": "primary"}, CALLER)["PreparedStatements"]
    for statement in prepared:
        asked = {"WorkGroup": "primary", "StatementName": statement["StatementName"]}
        lake.athena.delete_prepared_statement(asked, CALLER)
    for group in lake.athena.list_work_groups({}, CALLER)["WorkGroups"]:
        if group["Name"] != "primary":
            lake.athena.delete_work_group({"WorkGroup": group["Name"], "RecursiveDeleteOption": True}, CALLER)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    lakes = Shared(tmp_path_factory.mktemp("lakes"))
    yield lakes
    lakes.close()


@pytest.fixture
def lake(shared: Shared) -> Iterator[Lake]:
    """An empty lake with database `db` and bucket `lake`; it is another test's next."""
    yield shared.lend()
    shared.take_back()
