"""`laguna destroy`: the lake, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from laguna.cli.consent import ask_for_name, require_someone
from laguna.cli.output import Block
from laguna.cli.session import Session, command
from laguna.errors import StackProtected

BUCKET_OUTPUTS = ("SourceBucket", "LakeBucket")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What is gone."""

    stack: str
    existed: bool
    objects: int

    def document(self) -> dict[str, Any]:
        """The stack, whether there was one, and how many objects its buckets held."""
        return {"stack": self.stack, "existed": self.existed, "objects_deleted": self.objects}

    def blocks(self) -> Iterator[Block]:
        """One line."""
        if self.existed:
            yield f"The stack {self.stack} and {self.objects:,} objects are gone."
        else:
            yield f"There is no stack {self.stack}; nothing was deleted."


def destroy_lake(session: Session, *, yes: bool = False) -> Destroyed:
    """Empty the lake's buckets, delete the stack, and delete the buckets, which it retains.

    Raises:
        StackProtected: the stack may not be deleted.
        ConsentMissing: nobody agreed.
    """
    from laguna.deployment.buckets import delete_bucket, empty_bucket
    from laguna.deployment.stack import Stack

    profile = session.profile
    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    s3 = profile.client("s3")
    require_someone("Deleting the lake", yes=yes)
    state = stack.state()
    if state is None:
        return Destroyed(stack.name, existed=False, objects=0)
    if state.protected:
        raise StackProtected(
            f"The stack '{stack.name}' is protected from deletion; if you mean it, first run 'aws "
            "cloudformation update-termination-protection --no-enable-termination-protection --stack-name "
            f"{stack.name}'."
        )
    ask_for_name(f"This deletes the stack {stack.name}, its buckets and all their data.", stack.name, yes=yes)
    with session.output.progress(f"Deleting {stack.name}") as progress:
        buckets = [state.outputs[name] for name in BUCKET_OUTPUTS if name in state.outputs]
        objects = 0
        for bucket in buckets:
            progress.now(f"Emptying s3://{bucket}")
            objects += empty_bucket(s3, bucket)
        stack.delete(progress)
        for bucket in buckets:
            delete_bucket(s3, bucket)
    return Destroyed(stack.name, existed=True, objects=objects)


@command("destroy", example="laguna destroy --yes", dry_run=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(session: Session, *, yes: bool) -> None:
    """Delete the lake: its stack, its buckets and everything in them."""
    session.output.answer(destroy_lake(session, yes=yes))
