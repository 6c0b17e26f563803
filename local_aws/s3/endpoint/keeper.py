"""Keeps the copy in step with LocalStack, and gives a LocalStack that started anew its objects back.

LocalStack's session is new with each start. Only the session that the keeper has admitted, which is in step
with the copy, is talked to (`forward.py`); an empty LocalStack is thus never taken for a lake whose objects
were all deleted. Changes are copied when S3 has been quiet for a second after one that came through the
gateway, and every few seconds otherwise, which finds what Spark or a client wrote to the endpoint directly.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.gateway.http import HttpRequest
from local_aws.gateway.identify import s3_path
from local_aws.s3.endpoint.copy import Copy
from local_aws.s3.endpoint.listing import list_all
from local_aws.s3.endpoint.store import s3_client

logger = logging.getLogger(__name__)

ASK_SECONDS = 3.0
QUIET_SECONDS = 1.0
LONGEST_UNSAVED_SECONDS = 5.0
LOOK_SECONDS = 5.0
SHARE = 20
"""Looking may take a twentieth of the time: one that takes a second is done every twenty."""
TICK_SECONDS = 0.25
CHANGING = frozenset({"PUT", "POST", "DELETE"})
TROUBLE = (ClientError, BotoCoreError, OSError)


class Gone(Exception):
    """LocalStack ended or started anew while it was being copied."""


class Keeper:
    """One thread beside the server. `endpoint()` is asked each time: LocalStack may have moved.

    `revive` is called at every tick; it starts a LocalStack of our own again that has ended.
    """

    def __init__(
        self, copy: Copy, region: str, endpoint: Callable[[], str], revive: Callable[[], None]
    ) -> None:
        self._copy = copy
        self._region = region
        self._endpoint = endpoint
        self._revive = revive
        self._admitted: str | None = None
        self._first_change = self._last_change = 0.0
        self._looked, self._look_took = 0.0, 0.0
        self._settings_of: set[str] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="s3-keeper", daemon=True)

    def admits(self, session: str | None) -> bool:
        """Whether the LocalStack of this session has all its objects."""
        return session is not None and session == self._admitted

    def answered(self, request: HttpRequest, status: int) -> None:
        """Take note of a request that LocalStack answered."""
        if request.method not in CHANGING or status >= 300:
            return
        bucket, _, key = s3_path(request).lstrip("/").partition("/")
        with self._lock:
            self._last_change = time.monotonic()
            self._first_change = self._first_change or self._last_change
            if not key:
                self._settings_of.add(bucket)
        if key and "tagging" in request.query:
            self._copy.distrust(bucket, key)

    def start(self) -> None:
        """Bring LocalStack and the copy in step, then stay with it.

        Raises:
            ConnectionError: nobody, or no LocalStack, answers at the endpoint.
        """
        try:
            self.step()
        except (Gone, *TROUBLE) as error:
            raise ConnectionError(f"LocalStack at {self._endpoint()} could not be used: {error}") from error
        if self._admitted is None:
            raise ConnectionError(f"no LocalStack answers at {self._endpoint()}")
        self._thread.start()

    def close(self) -> None:
        """Copy what is new, and end."""
        self._stopping.set()
        if not self._thread.is_alive():
            return
        self._thread.join()
        try:
            self._look(every_setting=True)
        except (Gone, *TROUBLE) as error:
            logger.warning("The last changes in LocalStack were not copied: %s", error)

    def step(self) -> None:
        """One round: is it the same LocalStack, and is there anything to copy?"""
        session = session_at(self._endpoint())
        if session is None:
            return
        if session != self._admitted:
            self._admit(session)
        elif self._is_due(time.monotonic()):
            self._look(every_setting=False)

    def _run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self._revive()
                self.step()
            except (Gone, *TROUBLE) as error:
                logger.warning("LocalStack at %s: %s", self._endpoint(), error)
            except Exception:
                logger.exception("Keeping a copy of LocalStack's objects")

    def _admit(self, session: str) -> None:
        """Make a LocalStack the one that is talked to: one that has been it before is as it is."""
        self._admitted = None
        if session != self._copy.session():
            count = self._copy.put_back(self._s3())
            logger.info("LocalStack at %s was given %d objects back", self._endpoint(), count)
            if session_at(self._endpoint()) != session:
                raise Gone("it started anew while it was given its objects back")
            self._copy.set_session(session)
        self._admitted = session

    def _is_due(self, now: float) -> bool:
        if self._first_change:
            quiet = now - self._last_change >= QUIET_SECONDS
            return quiet or now - self._first_change >= LONGEST_UNSAVED_SECONDS
        return now - self._looked >= max(LOOK_SECONDS, SHARE * self._look_took)

    def _look(self, *, every_setting: bool) -> None:
        """List LocalStack and copy what is new."""
        with self._lock:
            self._first_change = 0.0
            settings_of, self._settings_of = self._settings_of, set()
        began = time.monotonic()
        s3 = self._s3()
        listing = list_all(s3)
        if session_at(self._endpoint()) != self._admitted:
            raise Gone("it ended or started anew while it was being listed")
        self._copy.take(s3, listing, set(listing) if every_setting else settings_of)
        self._looked = time.monotonic()
        self._look_took = self._looked - began

    def _s3(self) -> Any:
        return s3_client(self._endpoint(), self._region)


def session_at(endpoint: str) -> str | None:
    """The session of the LocalStack at `endpoint`; None when none answers."""
    try:
        with urllib.request.urlopen(f"{endpoint}/_localstack/info", timeout=ASK_SECONDS) as answer:  # noqa: S310
            return str(json.load(answer)["session_id"])
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return None
