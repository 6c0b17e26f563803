"""What a resource type is: a table of its properties, and how to create, update and delete it by public API
calls.

A type says of every property whether a change of it means a new resource, and everything else (validation,
coercion, names, tags, what is left to do) follows from the table. `Request` is all that a type is given; it
never sees the engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.shapes import BadProperty


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a type.

    `kind` is empty when the property is a parameter of the type's create call under the same name (or
    `param`), whose shape then says what values it takes; otherwise a scalar kind of `shapes.scalar`, or
    `Any` when the type checks the value itself.
    """

    required: bool = False
    replaces: bool = False
    kind: str = ""
    param: str = ""


PLAIN = Property()
REQUIRED = Property(required=True)
REPLACES = Property(replaces=True)
REQUIRED_REPLACES = Property(required=True, replaces=True)


def table(properties: dict[str, Property]) -> Mapping[str, Property]:
    """A type's properties by name, not to be changed."""
    return MappingProxyType(properties)


@dataclass(frozen=True, slots=True)
class Made:
    """A resource as its API left it: what `Ref` answers, and `Fn::GetAtt` by attribute."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A resource as the template wants it.

    `properties` are evaluated; `params` are those that the create call takes, coerced, with the tags in the
    form of that call; `tags` are the stack's and the resource's own. `old` is what to update from.
    """

    logical_id: str
    stack_name: str
    stack_id: str
    region: str
    account_id: str
    client: Callable[[str], Any]
    physical_id: str
    properties: Mapping[str, Any]
    params: dict[str, Any]
    tags: dict[str, str]
    attributes: Mapping[str, Any]
    old: Request | None = None
    name: str = ""
    """When creating: the given name or a generated one."""
    claim: Callable[[str], None] = lambda physical_id: None
    """When creating something whose id the API chooses: tell it at once, before any further call."""

    def changed(self, *names: str) -> bool:
        """Whether any of these properties differs from the old ones."""
        assert self.old is not None
        return any(self.properties.get(name) != self.old.properties.get(name) for name in names)

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the stack's region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


class ResourceType(ABC):
    """One `AWS::Service::Resource`."""

    type_name: ClassVar[str]
    service: ClassVar[str]
    operation: ClassVar[str]
    """The create call whose input shapes the properties have."""
    properties: ClassVar[Mapping[str, Property]]
    attributes: ClassVar[frozenset[str]] = frozenset()
    name_property: ClassVar[str] = ""
    """The property that is the resource's name; a name is generated when it is absent."""
    name_limit: ClassVar[int] = 255
    lower_case_name: ClassVar[bool] = False
    tags_form: ClassVar[str] = ""
    """`list` ([{Key, Value}]) or `map`, as the property `Tags` is written; empty for a type without tags."""
    tags_param: ClassVar[str] = "Tags"

    def planned_id(self, request: Request) -> str | None:
        """What the physical id will be when that is known before the create call; None when the API chooses
        it.
        """
        return request.name or None

    def named(self, request: Request) -> Request:
        """`request` with its name, given or generated, also among the create call's parameters."""
        if not self.name_property:
            return request
        given = request.properties.get(self.name_property)
        generated = generated_name(
            request.stack_name, request.logical_id, self.name_limit, lower=self.lower_case_name
        )
        name = generated if given is None else text_of(given)
        one = self.properties[self.name_property]
        params = {} if one.kind else {one.param or self.name_property: name}
        return replace(request, name=name, params={**request.params, **params})

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        """The changed properties that cannot be changed in place."""
        return {
            name
            for name, one in self.properties.items()
            if one.replaces and not same(old.get(name), new.get(name))
        }

    def check(  # noqa: B027 - most types have nothing to add
        self, properties: Mapping[str, Any]
    ) -> None:
        """Refuse what the table of properties cannot tell to be wrong; values may be `UNKNOWN`.

        Raises:
            BadProperty: what is wrong.
        """

    @abstractmethod
    def exists(self, request: Request) -> bool:
        """Whether something with the planned id is there already, which this stack would then not own."""

    @abstractmethod
    def create(self, request: Request) -> Made:
        """Make it; `request.physical_id` is the planned id, or empty."""

    def update(self, request: Request) -> Made:
        """Change what `request.old` says into what `request` says, in place."""
        raise BadProperty(f"Update to resource type {self.type_name} is not supported.")

    @abstractmethod
    def delete(self, request: Request) -> None:
        """Remove it; fine when it is gone already."""


def same(one: Any, other: Any) -> bool:
    """Whether two property values mean the same: scalars are compared as CloudFormation writes them."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str | int | float) and isinstance(other, str | int | float):
        return text_of(one) == text_of(other)
    return one is other


MISSING = frozenset(
    (
        "404",
        "AWS.SimpleQueueService.NonExistentQueue",
        "EntityNotFoundException",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "ParameterNotFound",
        "QueueDoesNotExist",
        "RepositoryNotFoundException",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "NoSuchTagSet",
    )
)
"""Error codes that say that a resource is not there."""


@contextmanager
def missing_is_fine() -> Iterator[None]:
    """What is gone need not be deleted."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING:
            raise


def found(call: Callable[..., Any], **params: Any) -> bool:
    """Whether a get or describe call finds something."""
    try:
        call(**params)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return False
        raise
    return True
