"""Snapshots over HTTP: what `laguna snapshot` and the pytest fixtures call.

    GET    /_laguna/snapshots              every snapshot
    PUT    /_laguna/snapshots/NAME         save
    POST   /_laguna/snapshots/NAME/load    load
    DELETE /_laguna/snapshots/NAME         delete

`?wait=SECONDS` is how long to wait for what is under way, 5 by default. Answers are JSON; a failure is
`{"code", "message"}` with a status of 4xx. A request that a web page makes is refused: it has an Origin.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from local_aws.errors import INTERNAL, AwsError
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.snapshots.shelf import Snapshot
from local_aws.snapshots.snapshots import Snapshots

logger = logging.getLogger(__name__)

WAIT = 5.0
MOST_WAIT = 600.0
_ROOT = ["", "_laguna", "snapshots"]


class SnapshotsApi:
    """`snapshots` behind the control pages of the gateway."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        started = time.perf_counter()
        try:
            answer = await self._act(request)
        except AwsError as error:
            return _json(error.status, {"code": error.code, "message": error.message})
        except Exception:
            logger.exception("%s %s failed", request.method, request.target)
            return _json(
                500, {"code": "InternalFailure", "message": f"{INTERNAL} The server's log says more."}
            )
        return _json(200, {**answer, "seconds": round(time.perf_counter() - started, 4)})

    async def _act(self, request: HttpRequest) -> dict[str, Any]:
        if "origin" in request.headers:
            raise AwsError("AccessDenied", "Snapshots are not for web pages.", 403)
        steps = request.path.split("/")
        match request.method, steps[:3] == _ROOT, steps[3:]:
            case "GET", True, []:
                return {"snapshots": [snapshot.document() for snapshot in self._snapshots.all()]}
            case "PUT", True, [name]:
                return _shown(await self._snapshots.save(name, _wait(request)))
            case "POST", True, [name, "load"]:
                return _shown(await self._snapshots.load(name, _wait(request)))
            case "DELETE", True, [name]:
                await self._snapshots.delete(name)
                return {"name": name}
        raise AwsError("NotFound", f"There is no {request.method} {request.path}.", 404)


def _wait(request: HttpRequest) -> float:
    text = request.query.get("wait", str(WAIT))
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_WAIT:
        raise AwsError("InvalidWait", f"wait is '{text}'; it takes 0 to {MOST_WAIT:.0f} seconds.")
    return seconds


def _shown(snapshot: Snapshot) -> dict[str, Any]:
    return snapshot.document()


def _json(status: int, document: dict[str, Any]) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/json"}, json.dumps(document).encode())
