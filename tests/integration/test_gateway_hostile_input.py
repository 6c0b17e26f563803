"""Bytes that are no AWS request get an AWS-shaped 4xx, and the server goes on."""

from __future__ import annotations

import os
import socket

import pytest

from tests.conftest import LocalAws

HOSTILE = {
    "garbage": os.urandom(4096),
    "a TLS hello": bytes.fromhex("16030100fa010000f60303") + os.urandom(200),
    "a request line without a version": b"GET /\r\n\r\n",
    "a header of 100 KB": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "ten thousand headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
    "a path of 100 KB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a length that is no number": b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
    "two lengths": b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
}


def send(aws: LocalAws, content: bytes) -> bytes:
    """What the server answers until it closes."""
    answer = b""
    with socket.create_connection((aws.settings.host, aws.settings.port), timeout=10) as connection:
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionError:
            pass  # the server closed while we were still sending
    return answer


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bytes_get_an_error_document_and_do_no_harm(aws: LocalAws, content: bytes) -> None:
    answer = send(aws, content)
    if answer:
        assert answer.startswith(b"HTTP/1.1 4")
        assert b"<Error><Code>" in answer
    assert aws.client("s3").list_buckets()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_client_that_hangs_up_in_mid_body_leaves_nothing_behind(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="hang-up")
    head = b"PUT /hang-up/key HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    with socket.create_connection((aws.settings.host, aws.settings.port)) as connection:
        connection.sendall(head + b"x" * 1000)
    assert s3.list_objects_v2(Bucket="hang-up")["KeyCount"] == 0
