"""A ruleset as values: what the parser makes, what evaluation reads, and its text by `str`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from awsgluedq.dqdl.operands import ARITHMETIC, Duration, Keyword, Now, Operand, Size, Text
from awsgluedq.dqdl.tokens import quoted

Labels: TypeAlias = tuple[tuple[str, str], ...]


class Kind(Enum):
    """What a condition compares: a rule type allows some of these."""

    NOTHING = "boolean"
    NUMBER = "number"
    TEXT = "string"
    DATE = "date"
    DURATION = "duration"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a rule's response with operands."""

    operator: str
    """=, >, >=, <, <=, between, in or matches; `!=` is a negated `=`."""
    operands: tuple[Operand, ...]
    negated: bool = False

    def __str__(self) -> str:
        if self.operator == "=":
            return f"{'!=' if self.negated else '='} {self.operands[0]}"
        written = f"not {self.operator}" if self.negated else self.operator
        if self.operator == "in":
            return f"{written} [{','.join(map(str, self.operands))}]"
        return f"{written} {' and '.join(map(str, self.operands))}"

    def kinds(self) -> set[Kind]:
        """What the operands can be taken for; several where they are all NULL."""
        found = {kind for kind, fits in _FITS.items() if all(map(fits, self.operands))}
        if self.operator == "matches":
            return {Kind.TEXT}
        if self.operator not in ("=", "in"):
            return found - {Kind.TEXT}
        # A text that is written like a date is a date, as AWS's grammar has it.
        all_null = all(one == Keyword("NULL") for one in self.operands)
        return found - {Kind.TEXT} if Kind.DATE in found and not all_null else found


_FITS = {
    Kind.NUMBER: lambda one: isinstance(one, ARITHMETIC) or one == Keyword("NULL"),
    Kind.TEXT: lambda one: isinstance(one, (Text, Keyword)),
    Kind.DATE: lambda one: (
        isinstance(one, Now)
        or (isinstance(one, Text) and (one.is_date or one.is_time))
        or one == Keyword("NULL")
    ),
    Kind.DURATION: lambda one: isinstance(one, Duration),
    Kind.SIZE: lambda one: isinstance(one, Size),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a rule, with the `of` or `and` before it."""

    value: str
    quoted: bool = True
    connector: str = ""

    def __str__(self) -> str:
        written = quoted(self.value) if self.quoted else self.value
        return f"{self.connector} {written}" if self.connector else written


@dataclass(frozen=True, slots=True)
class Tag:
    """`with NAME CONDITION`: a threshold, or how a rule is evaluated."""

    name: str
    condition: Condition

    def __str__(self) -> str:
        return f"with {self.name} {self.condition}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    type: str
    parameters: tuple[Parameter, ...] = ()
    condition: Condition | None = None
    where: str | None = None
    tags: tuple[Tag, ...] = ()
    own_labels: Labels = ()
    labels: Labels = field(default=(), compare=False)
    """Its own ones, and the ruleset's where it has none of that key."""

    def __str__(self) -> str:
        labels = f" labels=[{_written(self.own_labels)}]" if self.own_labels else ""
        return self.unlabelled + labels

    @property
    def unlabelled(self) -> str:
        """The rule without its labels, as outcomes name it."""
        parts = [self.type, *map(str, self.parameters)]
        if self.condition is not None:
            parts.append(str(self.condition))
        if self.where is not None:
            parts.append(f"where {quoted(self.where)}")
        return " ".join([*parts, *map(str, self.tags)])

    @property
    def values(self) -> tuple[str, ...]:
        """The parameters' values."""
        return tuple(one.value for one in self.parameters)

    @property
    def threshold(self) -> Condition | None:
        """The condition of `with threshold`."""
        return next((tag.condition for tag in self.tags if tag.name == "threshold"), None)

    def tag(self, name: str) -> str | None:
        """The text of `with NAME = "text"`."""
        found = next((tag.condition.operands[0] for tag in self.tags if tag.name == name), None)
        return None if found is None else found.value if isinstance(found, Text) else str(found)


@dataclass(frozen=True, slots=True)
class Composite:
    """Rules that `and` or `or` joins."""

    operator: str
    rules: tuple[Rule | Composite, ...]

    def __str__(self) -> str:
        return f" {self.operator.upper()} ".join(f"({one})" for one in self.rules)

    @property
    def unlabelled(self) -> str:
        """The rule without labels, as outcomes name it."""
        return f" {self.operator.upper()} ".join(f"({one.unlabelled})" for one in self.rules)

    @property
    def labels(self) -> Labels:
        """The labels of its rules, the first of a key."""
        found: dict[str, str] = {}
        for rule in self.rules:
            found = dict(rule.labels) | found
        return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Analyzer:
    """What statistics are to be gathered of."""

    type: str
    parameters: tuple[Parameter, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.type, *map(str, self.parameters)])


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A DQDL document, its constants put in where they were named."""

    rules: tuple[Rule | Composite, ...] = ()
    analyzers: tuple[Analyzer, ...] = ()
    metadata: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    data_sources: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    default_labels: Labels = ()

    def __str__(self) -> str:
        sections = [
            _dictionary("Metadata", self.metadata),
            _dictionary("DataSources", self.data_sources),
            f"DefaultLabels = [{_written(self.default_labels)}]" if self.default_labels else "",
            _listed("Rules", self.rules),
            _listed("Analyzers", self.analyzers),
        ]
        return "\n".join(section for section in sections if section)


def _listed(name: str, items: tuple[object, ...]) -> str:
    lines = ",\n".join(f"    {one}" for one in items)
    return f"{name} = [\n{lines}\n]" if items else ""


def _written(labels: Labels) -> str:
    return ", ".join(f"{quoted(key)}={quoted(value)}" for key, value in labels)


def _dictionary(name: str, pairs: Mapping[str, str | tuple[str, ...]]) -> str:
    written = ", ".join(
        f"{quoted(key)}: "
        + (quoted(value) if isinstance(value, str) else f"[{', '.join(map(quoted, value))}]")
        for key, value in pairs.items()
    )
    return f"{name} = {{ {written} }}" if pairs else ""
