"""State machines as an execution needs them. moto keeps them, with their versions and aliases."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError


@dataclass(frozen=True, slots=True)
class Machine:
    """What StartExecution's `stateMachineArn` named.

    `moto` is moto's object for the machine or its version; `origin` the members that say through which
    version or alias it was named; `runs` where moto looks for running executions.
    """

    arn: str
    moto: Any
    origin: dict[str, Any]
    runs: list[Any]
    account_id: str
    region: str

    @property
    def express(self) -> bool:
        """Whether its executions are not kept."""
        return bool(self.moto.type == "EXPRESS")

    @property
    def definition(self) -> dict[str, Any]:
        """DescribeStateMachineForExecution's answer."""
        moto = self.moto
        return {
            "stateMachineArn": self.arn,
            "name": moto.name,
            "definition": moto.definition,
            "roleArn": moto.roleArn,
            "updateDate": moto.update_date,
            "loggingConfiguration": moto.loggingConfiguration,
            "tracingConfiguration": moto.tracingConfiguration,
            "encryptionConfiguration": moto.encryptionConfiguration,
        }

    def execution_arn(self, name: str) -> str:
        """The ARN of the execution `name`."""
        return f"{self.arn.replace(':stateMachine:', ':execution:')}:{name}"

    def express_arn(self, name: str) -> str:
        """The ARN of one run of an EXPRESS machine; the name need not be unique."""
        return f"{self.arn.replace(':stateMachine:', ':express:')}:{name}:{uuid.uuid4()}"

    def attach(self, run: Any) -> None:
        """Let moto's DescribeMapRun and its like find the map runs of `run`."""
        self.runs[:] = [other for other in self.runs if other.stop_date is None]
        self.runs.append(run)


class Machines:
    """Finds state machines in moto."""

    def find(self, arn: str, caller: Caller) -> Machine:
        """The machine that `arn` names: itself, a version (`…:3`), or an alias (`…:PROD`).

        Raises:
            AwsError: InvalidArn or StateMachineDoesNotExist.
        """
        from moto.core.exceptions import JsonRESTError
        from moto.stepfunctions.parser.models import stepfunctions_parser_backends

        backend = stepfunctions_parser_backends[caller.account_id][caller.region]
        try:
            base, _, qualifier = arn.rpartition(":")
            if base.count(":") == 6 and not qualifier.isnumeric():
                return _through_alias(backend, arn)
            return _machine(backend, backend.describe_state_machine(arn), {})
        except JsonRESTError as error:
            raise AwsError(error.error_type, error.message) from error

    def named(self, name: str, caller: Caller) -> Machine | None:
        """The machine called `name`, if there is one."""
        try:
            return self.find(
                f"arn:aws:states:{caller.region}:{caller.account_id}:stateMachine:{name}", caller
            )
        except AwsError:
            return None


def _through_alias(backend: Any, arn: str) -> Machine:
    routes = backend.describe_state_machine_alias(arn).routing_configuration
    weights = [route["weight"] for route in routes]
    chosen = random.choices(routes, weights)[0]["stateMachineVersionArn"]  # noqa: S311
    return _machine(backend, backend.describe_state_machine(chosen), {"stateMachineAliasArn": arn})


def _machine(backend: Any, found: Any, origin: dict[str, Any]) -> Machine:
    source = getattr(found, "source_arn", None)
    if source is not None:
        origin = {**origin, "stateMachineVersionArn": found.arn}
    arn = source or found.arn
    runs = backend.describe_state_machine(arn).executions
    return Machine(arn, found, origin, runs, backend.account_id, backend.region_name)
