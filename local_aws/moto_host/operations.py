"""Which operation a request asks for, and whether it changes what moto keeps.

Only requests that change something go to the journal. AWS's operation names say it: reads begin with Get,
List, Describe and the like. The few names that mislead are listed. A REST API without an operation name
is judged by its method. Unknown names count as changes: a needless entry is harmless, a missing one loses
data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from local_aws.moto_host.messages import Request, Response

DEFAULT_REGION = "us-east-1"
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_SCOPE_IN_QUERY = re.compile(
    r"X-Amz-Credential=[^%&]+(?:%2F|/)\d{8}(?:%2F|/)([^%&/]+)(?:%2F|/)([^%&/]+)", re.I
)

READ_PREFIXES = (
    "Get", "List", "Describe", "Search", "Lookup", "Head", "Filter", "Query", "Scan", "Select",
    "BatchGet", "BatchDescribe", "Validate", "Test", "Check", "Simulate", "Preview", "Estimate", "Discover",
)  # fmt: skip

READS_DESPITE_NAME = frozenset(
    {
        ("kms", "Encrypt"), ("kms", "Decrypt"), ("kms", "ReEncrypt"), ("kms", "Sign"), ("kms", "Verify"),
        ("kms", "GenerateDataKey"), ("kms", "GenerateDataKeyWithoutPlaintext"), ("kms", "GenerateRandom"),
        ("kms", "GenerateMac"), ("kms", "VerifyMac"),
        # These act on running executions, which have a store of their own and must not run again.
        ("states", "SendTaskSuccess"), ("states", "SendTaskFailure"), ("states", "SendTaskHeartbeat"),
        ("states", "UpdateMapRun"),
    }
)  # fmt: skip

READ_ONLY_SERVICES = frozenset({"sts"})


@dataclass(frozen=True, slots=True)
class Operation:
    """The service by its signing name, its region, and the API operation (None for a REST request)."""

    service: str
    region: str
    name: str | None
    method: str

    @property
    def changes_data(self) -> bool:
        """Whether a successful answer must be journaled."""
        if self.service in READ_ONLY_SERVICES:
            return False
        if self.name is None:
            return self.method not in ("GET", "HEAD", "OPTIONS")
        if (self.service, self.name) in READS_DESPITE_NAME:
            return False
        return not self.name.startswith(READ_PREFIXES)


def operation_of(request: Request) -> Operation:
    """What `request` asks for, by its signature, its `X-Amz-Target` or its `Action`."""
    found = _SCOPE.search(request.header("authorization") or "") or _SCOPE_IN_QUERY.search(request.target)
    region, service = found.groups() if found else (DEFAULT_REGION, "")
    target = request.header("x-amz-target")
    name = target.rpartition(".")[2] if target else _action(request)
    return Operation(service.lower(), region, name, request.method)


def took_effect(operation: Operation, response: Response) -> bool:
    """Whether an answered request has to be journaled: a ReceiveMessage that got nothing need not be."""
    if not response.succeeded or not operation.changes_data:
        return False
    a_receive = (operation.service, operation.name) == ("sqs", "ReceiveMessage")
    return not a_receive or received_messages(response)


def received_messages(response: Response) -> bool:
    """Whether a ReceiveMessage answered with messages."""
    return b"ReceiptHandle" in response.body


def _action(request: Request) -> str | None:
    in_query = parse_qs(request.target.partition("?")[2]).get("Action")
    if in_query:
        return in_query[0]
    if "x-www-form-urlencoded" not in (request.header("content-type") or ""):
        return None
    match = re.search(rb"(?:^|&)Action=([A-Za-z0-9]+)", request.body)
    return match.group(1).decode() if match else None
