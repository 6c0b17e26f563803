"""A proxy that passes requests on to a server and keeps both what was asked and what was answered."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")

# By method, whether there is a key, and the query parameter that tells operations apart.
_S3 = {
    ("HEAD", False, ""): "HeadBucket",
    ("GET", False, "list-type"): "ListObjectsV2",
    ("POST", False, "delete"): "DeleteObjects",
    ("DELETE", False, ""): "DeleteBucket",
    ("HEAD", True, ""): "HeadObject",
    ("GET", True, ""): "GetObject",
    ("PUT", True, ""): "PutObject",
}


@dataclass(frozen=True)
class Exchange:
    """One request as it was sent, and the body of its answer."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    answer: bytes

    @property
    def service(self) -> str:
        return self._scope[1]

    @property
    def region(self) -> str:
        return self._scope[0]

    @property
    def _scope(self) -> tuple[str, str]:
        found = _SCOPE.search(self.headers["authorization"])
        assert found, self.headers
        return found[1], found[2]

    def call(self) -> tuple[str, str, Any]:
        """Service, operation and parameters, whatever the protocol."""
        if "x-amz-target" in self.headers:
            operation = self.headers["x-amz-target"].split(".")[-1]
            return self.service, operation, json.loads(self.body)
        parts = urlsplit(self.target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if self.service == "s3":
            has_key = bool(parts.path.strip("/").partition("/")[2])
            told = next((name for name in ("list-type", "delete") if name in query), "")
            operation = _S3[self.method, has_key, told]
            content = hashlib.sha256(self.body).hexdigest() if operation != "DeleteObjects" else self.body
            return "s3", operation, (parts.path, query, content)
        form = dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        return self.service, form.pop("Action"), form


@dataclass
class Recorder:
    """The proxy's URL, and what went through it."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)


@contextmanager
def recording(port: int) -> Iterator[Recorder]:
    """Listen on a free port and pass everything on to `port`."""
    recorder = Recorder("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "expect":
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorder.exchanges.append(Exchange(self.command, self.path, headers, body, content))
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in (
                    "transfer-encoding",
                    "content-length",
                    "connection",
                    "date",
                    "server",
                ):
                    self.send_header(name, value)
            length = answer.getheader("content-length") if self.command == "HEAD" else str(len(content))
            self.send_header("content-length", length or "0")
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
