"""The metastore over its socket, with a client of the protocol, and a Glue that holds one table."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from laguna_metastore import server
from laguna_metastore.databases import matching
from laguna_metastore.wire import hive
from thriftpy2.rpc import make_client
from thriftpy2.thrift import TApplicationException


class Glue:
    """As much of Glue as these tests ask."""

    def get_database(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if Name == "broken":
            raise RuntimeError("a bug")
        code = "EntityNotFoundException" if Name == "nada" else "AccessDeniedException"
        raise ClientError({"Error": {"Code": code, "Message": f"no {Name}"}}, "GetDatabase")


class Clients:
    glue = Glue()


@pytest.fixture
def metastore(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Any]]:
    monkeypatch.setattr(server, "Clients", Clients)
    listening = socket.create_server(("127.0.0.1", 0))
    server.serve(listening)
    port = listening.getsockname()[1]
    client = make_client(hive.Metastore, "127.0.0.1", port, timeout=5000)
    yield port, client
    client.close()
    listening.close()


def test_every_operation_of_the_protocol_is_there() -> None:
    assert [name for name in hive.Metastore.thrift_services if not hasattr(server.Handler, name)] == []


def test_glue_s_errors_arrive_as_hive_s(metastore: tuple[int, Any]) -> None:
    _, client = metastore
    with pytest.raises(hive.NoSuchObjectException) as missing:
        client.get_database("nada")
    assert missing.value.message == "no nada"
    with pytest.raises(hive.MetaException) as denied:
        client.get_database("ajena")
    assert denied.value.message == "no ajena (Service: AWSGlue; Error Code: AccessDeniedException)"


def test_a_bug_is_told_and_the_connection_stays(metastore: tuple[int, Any]) -> None:
    _, client = metastore
    with pytest.raises(TApplicationException, match="a bug"):
        client.get_database("broken")
    assert client.set_ugi("ana", ["g"]) == ["g"]


def test_what_is_not_the_protocol_ends_only_its_own_connection(metastore: tuple[int, Any]) -> None:
    port, client = metastore
    with socket.create_connection(("127.0.0.1", port), timeout=5) as stranger:
        stranger.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert stranger.recv(1) == b""
    assert client.get_config_value("a", "b") == "b"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*", ["ventas", "v.x"]),
        ("v*s", ["ventas"]),
        ("VENTAS|v.?", ["ventas"]),
        ("v.x", ["v.x"]),
        ("", ["ventas", "v.x"]),
    ],
)
def test_hive_s_patterns_have_stars_and_bars(pattern: str, found: list[str]) -> None:
    assert matching(["ventas", "v.x"], pattern) == found
