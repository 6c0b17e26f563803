"""Call moto as a function: a request in, an answer out.

moto is a WSGI application (`DomainDispatcherApplication`, what `moto_server` serves). Calling it without
a web server between gives live requests and replayed ones the same path.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from zlib import crc32

from local_aws.moto_host.determinism import Randomness
from local_aws.moto_host.messages import Headers, Request, Response
from local_aws.moto_host.operations import operation_of

OURS = frozenset({"athena", "cloudformation", "glue", "s3", "s3control", "sts"})
"""Services that the server answers itself: moto's, which knows none of their data, must answer for none."""

NO_SERVICES = frozenset({"instance_metadata", "moto_api"})
"""What moto adds to AWS, told by the path alone: pages that show and empty all it keeps, whoever signed."""

Application = Callable[[Request], Response]

# Values that WSGI keeps apart, and two that describe a framing which is gone once the body is in memory.
_NOT_HTTP_VARIABLES = frozenset({"content-type", "content-length", "transfer-encoding", "expect"})


class Moto:
    """moto's server as a function. Importing moto takes seconds, so it happens when one is made.

    `on_first_use` maps a service, by moto's name, to what is to be done before its first request.
    """

    def __init__(
        self, account_id: str, randomness: Randomness, on_first_use: dict[str, Callable[[], None]]
    ) -> None:
        self._dispatcher = _dispatcher()
        self._account_id = account_id
        self._randomness = randomness
        self._on_first_use = on_first_use
        self._prepared: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        """Answer `request`."""
        self.prepare(request)
        environ = environ_of(request)
        with self._lock:
            application = self._dispatcher.get_application(environ)
        return call_wsgi(application, environ)

    def prepare(self, request: Request) -> None:
        """Make what moto makes when a service is first used in a region.

        Some of it has random ids (IAM's managed policies). Made here with a seed of its own, it is the
        same at every start, and does not change what the first request draws.
        """
        # moto's modules import one another in circles, which two threads at once see half done.
        with self._lock:
            service = self._dispatcher.get_application(environ_of(request)).service
            key = (service, operation_of(request).region)
            if key not in self._prepared:
                self._on_first_use.get(service, _nothing)()
                with self._randomness.seeded(crc32("/".join(key).encode())):
                    _make_backend(service, self._account_id, key[1])
                self._prepared.add(key)

    def preload(self, modules: Iterable[str]) -> None:
        """Import modules of moto ahead of the first request for them."""
        for name in modules:
            with self._lock:
                importlib.import_module(f"moto.{name}")


def _dispatcher() -> Any:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    class Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]
        """moto's, remembering a host's service: moto looks through its folders for it each time."""

        @cache  # noqa: B019 - there is one dispatcher
        def get_backend_for_host(self, host: str | None) -> Any:
            backend = super().get_backend_for_host(host)
            if host is not None and backend is None:
                raise NotImplementedError(f"moto has no service for {host}")
            if backend in OURS | NO_SERVICES:
                raise NotImplementedError(f"moto is not asked for {backend}")
            return backend

    return Dispatcher(create_backend_app)


def _nothing() -> None:
    pass


def _make_backend(service: str, account_id: str, region: str) -> None:
    from moto import backends
    from moto.core.base_backend import BackendDict

    regions = backends.get_backend(service)
    if isinstance(regions, BackendDict):
        of_account = regions[account_id]
        # A service without regions keeps its data under the partition's name.
        place = region if region in of_account else "aws"
        if place in of_account:
            of_account[place]


def call_wsgi(wsgi: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Response:
    """Run a request through a WSGI application (PEP 3333)."""
    status = 0
    headers: Headers = []

    def start_response(line: str, fields: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = int(line.split(" ", 1)[0]), list(fields)
        return lambda data: chunks.append(data)

    chunks: list[bytes] = []
    produced = wsgi(environ, start_response)
    try:
        chunks.extend(produced)
    finally:
        close = getattr(produced, "close", None)
        if close is not None:
            close()
    return Response(status, headers, b"".join(chunks))


def environ_of(request: Request) -> dict[str, Any]:
    """The WSGI environment of `request`."""
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": request.header("content-type") or "",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        if name.lower() in _NOT_HTTP_VARIABLES:
            continue
        variable = "HTTP_" + name.upper().replace("-", "_")
        environ[variable] = f"{environ[variable]},{value}" if variable in environ else value
    return environ
