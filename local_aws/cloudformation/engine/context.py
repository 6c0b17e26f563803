"""What every operation on stacks needs, and the ways in which its steps can end early."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, EndpointConnectionError

from local_aws.cloudformation.engine.records import Resource, Stack
from local_aws.cloudformation.engine.store import Store
from local_aws.cloudformation.types.base import ResourceType
from local_aws.cloudformation.types.shapes import BadProperty
from local_aws.errors import AwsError

STACK = "AWS::CloudFormation::Stack"


class Interrupted(Exception):
    """The server is going down: the operation stays as it is and is taken up at the next start."""


class Failed(Exception):
    """A resource could not be brought to the wanted state; `reason` is its ResourceStatusReason."""

    def __init__(self, logical_id: str, reason: str) -> None:
        super().__init__(f"{logical_id}: {reason}")
        self.logical_id = logical_id
        self.reason = reason


class FailedResources(Exception):
    """An operation cannot go on because resources failed."""

    def __init__(self, failures: list[Failed]) -> None:
        super().__init__(", ".join(failure.logical_id for failure in failures))


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the types, the APIs and the threads of one region."""

    store: Store
    types: Mapping[str, ResourceType]
    client: Callable[[str], Any]
    region: str
    account_id: str
    pool: ThreadPoolExecutor
    stopping: threading.Event = field(default_factory=threading.Event)

    def set_status(self, stack_id: str, status: str, reason: str | None = None, **fields: Any) -> Stack:
        """Bring a stack to a status, with its event."""
        with self.store.change(stack_id) as stack:
            stack.status, stack.reason = status, reason
            for name, value in fields.items():
                setattr(stack, name, value)
            event = {
                "LogicalResourceId": stack.name,
                "PhysicalResourceId": stack.id,
                "ResourceType": STACK,
                "ResourceStatus": status,
                **({"ResourceStatusReason": reason} if reason else {}),
            }
            self.store.add_event(stack, event)
        return stack

    def set_resource(
        self,
        stack: Stack,
        resource: Resource,
        status: str,
        reason: str | None = None,
        *,
        shown: str = "",
        forget: bool = False,
    ) -> None:
        """Bring a resource to a status, with its event; `shown` are its properties as JSON; `forget` drops
        the record.
        """
        if self.stopping.is_set():
            raise Interrupted
        resource.status, resource.reason, resource.changed = status, reason, time.time()
        with self.store.transaction():
            if forget:
                self.store.drop_resource(stack.id, resource.logical_id)
            else:
                self.store.put_resource(stack.id, resource)
            self.add_resource_event(stack, resource, status, reason, shown)

    def add_resource_event(
        self, stack: Stack, resource: Resource, status: str, reason: str | None = None, shown: str = ""
    ) -> None:
        """Tell of a resource without changing what is stored of it."""
        event = {
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id or "",
            "ResourceType": resource.type,
            "ResourceStatus": status,
            **({"ResourceStatusReason": reason} if reason else {}),
            **({"ResourceProperties": shown} if shown else {}),
        }
        self.store.add_event(stack, event)

    def reason_of(self, error: Exception) -> str:
        """Why a resource failed, in CloudFormation's words.

        Raises:
            Interrupted: the server that the call was for is gone.
        """
        if self.stopping.is_set() or isinstance(
            error, Interrupted | EndpointConnectionError | ConnectionClosedError
        ):
            raise Interrupted from error
        if isinstance(error, ClientError):
            return _handler_message(error)
        if isinstance(error, AwsError):
            return error.message
        if isinstance(error, BadProperty | BotoCoreError):
            return str(error)
        raise error


def is_name_taken(error: Exception) -> bool:
    """Whether a create call was refused because another resource has the name."""
    return (
        isinstance(error, ClientError) and _handler_code(error.response["Error"]["Code"]) == "AlreadyExists"
    )


def _handler_message(error: ClientError) -> str:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    meta = error.response.get("ResponseMetadata", {})
    detail = f"Status Code: {meta.get('HTTPStatusCode')}, Request ID: {meta.get('RequestId')}"
    return (
        f'Resource handler returned message: "{message} ({error.operation_name}: {code}, {detail})" '
        f"(HandlerErrorCode: {_handler_code(code)})"
    )


_HANDLER_CODES = (
    (re.compile("AlreadyExists|AlreadyOwned|ResourceConflict|EntityAlreadyExists"), "AlreadyExists"),
    (re.compile("NotFound|NoSuch|DoesNotExist|NonExistent"), "NotFound"),
    (re.compile("AccessDenied|Unauthorized|NotAuthorized"), "AccessDenied"),
    (re.compile("Throttl|TooManyRequests"), "Throttling"),
    (re.compile("Validation|Invalid|Malformed"), "InvalidRequest"),
)


def _handler_code(code: str) -> str:
    return next((name for pattern, name in _HANDLER_CODES if pattern.search(code)), "GeneralServiceException")
