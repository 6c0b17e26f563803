"""Check a parsed input against its shape, in the words AWS's services use.

The sentence for a missing member (`1 validation error detected: Value null at 'queryExecutionId' failed to
satisfy constraint: Member must not be null`) was measured on Athena; the others are the same framework's, as
AWS's documentation shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local_aws.errors import AwsError

CODES = {"athena": "InvalidRequestException", "cloudformation": "ValidationError"}
"""The error code of a failed check where it is not `ValidationException`."""

UNCHECKED = frozenset({"s3"})
"""S3 has its own errors for each argument."""

LATER = frozenset({"MaxQueryResults"})
"""Shapes whose most the operation checks in its own words, after it has found what is asked for."""

NUMBERS = frozenset({"integer", "long", "float", "double"})


def validate(service: str, shape: Shape | None, value: dict[str, Any]) -> None:
    """Check required members, lengths, ranges, enums and patterns.

    Raises:
        AwsError: with the service's code, all failures in one message.
    """
    if shape is None or service in UNCHECKED:
        return
    failures = list(_failures(shape, value, ""))
    if failures:
        count = f"{len(failures)} validation error{'s' if len(failures) > 1 else ''} detected: "
        members: dict[str, Any] = {"AthenaErrorCode": "INVALID_INPUT"} if service == "athena" else {}
        raise AwsError(CODES.get(service, "ValidationException"), count + "; ".join(failures), **members)


def _failures(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if value.get(name) is None:
                yield _sentence("null", _join(path, name), "Member must not be null")
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _failures(member, value[name], _join(path, name))
    elif isinstance(shape, ListShape):
        yield from _length(shape, value, path)
        for index, item in enumerate(value, 1):
            yield from _failures(shape.member, item, f"{path}.{index}.member")
    elif isinstance(shape, MapShape):
        yield from _length(shape, value, path)
        for key, item in value.items():
            yield from _failures(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _length(shape, value, path)
        yield from _text(shape, value, path)
    elif shape.type_name in NUMBERS:
        yield from _range(shape, value, path)


def _length(shape: Shape, value: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    # AWS counts a long text in bytes: a query of 262144 characters may be too long.
    size = len(value.encode()) if isinstance(value, str) else len(value)
    if least is not None and size < least:
        yield _sentence(_quoted(value), path, f"Member must have length greater than or equal to {least}")
    if most is not None and size > most:
        shown = _quoted(value) if size <= 1024 else ""
        yield _sentence(shown, path, f"Member must have length less than or equal to {most}")


def _range(shape: Shape, value: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield _sentence(_quoted(value), path, f"Member must have value greater than or equal to {least}")
    if most is not None and value > most and shape.name not in LATER:
        yield _sentence(_quoted(value), path, f"Member must have value less than or equal to {most}")


def _text(shape: Shape, value: str, path: str) -> Iterator[str]:
    options = shape.metadata.get("enum")
    if options and value not in options:
        yield _sentence(_quoted(value), path, f"Member must satisfy enum value set: [{', '.join(options)}]")
    pattern = shape.metadata.get("pattern")
    compiled = _compile(pattern) if pattern else None
    if compiled is not None and compiled.fullmatch(value) is None:
        yield _sentence(_quoted(value), path, f"Member must satisfy regular expression pattern: {pattern}")


@cache
def _compile(pattern: str) -> re.Pattern[str] | None:
    """None for the few patterns whose Java syntax Python does not have; those are left unchecked."""
    try:
        return re.compile(pattern.replace(r"\p{L}", r"[^\W\d_]"), re.DOTALL)
    except re.error:
        return None


def _sentence(shown: str, path: str, constraint: str) -> str:
    value = f"Value {shown} at" if shown else "Value at"
    return f"{value} '{path}' failed to satisfy constraint: {constraint}"


def _quoted(value: Any) -> str:
    return f"'{value}'"


def _join(path: str, name: str) -> str:
    word = name[:1].lower() + name[1:]
    return f"{path}.{word}" if path else word
