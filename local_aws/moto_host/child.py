"""What moto's process does: set moto up, bring its data back, answer frames.

moto is used as it is. What Laguna needs is set through its own settings (`MOTO_…`,
`default_user_config`), here.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from local_aws.moto_host import determinism, lean_imports
from local_aws.moto_host.application import Application, Moto
from local_aws.moto_host.checked import Checked
from local_aws.moto_host.failures import failure, is_no_route, not_implemented, unexplained
from local_aws.moto_host.journal import Entry, Journal
from local_aws.moto_host.keepsakes import Keepsakes
from local_aws.moto_host.long_polls import LongPolls
from local_aws.moto_host.messages import (
    LENGTHS,
    Request,
    Response,
    answer_frame,
    frame,
    request_of,
    response_frame,
)
from local_aws.moto_host.questions import answer_to
from local_aws.moto_host.recorder import NotKept, Recorder, replay
from local_aws.stepfunctions.executions import Executions
from local_aws.stepfunctions.front import Front
from local_aws.stepfunctions.machines import Machines
from local_aws.stepfunctions.records import Records
from local_aws.storage.answers import answer_for

logger = logging.getLogger(__name__)

# The services a lake uses; the others are imported by the first request for them. SSM is not here because it
# brings EC2: 2 seconds and 60 MB.
PRELOADED = (
    "iam", "sts", "stepfunctions", "stepfunctions.parser.models", "events", "logs", "sqs", "sns",
    "kms", "secretsmanager",
)  # fmt: skip

# Long polls and state machine executions each hold a thread while they wait.
MAX_REQUESTS_AT_ONCE = 256


ANY_OF_IAM = Request(
    "POST",
    "/",
    [
        ("Host", "iam.amazonaws.com"),
        ("Authorization", "AWS4-HMAC-SHA256 Credential=-/20260101/us-east-1/iam/aws4_request"),
    ],
    b"",
)
"""Makes IAM's data, with the seed that it always has, where a question is the first to need it."""


class Child:
    """moto in this process. It has one thread until it serves, so that it may be forked before that."""

    def __init__(self, state: Path, endpoint: str, account_id: str) -> None:
        os.environ["MOTO_ACCOUNT_ID"] = account_id
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        os.environ["MOTO_PORT"] = str(urlsplit(endpoint).port)
        lean_imports.install()
        self._state = state
        self._account_id = account_id
        self._randomness = determinism.install()
        self._moto = Moto(account_id, self._randomness, {"stepfunctions": _extend_interpreter})
        from moto.core.config import default_user_config

        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        default_user_config["iam"] = {"load_aws_managed_policies": True}
        self._keepsakes = Keepsakes(account_id)
        self._write = threading.Lock()

    def preload(self) -> None:
        """Import what a lake uses."""
        self._moto.preload(PRELOADED)

    def replay(self, entries: Iterable[Entry]) -> None:
        """Do again what a journal holds."""
        started = time.monotonic()
        failed = replay(entries, self._moto, self._randomness, self._keepsakes)
        logger.info("Replayed the journal in %.1f s", time.monotonic() - started)
        if failed:
            logger.error("%d journaled requests could not be replayed", failed)

    def serve(self, server: socket.socket, journal: Journal) -> None:
        """Answer requests until the socket ends, after `replay` has brought back what the journal holds."""
        records = Records(self._state / "stepfunctions" / "executions.sqlite")
        records.abort_running()
        executions = Executions(records, Machines())
        recorder = Recorder(self._moto, journal, self._randomness, self._keepsakes)
        application = LongPolls(Checked(Front(recorder, executions, self._account_id)))
        pool = ThreadPoolExecutor(MAX_REQUESTS_AT_ONCE, thread_name_prefix="request")
        with server, server.makefile("rb") as frames:
            self._send(server, frame({"ready": True}, b""))
            # Only after the first requests had their turn.
            threading.Thread(target=self.preload, daemon=True).start()
            while (received := _read_frame(frames)) is not None:
                head, body = received
                if "question" in head:
                    pool.submit(self._answer_question, server, head)
                    continue
                pool.submit(self._answer, server, application, head["number"], request_of(head, body))
        executions.close()

    def _answer(self, server: socket.socket, application: Application, number: int, request: Request) -> None:
        not_kept = False
        try:
            response = application(request)
            if is_no_route(response):
                response = not_implemented(request)
        except NotImplementedError:
            response = not_implemented(request)
        except Exception as error:
            logger.exception("%s %s failed", request.method, request.target)
            not_kept = isinstance(error, NotKept)
            response = _failed(request, error)
        self._send(server, response_frame(number, response))
        if not_kept:
            # moto has made a change that the journal has not; the next process has none of it.
            os._exit(1)

    def _answer_question(self, server: socket.socket, head: dict[str, Any]) -> None:
        # Whoever waits must be answered: an answer that cannot be found is that there is none.
        answer = None
        try:
            self._moto.prepare(ANY_OF_IAM)
            answer = answer_to(head["question"], head["about"], self._account_id)
        except Exception:
            logger.exception("The question for %s failed", head["question"])
        self._send(server, answer_frame(head["number"], answer))

    def _send(self, server: socket.socket, data: bytes) -> None:
        try:
            with self._write:
                server.sendall(data)
        except OSError:
            logger.debug("The server is gone; its answer is dropped")


def _failed(request: Request, error: Exception) -> Response:
    answer = answer_for(error)
    if answer is not None:
        return failure(request, answer.status, answer.code, answer.message)
    return unexplained(request, error)


def _read_frame(frames: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None at the end. A frame that was cut off counts as the end."""
    lengths = frames.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head_length, body_length = LENGTHS.unpack(lengths)
    head, body = frames.read(head_length), frames.read(body_length)
    if len(head) < head_length or len(body) < body_length:
        return None
    return json.loads(head), body


def _extend_interpreter() -> None:
    from local_aws.stepfunctions.tasks import registry

    registry.install()
