"""`laguna status`: what is running and what is deployed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from laguna.cli.output import Block, Table
from laguna.cli.server import running_server
from laguna.cli.session import Session, command


@dataclass(frozen=True, slots=True)
class Status:
    """The server if the profile has one, the stack and the buckets."""

    profile: str
    server: dict[str, Any] | None
    stack: dict[str, Any] | None
    buckets: list[str]

    def document(self) -> dict[str, Any]:
        """All of it; `server` and `stack` are null when there is none."""
        return {
            "profile": self.profile,
            "server": self.server,
            "stack": self.stack,
            "buckets": self.buckets,
        }

    def blocks(self) -> Iterator[Block]:
        """A line each."""
        if self.server is not None:
            yield Table("Local AWS", ("what", "value"), [(k, _shown(v)) for k, v in self.server.items()])
        if self.stack is None:
            yield "The lake is not deployed; run 'laguna deploy'."
        else:
            yield Table("Lake", ("what", "value"), [(k, _shown(v)) for k, v in self.stack.items()])
        yield f"Buckets: {', '.join(self.buckets) or 'none'}"


@dataclass(frozen=True, slots=True)
class NotUp:
    """No server answers, so nothing more can be said."""

    profile: str

    def document(self) -> dict[str, Any]:
        """The same keys as `Status`."""
        return {"profile": self.profile, "server": None, "stack": None, "buckets": []}

    def blocks(self) -> Iterator[Block]:
        """One line."""
        yield "Local AWS is not up; start it with 'laguna up'."


def look(session: Session) -> Status | NotUp:
    """Ask the server, CloudFormation and S3."""
    from laguna.deployment.stack import Stack

    profile = session.profile
    server = None
    if profile.server is not None:
        running = running_server(profile)
        if running is None:
            return NotUp(profile.name)
        server = {"endpoint": running.endpoint, **running.health}
    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    state = stack.state()
    described = {"name": stack.name, "status": state.status, **state.outputs} if state else None
    buckets = [bucket["Name"] for bucket in profile.client("s3").list_buckets()["Buckets"]]
    return Status(profile.name, server, described, buckets)


@command("status", example="laguna status --output json")
def status(session: Session) -> None:
    """Show the local AWS, the lake's stack and the buckets."""
    session.output.answer(look(session))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    return str(value)
