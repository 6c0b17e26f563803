"""The server process: builds the services, binds the port, serves until it is told to stop.

Services are made when first asked for and, in the background, all of them at start: the first answer comes in
well under a second, and what a service must put right after a crash (runs that were under way) is put right
soon after.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import version
from typing import IO, Any

import uvicorn

from local_athena.workers.limits import resident
from local_aws.caller import Caller
from local_aws.gateway import Gateway
from local_aws.gateway.http_server import HttpProtocol
from local_aws.gateway.traffic import Traffic
from local_aws.identity.access_keys import AccessKeys
from local_aws.identity.role_sessions import RoleSessions
from local_aws.identity.sessions import Sessions
from local_aws.identity.signer import Signers
from local_aws.in_process import InProcessClient
from local_aws.moto_host import MotoHost
from local_aws.s3.guard import S3Guard
from local_aws.s3.host import make_s3
from local_aws.services import Services
from local_aws.settings import Settings
from local_aws.snapshots.api import SnapshotsApi
from local_aws.snapshots.shelf import finish_load
from local_aws.snapshots.snapshots import Snapshots
from local_aws.spark import WarmSpark
from local_aws.spark.jars import GLUE, there
from local_aws.storage.answers import WAY_OUT, damaged_titles
from local_aws.storage.start import close_state, open_state, read_the_rest, require_room
from local_aws.sts.service import StsService

logger = logging.getLogger(__name__)


LOCK_PATIENCE = 0.5
"""Seconds: whoever asks whether there is a server holds the lock for an instant."""


class StateInUse(Exception):
    """Another server holds the state folder."""


class PortTaken(Exception):
    """Another program listens there."""


class Server:
    """Everything one local AWS is made of."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.state.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(settings)
        require_room(settings.state)
        self._all_read = open_state(settings.state)
        shutil.rmtree(settings.state / "tmp", ignore_errors=True)
        (settings.state / "tmp").mkdir()
        finish_load(settings.state)
        self.s3 = make_s3(settings)
        always = tuple(one for one in (self.s3.spark_jars(), there(GLUE)) if one is not None)
        self.spark = WarmSpark.from_environment(settings.state / "tmp" / "spark", always)
        self.moto = MotoHost(settings)
        self.sessions = Sessions(settings.state / "sts" / "sessions.sqlite")
        self._keys = keys = AccessKeys(settings.account_id, self.sessions, self.moto.ask)
        self.services = Services(
            {
                **self.s3.services(),
                "sts": self._sts,
                "glue": self._glue,
                "athena": self._athena,
                "cloudformation": self._cloudformation,
            },
            not_regional=("s3", "s3control", "sts"),
        )
        traffic = Traffic()
        self._warmed_up = threading.Event()
        self.snapshots = Snapshots(
            settings, self.services, self.moto, traffic, self._warmed_up.wait, self._forget_keys
        )
        self.gateway = Gateway(
            settings,
            self.services,
            self.moto,
            self.health,
            traffic,
            SnapshotsApi(self.snapshots),
            self.s3.forwards(),
            Signers(settings.account_id, keys),
            S3Guard(self.s3.document),
        )

    def _forget_keys(self) -> None:
        self._keys.forget()
        self.sessions.reopen()

    def _sts(self, region: str) -> Any:
        return StsService(self.settings.account_id, self.sessions, self.moto.ask)

    def _glue(self, region: str) -> Any:
        from local_aws.glue.service import make_glue

        roles = RoleSessions(self.settings.account_id, self.sessions, self.moto.ask_now)

        def query(sql: str, database: str, stop: Any) -> Any:
            return self.services.get("athena", region).inner_queries.rows(sql, database, stop)

        return make_glue(self.settings, region, self.s3.store, self.spark, roles, query)

    def _athena(self, region: str) -> Any:
        from local_aws.athena import make_athena

        caller = Caller(self.settings.account_id, region)
        glue = InProcessClient("glue", self.services.get("glue", region), caller)
        return make_athena(self.settings, region, glue, self.s3.store)

    def _cloudformation(self, region: str) -> Any:
        from local_aws.cloudformation.service import CloudFormationService

        return CloudFormationService(self.settings, region, sessions=self.sessions)

    def health(self) -> dict[str, Any]:
        """What the health page shows."""
        damaged = damaged_titles()
        return {
            "status": "damaged" if damaged else "ok",
            **({"damaged": damaged, "way_out": WAY_OUT} if damaged else {}),
            "version": version("laguna"),
            "pid": os.getpid(),
            "state": str(self.settings.state),
            "port": self.settings.port,
            "spark": self.spark.status(),
            "s3": self.s3.health(),
            "memory_bytes": sum(resident([os.getpid()]).values()),
            "athena": {region: made.status() for region, made in self.services.made("athena").items()},
        }

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT.

        Raises:
            PortTaken: it is.
            LocalStackError: the S3 that is asked for is not to be had.
        """
        listener = _listen(self.settings)
        # uvicorn passes a SIGTERM on when it has shut down, and the default would end us without `close`.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            self.s3.start()
            (self.settings.state / "server.json").write_text(_note(self.settings))
            _Uvicorn(self._config(), self._warm_up).run(sockets=[listener])
        finally:
            self.close()

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.gateway,
            http=HttpProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=3,
        )

    def _warm_up(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self.moto.work_on(loop)
            self.moto.start()
            if self.settings.warm_spark:
                self.spark.warm_up()
            for name in self.services.names:
                self.services.get(name, self.settings.region)
            if not self._all_read:
                read_the_rest()
        finally:
            self._warmed_up.set()

    def close(self) -> None:
        """Stop what runs beside the server and let the state go; a failure to stop one leaves no other."""
        with ExitStack() as last_first:
            last_first.callback(self._lock.close)
            last_first.callback((self.settings.state / "server.json").unlink, missing_ok=True)
            last_first.callback(close_state, self.settings.state)
            for part in (self.s3, self.snapshots, self.moto, self.spark, self.services):
                last_first.callback(part.close)


class _Uvicorn(uvicorn.Server):
    """Calls `then` in a thread of its own once requests are answered, so as not to delay the first."""

    def __init__(self, config: uvicorn.Config, then: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        super().__init__(config)
        self._then = then

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._then, args=(loop,), name="warm-up", daemon=True).start()


def _listen(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"port {settings.port} on {settings.host} cannot be used: {error.strerror}"
        ) from error
    listener.listen(2048)
    return listener


def _lock(settings: Settings) -> IO[str]:
    handle = (settings.state / "lock").open("a+")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                handle.close()
                raise StateInUse(f"another server is using the state folder {settings.state}") from error
            time.sleep(0.01)
    # A second note of where we are, for whoever cannot read server.json.
    handle.truncate(0)
    handle.write(_note(settings))
    handle.flush()
    return handle


def _note(settings: Settings) -> str:
    return json.dumps({"pid": os.getpid(), "port": settings.port, "host": settings.host})
