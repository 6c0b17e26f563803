"""ListStateMachineVersions, which moto lacks: it keeps the versions that `publish` makes.

Terraform's provider asks for them whenever it reads a state machine.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineVersions.html (2026-11)
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.stepfunctions.machines import Machines
from local_aws.stepfunctions.pages import next_token, page_of


class Versions:
    """The published versions of a state machine."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines

    def list_state_machine_versions(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Newest first."""
        versions = self._machines.find(request["stateMachineArn"], caller).moto.versions
        found = [versions[number] for number in sorted(versions, reverse=True)]
        offset, limit = page_of(request)
        shown = [
            {"stateMachineVersionArn": one.arn, "creationDate": one.creation_date}
            for one in found[offset : offset + limit]
        ]
        return {"stateMachineVersions": shown, **next_token(offset + limit, len(found) > offset + limit)}
