"""The least that can store bytes over HTTP: one file an object, no names, checks, hashes or metadata.

What a client measures against it is its own cost and the web server's.

    python -m benchmarks.peers.bare_store PORT FOLDER
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn

BLOCK = 1024 * 1024
ETAG = b'"00000000000000000000000000000000"'


class BareStore:
    """An ASGI application: PUT writes the body to a file, GET reads it, with an optional range."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        path = self._folder / hashlib.sha256(scope["raw_path"]).hexdigest()
        if scope["method"] == "PUT":
            await self._put(path, receive, send)
        else:
            await self._get(path, dict(scope["headers"]).get(b"range"), send)

    async def _put(self, path: Path, receive: Any, send: Any) -> None:
        with path.open("wb", buffering=BLOCK) as file:
            more = True
            while more:
                message = await receive()
                file.write(message.get("body", b""))
                more = message.get("more_body", False)
        headers = [(b"etag", ETAG), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _get(self, path: Path, wanted: bytes | None, send: Any) -> None:
        with path.open("rb", buffering=0) as file:
            start, end = 0, os.fstat(file.fileno()).st_size
            if wanted is not None:
                first, _, last = wanted.partition(b"=")[2].partition(b"-")
                start, end = int(first), min(end, int(last) + 1)
            headers = [(b"etag", ETAG), (b"content-length", str(end - start).encode())]
            status = 200 if wanted is None else 206
            await send({"type": "http.response.start", "status": status, "headers": headers})
            while start < end:
                block = os.pread(file.fileno(), min(BLOCK, end - start), start)
                start += len(block)
                await send({"type": "http.response.body", "body": block, "more_body": start < end})


if __name__ == "__main__":
    uvicorn.run(
        BareStore(Path(sys.argv[2])),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
