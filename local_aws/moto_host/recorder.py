"""Run requests so that those which change data can be run again: `Recorder` now, `replay` at the next
start.

Requests that change data run one at a time, so that the journal's order is the order of their effects.
Reads run freely beside them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from typing import Protocol

from local_aws.moto_host.determinism import Randomness, new_seed
from local_aws.moto_host.journal import Entry, Journal
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import Operation, operation_of, took_effect

logger = logging.getLogger(__name__)


class NotKept(Exception):
    """moto has carried out a request that the journal could not take, so it must not go on with it."""


class Keepsakes(Protocol):
    """Keeps of a request what replaying it does not give back, as `keepsakes.Keepsakes` does."""

    def take(self, operation: Operation, response: Response) -> bytes | None:
        """What must be kept, if anything."""

    def put_back(self, operation: Operation, response: Response, keepsake: bytes) -> None:
        """Undo what replaying did otherwise."""


class Preparable(Protocol):
    """An application, such as `Moto`, that can be told what a request will need."""

    def __call__(self, request: Request) -> Response:
        """Answer `request`."""

    def prepare(self, request: Request) -> None:
        """Make what `request` needs and no request asks for."""


class Recorder:
    """An application that journals what succeeds and changes data."""

    def __init__(
        self, application: Preparable, journal: Journal, randomness: Randomness, keepsakes: Keepsakes
    ) -> None:
        self._application = application
        self._journal = journal
        self._randomness = randomness
        self._keepsakes = keepsakes
        self._one_change = threading.Lock()

    def prepare(self, request: Request) -> None:
        """Make what `request` needs and no request asks for."""
        self._application.prepare(request)

    def __call__(self, request: Request) -> Response:
        """Run `request`; its entry is on disk when this returns."""
        operation = operation_of(request)
        if not operation.changes_data:
            return self._application(request)
        with self._one_change:
            return self._change(request, operation)

    def _change(self, request: Request, operation: Operation) -> Response:
        # First, because it may import a service, which takes long enough to show in dates.
        self._application.prepare(request)
        self._journal.require_room(request)
        at, seed = time.time(), new_seed()
        with self._randomness.seeded(seed):
            response = self._application(request)
        if took_effect(operation, response):
            entry = Entry(at, seed, request, self._keepsakes.take(operation, response))
            try:
                self._journal.append(entry)
            except Exception as error:
                raise NotKept(f"{operation.service}:{operation.name} could not be journaled") from error
        return response


def replay(
    entries: Iterable[Entry], application: Preparable, randomness: Randomness, keepsakes: Keepsakes
) -> int:
    """Run every entry at the time and with the seed it was journaled with; return how many failed.

    An entry that fails is reported and skipped: one broken resource must not keep the others from coming
    back.
    """
    import time_machine

    failed = 0
    with time_machine.travel(0.0) as clock:
        for entry in entries:
            clock.move_to(entry.at)
            failed += not _replayed(entry, application, randomness, keepsakes)
    return failed


def _replayed(entry: Entry, application: Preparable, randomness: Randomness, keepsakes: Keepsakes) -> bool:
    operation = operation_of(entry.request)
    try:
        application.prepare(entry.request)
        with randomness.seeded(entry.seed):
            response = application(entry.request)
        if response.succeeded and entry.keepsake is not None:
            keepsakes.put_back(operation, response, entry.keepsake)
    except Exception:
        logger.exception("Replaying %s:%s failed", operation.service, operation.name)
        return False
    if not response.succeeded:
        logger.error(
            "Replaying %s:%s answered %s: %s",
            operation.service,
            operation.name,
            response.status,
            response.body[:500].decode(errors="replace"),
        )
    return response.succeeded
