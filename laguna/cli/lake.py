"""The deployed lake as the commands find it: by its stack's outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from laguna.profiles.profile import Profile

if TYPE_CHECKING:
    from laguna.operations.athena import Athena
    from laguna.operations.local_engine import LocalEngine


def lake_outputs(profile: Profile) -> dict[str, str]:
    """The stack's outputs: buckets, databases, workgroup and state machine.

    Raises:
        NotDeployed: there is no usable stack.
    """
    from laguna.deployment.stack import Stack

    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    return stack.outputs()


def athena_of(profile: Profile, outputs: dict[str, str]) -> Athena:
    """Athena with the lake's workgroup, on its processed database."""
    from laguna.operations.athena import Athena

    client = profile.client("athena")
    return Athena(client, outputs["WorkGroup"], outputs["ProcessedDatabase"], profile.poll_seconds)


def local_engine_of(profile: Profile, outputs: dict[str, str]) -> LocalEngine:
    """The engine on this machine, over the lake's catalog."""
    from laguna.operations.local_engine import LocalEngine

    return LocalEngine(profile, outputs["ProcessedDatabase"])
