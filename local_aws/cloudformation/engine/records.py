"""What is remembered of a stack, its resources and its change sets; each is one JSON document in SQLite."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(slots=True)
class Record:
    """A document."""

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The record that `to_json` gave."""
        return cls(**document)


@dataclass(slots=True)
class Goal(Record):
    """What a stack should be: the template's text and everything it is evaluated with.

    `parameters` are as given; `ssm` holds what the SSM parameters among them named at the time.
    """

    template: str
    parameters: dict[str, str] = field(default_factory=dict)
    ssm: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    notification_arns: list[str] = field(default_factory=list)
    role_arn: str | None = None


@dataclass(slots=True)
class Stack(Record):
    """A stack; times are seconds since the epoch.

    `previous` is the goal before the update that is under way or that failed without rolling back.
    """

    id: str
    name: str
    status: str
    created: float
    goal: dict[str, Any]
    reason: str | None = None
    updated: float | None = None
    deleted: float | None = None
    description: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    on_failure: str = "ROLLBACK"
    timeout_minutes: int | None = None
    termination_protection: bool = False
    change_set_id: str | None = None
    token: str | None = None
    previous: dict[str, Any] | None = None
    retain: list[str] = field(default_factory=list)

    @property
    def wanted(self) -> Goal:
        """The goal as a record."""
        return Goal.from_json(self.goal)


@dataclass(slots=True)
class Resource(Record):
    """A resource of a stack.

    `physical_id` is set before the create call when the type can plan it. `previous` is what a running
    update started from (the fields that it changes); `added` says that the running update made it.
    """

    logical_id: str
    type: str
    status: str
    changed: float
    physical_id: str | None = None
    reason: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    stack_tags: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    metadata: Any = None
    previous: dict[str, Any] | None = None
    added: bool = False


KEPT = (
    "type",
    "physical_id",
    "properties",
    "stack_tags",
    "attributes",
    "needs",
    "deletion_policy",
    "update_replace_policy",
    "metadata",
)
"""The fields of a resource that an update may change and a rollback brings back."""


@dataclass(slots=True)
class ChangeSet(Record):
    """A change set: a goal, and what reaching it would change."""

    id: str
    name: str
    stack_id: str
    created: float
    kind: str
    goal: dict[str, Any]
    status: str
    execution_status: str
    reason: str | None = None
    description: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    on_failure: str | None = None
    include_nested_stacks: bool = False
    import_existing_resources: bool = False
