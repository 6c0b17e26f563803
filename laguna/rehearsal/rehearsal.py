"""Stand between boto3 and the network: let reads through, hold writes back, and note both.

The command itself does not know that it is rehearsed, so the list is of what it does and not of what somebody
wrote that it does. A write is answered as AWS would if all went well, and so are reads of what a write that
was held back would have made (`answers`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from laguna.errors import CannotRehearse
from laguna.rehearsal.answers import READS, WRITES, Refused, World

READ_PREFIXES = ("Get", "List", "Describe", "Head", "BatchGet")

_NOTED = "laguna_call"
"""Where a call's parameters are kept between botocore's two events."""


@dataclass(frozen=True, slots=True)
class Call:
    """An API call; `made` when it was a read that AWS could answer."""

    service: str
    operation: str
    parameters: dict[str, Any]
    writes: bool
    made: bool


class Rehearsal:
    """One dry run of a command; `buckets` are the source's and the lake's, which a new stack would make."""

    def __init__(self, buckets: tuple[str, ...]) -> None:
        self.calls: list[Call] = []
        self._clients: dict[str, Any] = {}
        self._world = World(buckets, self._clients)

    def client(self, service: str, make: Callable[[], Any]) -> Any:
        """A boto3 client, made once by `make`, whose writes are held back."""
        if service not in self._clients:
            client = make()
            events = client.meta.events
            events.register_first("provide-client-params", self._note)
            events.register_first("before-call", self._answer)
            self._clients[service] = client
        return self._clients[service]

    def _note(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        context[_NOTED] = dict(params)

    def _answer(self, model: Any, context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        """What botocore takes for the answer; None sends the request."""
        if self._world.looking:
            return None
        operation, parameters = model.name, context[_NOTED]
        writes = not operation.startswith(READ_PREFIXES)
        answers = WRITES if writes else READS
        if writes and operation not in WRITES:
            raise CannotRehearse(f"A dry run has no answer to {operation}, which it would have to hold back.")
        answer = answers[operation](self._world, parameters) if operation in answers else None
        service = model.service_model.service_name
        self.calls.append(Call(service, operation, parameters, writes, made=answer is None))
        return None if answer is None else _response(answer)


def _response(answer: dict[str, Any] | Refused) -> tuple[Any, dict[str, Any]]:
    refused = isinstance(answer, Refused)
    status = 400 if refused else 200
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}
    body = (
        {"Error": {"Code": answer.code, "Message": answer.message}} if isinstance(answer, Refused) else answer
    )
    return SimpleNamespace(status_code=status), {**body, "ResponseMetadata": metadata}
