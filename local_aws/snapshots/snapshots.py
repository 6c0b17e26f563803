"""Save the state of a running server and put it back, while nothing else happens.

Nothing is under way (no query, job run, crawl, stack operation or execution) and no request is inside when
the state is looked at or changed. So what a service has in memory is in its database, too; moto's state is
its journal, and a process that has replayed it comes from an image.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local_aws.errors import AwsError
from local_aws.gateway.traffic import StillBusy, Traffic
from local_aws.moto_host import MotoHost
from local_aws.moto_host.images import Images
from local_aws.moto_host.journal import mark_of
from local_aws.services import Services
from local_aws.settings import Settings
from local_aws.snapshots.contents import OBJECTS, Contents, read_contents
from local_aws.snapshots.files import link_files
from local_aws.snapshots.shelf import (
    Shelf,
    Snapshot,
    check_name,
    check_saved,
    put_back,
    read_saved,
    write_contents,
)
from local_aws.stepfunctions.records import running_executions
from local_aws.storage.copies import copy_databases, remove_database

logger = logging.getLogger(__name__)

LOOK_AGAIN = 0.02
"""Seconds between two looks at what is under way."""
LAST_REQUESTS = 3.0
"""Seconds for the requests under way to end; one that waits for messages may take longer and is named."""
JOURNAL = "moto/journal.sqlite"
FOLDER_ONLY = (
    "Snapshots hold the objects that Laguna keeps in its own folder. This server keeps them in LocalStack; "
    "use the profile 'local' for snapshots."
)


class Snapshots:
    """The snapshots of one server; used from one event loop.

    `ready` returns when its services are there, `forget` is called when all data is other data.
    """

    def __init__(
        self,
        settings: Settings,
        services: Services,
        moto: MotoHost,
        traffic: Traffic,
        ready: Callable[[], Any],
        forget: Callable[[], Any],
    ) -> None:
        self._settings = settings
        self._state = settings.state
        self._services = services
        self._moto = moto
        self._images = Images(settings)
        self._traffic = traffic
        self._ready = ready
        self._forget = forget
        self._shelf = Shelf(settings.state)
        self._one_at_a_time = asyncio.Lock()
        self._torn = False
        """Whether a load failed in the middle."""

    def all(self) -> list[Snapshot]:
        """Every snapshot, oldest first."""
        return self._shelf.all()

    async def save(self, name: str, wait: float) -> Snapshot:
        """Save the state under a name, in place of what had that name.

        Args:
            name: up to 64 letters, digits, `.`, `_` and `-`.
            wait: seconds to wait for what is under way.

        Raises:
            AwsError: InvalidSnapshotName, ResourceInUse when something is still under way.
        """
        check_name(name)
        self._require_folder()
        async with self._one_at_a_time:
            await self._moto.ready()
            await asyncio.to_thread(self._ready)
            async with self._quiet(wait):
                return await asyncio.to_thread(self._save, name)

    async def load(self, name: str, wait: float) -> Snapshot:
        """Put the state back to what it was when the snapshot was saved.

        Raises:
            AwsError: SnapshotNotFound, SnapshotDamaged, ResourceInUse when something is still under way.
        """
        self._require_folder()
        async with self._one_at_a_time:
            snapshot = self._shelf.find(name)
            await asyncio.to_thread(self._ready)
            async with self._quiet(wait):
                await self._load(snapshot)
        return snapshot

    async def delete(self, name: str) -> None:
        """Remove a snapshot.

        Raises:
            AwsError: SnapshotNotFound.
        """
        async with self._one_at_a_time:
            await asyncio.to_thread(self._shelf.delete, name)

    def close(self) -> None:
        """End the images."""
        self._images.close()

    def _require_folder(self) -> None:
        if self._settings.s3 != "folder":
            raise AwsError("SnapshotsNotSupported", FOLDER_ONLY, 409)

    @asynccontextmanager
    async def _quiet(self, wait: float) -> AsyncIterator[None]:
        """A block in which nothing is under way."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while busy := await self._stop_traffic():
            if loop.time() > deadline:
                raise AwsError("ResourceInUse", _in_use(busy), 409)
            await asyncio.sleep(LOOK_AGAIN)
        try:
            yield
        finally:
            if not self._torn:
                self._traffic.resume()

    async def _stop_traffic(self) -> list[str]:
        """What is under way; when that is nothing, the traffic is stopped."""
        if busy := await asyncio.to_thread(self._under_way):
            return busy
        try:
            await self._traffic.stop(LAST_REQUESTS)
        except StillBusy as error:
            return error.requests
        # A request that has just ended may have started something.
        if busy := await asyncio.to_thread(self._under_way):
            self._traffic.resume()
        return busy

    def _under_way(self) -> list[str]:
        executions = running_executions(self._state / "stepfunctions" / "executions.sqlite")
        return [*self._services.under_way(), *(f"Step Functions execution {arn}" for arn in executions)]

    def _save(self, name: str) -> Snapshot:
        folder = self._shelf.new_folder(name)
        try:
            contents = read_contents(self._state)
            link_files(contents, self._state, folder / "files")
            copy_databases(contents.databases, self._state, folder / "databases")
            write_contents(folder, contents)
            snapshot = self._describe(name, folder.name, contents)
            self._shelf.put(snapshot)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._images.prepare(snapshot.moto, folder / "databases" / JOURNAL)
        return snapshot

    def _describe(self, name: str, folder: str, contents: Contents) -> Snapshot:
        objects = [file for file in contents.files if file.path.startswith(OBJECTS)]
        return Snapshot(
            name=name,
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            folder=folder,
            objects=len(objects),
            bytes=sum(file.size for file in objects),
            moto=_mark(self._state),
            laguna=version("laguna"),
        )

    async def _load(self, snapshot: Snapshot) -> None:
        folder = self._shelf.path(snapshot)
        contents = read_saved(folder)
        await asyncio.to_thread(check_saved, contents, folder)
        moto_changed = _mark(self._state) != snapshot.moto
        self._shelf.begin_load(snapshot)
        try:
            if moto_changed:
                await self._moto.suspend()
            await asyncio.to_thread(self._put_back, contents, folder)
            if moto_changed:
                await self._bring_moto_back(snapshot.moto, folder / "databases" / JOURNAL)
            self._forget()
            self._shelf.end_load()
        except BaseException:
            logger.exception("The load of %s failed in the middle", snapshot.name)
            # Half of a state must not be served. The next start finishes the load.
            self._torn = True
            os.kill(os.getpid(), signal.SIGTERM)
            raise

    def _put_back(self, contents: Contents, folder: Path) -> None:
        live = read_contents(self._state).databases
        for path in sorted(set(live) - set(contents.databases)):
            self._services.forget(Path(path).stem)
            remove_database(self._state / path)
        put_back(contents, folder, self._state)

    async def _bring_moto_back(self, mark: str, journal: Path) -> None:
        try:
            process, ours = await asyncio.to_thread(self._images.fork, mark, journal)
        except OSError as error:
            logger.warning("No image of moto for this snapshot (%s); its journal is replayed", error)
            self._moto.resume()
            return
        self._moto.resume(process, ours)


def _in_use(busy: list[str]) -> str:
    more = f" and {len(busy) - 3} more" if len(busy) > 3 else ""
    return f"Still under way: {', '.join(busy[:3])}{more}. Wait for the end, or stop it, and try again."


def _mark(state: Path) -> str:
    with closing(sqlite3.connect(state / JOURNAL)) as journal:
        return mark_of(journal)
