"""`laguna destroy`: the lake, taken away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from pipeline.cli.output import Block
from pipeline.cli.session import Session, command
from pipeline.errors import LagunaError

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


def destroy_lake(session: Session) -> Destroyed:
    """Empty the lake's buckets, delete the stack, and delete buckets that it retained."""
    from pipeline.deployment.buckets import delete_bucket, empty_bucket
    from pipeline.deployment.stack import Stack

    profile = session.profile
    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    s3 = profile.client("s3")
    with session.output.progress(f"Deleting {stack.name}") as progress:
        state = stack.state()
        if state is None:
            return Destroyed(stack.name, existed=False, objects=0)
        buckets = [state.outputs[name] for name in BUCKET_OUTPUTS if name in state.outputs]
        objects = 0
        for bucket in buckets:
            progress.now(f"Emptying s3://{bucket}")
            objects += empty_bucket(s3, bucket)
        stack.delete(progress)
        for bucket in buckets:
            delete_bucket(s3, bucket)
    return Destroyed(stack.name, existed=True, objects=objects)


@command("destroy", example="laguna destroy --yes")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(session: Session, *, yes: bool) -> None:
    """Delete the lake: its stack, its buckets and everything in them."""
    if not yes:
        if not sys.stdin.isatty():
            raise LagunaError("Deleting the lake needs a yes, and nobody can be asked here; add --yes.")
        name = session.profile.stack_name
        click.confirm(f"Delete the stack {name}, its buckets and all their data?", abort=True, err=True)
    session.output.answer(destroy_lake(session))
