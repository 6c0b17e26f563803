"""What CreateStateMachine and UpdateStateMachine refuse, and ValidateStateMachineDefinition.

moto keeps the state machines. It parses definitions, but its answer to a bad one has no error code; and
it takes any CreateStateMachine for a repetition of one with the same name.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html (checked
2026-11).
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.stepfunctions.machines import Machines

# With these equal, CreateStateMachine is a repetition; roleArn and tags do not count.
COMPARED = {
    "definition": "",
    "type": "STANDARD",
    "loggingConfiguration": {"level": "OFF"},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}


class Definitions:
    """Checks requests before moto gets them."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines

    def validate_state_machine_definition(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Whether the interpreter accepts a definition."""
        diagnostics = [
            {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": problem}
            for problem in _problems_of(request["definition"])
        ]
        return {"result": "FAIL" if diagnostics else "OK", "diagnostics": diagnostics, "truncated": False}

    def create_state_machine(self, request: dict[str, Any], caller: Caller) -> None:
        """Refuse a bad definition, and the name of a machine that is different."""
        _check(request["definition"])
        existing = self._machines.named(request["name"], caller)
        if existing is None:
            return
        for member, default in COMPARED.items():
            if getattr(existing.moto, member) != (request.get(member) or default):
                raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{existing.arn}'")

    def update_state_machine(self, request: dict[str, Any], caller: Caller) -> None:
        """Refuse a bad definition."""
        if "definition" in request:
            _check(request["definition"])


def _check(definition: str) -> None:
    for problem in _problems_of(definition):
        message = f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {problem}'"
        raise AwsError("InvalidDefinition", message)


def _problems_of(definition: str) -> list[str]:
    from local_aws.stepfunctions.interpreter import problems_of

    return problems_of(definition)
