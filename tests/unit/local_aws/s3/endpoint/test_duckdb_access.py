"""A DuckDB for an S3 endpoint reaches that endpoint and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from local_athena.engine.engine import Engine
from local_aws.athena import StoreStorage
from local_aws.s3.endpoint.store import EndpointStore

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    engine = Engine(StoreStorage(EndpointStore(NOBODY, "us-east-1", lambda: NOBODY)), tmp_path / "scratch")
    yield engine
    engine.close()


def refusal(engine: Engine, source: str) -> str:
    with engine.session() as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(f"SELECT * FROM read_csv('{source}')")
    return str(caught.value)


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "http://127.0.0.1:1/a", "https://example.org/a", "gcs://a/b"]
)
def test_no_file_and_no_other_url_can_be_read(engine: Engine, source: str) -> None:
    assert "Permission Error" in refusal(engine, source)


@pytest.mark.parametrize("key", ["a.csv", "a?s3_endpoint=example.org", "*.csv"])
def test_every_key_is_asked_of_the_endpoint(engine: Engine, key: str) -> None:
    assert "127.0.0.1:1/" in refusal(engine, f"s3://lake/{key}")


def test_settings_cannot_be_changed(engine: Engine) -> None:
    with engine.session() as connection, pytest.raises(duckdb.Error, match="locked"):
        connection.execute("SET GLOBAL s3_endpoint = 0")
