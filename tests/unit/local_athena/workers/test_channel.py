"""What crosses between the processes, and what does not."""

from __future__ import annotations

import pickle
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_athena.errors import AthenaApiError, QueryCancelled, QueryFailed, malformed_query
from local_athena.protocols import StorageError, StoredFile
from local_athena.statements.undo import Undo
from local_athena.workers.channel import HEADER, Channel, Disconnected
from local_athena.workers.failures import ClientExceptions, as_exception, as_failure
from local_athena.workers.messages import Answer, Call


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    ours, theirs = map(Channel, socket.socketpair())
    yield ours, theirs
    ours.close()
    theirs.close()


def crossed(ends: tuple[Channel, Channel], value: Any) -> Any:
    ends[0].send(Answer(value))
    return ends[1].receive().value


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"Table": {"Name": "t", "CreateTime": datetime(2026, 3, 4, tzinfo=UTC), "Parameters": {}}},
        Path("/some/file"),
        b"\x00" * 3_000_000,
        Undo("db", "t", uris=["s3://lake/x"], partitions=[["1"]]),
        StoredFile("s3://lake/x", 1, datetime(2026, 3, 4, tzinfo=UTC), "etag"),
    ],
    ids=["nothing", "a page of the catalog", "a path", "bytes", "an undo", "an object"],
)
def test_values_arrive_as_they_were(ends: tuple[Channel, Channel], value: Any) -> None:
    if isinstance(value, bytes):
        value = value[:100_000]  # what a socket holds without a reader
    assert crossed(ends, value) == value


def test_a_message_that_names_code_ends_the_conversation(ends: tuple[Channel, Channel]) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return (eval, ("1 + 1",))

    data = pickle.dumps(Evil())
    ends[0]._socket.sendall(HEADER.pack(len(data)) + data)
    with pytest.raises(Disconnected):
        ends[1].receive()


def test_a_message_that_says_it_is_huge_is_not_waited_for(ends: tuple[Channel, Channel]) -> None:
    ends[0]._socket.sendall(HEADER.pack(1 << 60))
    with pytest.raises(Disconnected):
        ends[1].receive()


def test_the_end_of_the_other_process_is_noticed(ends: tuple[Channel, Channel]) -> None:
    ends[0].close()
    with pytest.raises(Disconnected):
        ends[1].receive()
    with pytest.raises(Disconnected):
        ends[1].send(Call("glue", "get_table"))


def test_a_failed_query_crosses_with_its_words_and_numbers() -> None:
    error = QueryFailed("", "FAILED: no", category=1, error_type=1502, error_message="no")
    again = as_exception(as_failure(error))
    assert isinstance(again, QueryFailed)
    assert (again.reason, again.as_athena_error()) == (error.reason, error.as_athena_error())
    named = as_exception(as_failure(QueryFailed("TYPE_MISMATCH", "line 1:1: x")))
    assert isinstance(named, QueryFailed)
    assert (named.name, named.reason, named.error_type) == (
        "TYPE_MISMATCH",
        "TYPE_MISMATCH: line 1:1: x",
        1002,
    )


def test_refusals_and_stops_cross() -> None:
    refused = as_exception(as_failure(malformed_query("line 1:1: no")))
    assert isinstance(refused, AthenaApiError)
    assert (refused.code, refused.members) == (
        "InvalidRequestException",
        {"AthenaErrorCode": "MALFORMED_QUERY"},
    )
    stopped = as_exception(as_failure(QueryCancelled("too much", 7)))
    assert isinstance(stopped, QueryCancelled)
    assert (stopped.reason, stopped.scanned) == ("too much", 7)
    stored = as_exception(as_failure(StorageError("NoSuchKey", "s3://lake/x")))
    assert isinstance(stored, StorageError)
    assert (stored.code, stored.uri) == ("NoSuchKey", "s3://lake/x")


def test_an_error_of_a_client_is_caught_by_its_code_on_the_other_side() -> None:
    answer: Any = {"Error": {"Code": "EntityNotFoundException", "Message": "no table"}}
    again = as_exception(as_failure(ClientError(answer, "GetTable")))
    assert isinstance(again, ClientExceptions().EntityNotFoundException)
    assert isinstance(again, ClientError)
    assert again.response["Error"]["Message"] == "no table"
    assert not isinstance(again, ClientExceptions().AlreadyExistsException)


def test_nothing_of_another_exception_crosses_but_its_class() -> None:
    failure = as_failure(OSError(13, "Permission denied", "/home/someone/.laguna/tmp/x"))
    assert failure.fields == {"type": "PermissionError"}


def test_a_full_disk_crosses_as_the_failure_that_a_client_is_told() -> None:
    again = as_exception(as_failure(OSError(28, "No space left", "/home/someone/.laguna/tmp/x")))
    assert isinstance(again, QueryFailed)
    assert again.reason.startswith("GENERIC_INTERNAL_ERROR: No space left on the disk")
    assert "/home" not in again.reason
