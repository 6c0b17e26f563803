"""What the functions of a template answer once their arguments are known.

Each is a pure function of its evaluated argument. `Ref`, `Fn::GetAtt`, `Fn::If` and the others that look
something up are in `evaluate.py`.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html (2026-11)
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from typing import Any

from local_aws.cloudformation.template.errors import bad_template

Function = Callable[[Any], Any]


def text_of(value: Any) -> str:
    """A scalar as CloudFormation writes it: `true`, `1`, `1.5`, text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def join(argument: Any) -> str:
    """`[delimiter, [scalar, …]]`."""
    problem = bad_template(
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings "
        "to be joined or a "
        "function that returns a list of strings (such as Fn::GetAZs) to be joined."
    )
    if not isinstance(argument, list) or len(argument) != 2:
        raise problem
    delimiter, parts = argument
    if not isinstance(delimiter, str) or not isinstance(parts, list) or not all(map(_is_scalar, parts)):
        raise problem
    return delimiter.join(map(text_of, parts))


def split(argument: Any) -> list[str]:
    """`[delimiter, text]`."""
    if (
        not isinstance(argument, list)
        or len(argument) != 2
        or not all(isinstance(part, str) for part in argument)
    ):
        raise bad_template(
            "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to "
            "be split or a "
            "function that returns a string to be split."
        )
    delimiter, text = argument
    if not delimiter:
        raise bad_template("Fn::Split delimiter cannot be empty.")
    parts: list[str] = text.split(delimiter)
    return parts


def select(argument: Any) -> Any:
    """`[index, [value, …]]`; the index may be text."""
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[1], list):
        raise bad_template(
            "Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    index, values = argument
    if isinstance(index, bool) or not str(index).isdigit():
        raise bad_template(
            "Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    if int(index) >= len(values):
        raise bad_template(f"Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


def to_base64(argument: Any) -> str:
    """A scalar, encoded as UTF-8."""
    if not _is_scalar(argument):
        raise bad_template("every Fn::Base64 object must have a String-typed value.")
    return base64.b64encode(text_of(argument).encode()).decode()


def cidr(argument: Any) -> list[str]:
    """`[block, count, bits]`: the first `count` networks in `block` that leave `bits` bits for hosts."""
    problem = bad_template(
        "every Fn::Cidr object requires an IP block, a count (1-256) and optionally the subnet's host bits."
    )
    if not isinstance(argument, list) or not 2 <= len(argument) <= 3:
        raise problem
    try:
        block, count = ipaddress.ip_network(argument[0]), int(argument[1])
        bits = int(argument[2]) if len(argument) == 3 else block.max_prefixlen - block.prefixlen
        if not 1 <= count <= 256 or not 0 <= bits <= block.max_prefixlen - block.prefixlen:
            raise problem
        size = 2**bits
        if count * size > block.num_addresses:
            raise problem
    except (TypeError, ValueError) as error:
        raise problem from error
    first, prefix = int(block.network_address), block.max_prefixlen - bits
    address = type(block.network_address)
    return [f"{address(first + position * size)}/{prefix}" for position in range(count)]


def equals(argument: Any) -> bool:
    """`[one, other]`, compared as text."""
    if (
        not isinstance(argument, list)
        or len(argument) != 2
        or isinstance(argument[0], dict)
        or isinstance(argument[1], dict)
    ):
        raise bad_template("every Fn::Equals object requires a list of 2 string parameters.")
    one, other = argument
    if _is_scalar(one) and _is_scalar(other):
        return text_of(one) == text_of(other)
    return bool(one == other)


def negate(argument: Any) -> bool:
    """`[boolean]`."""
    if not isinstance(argument, list) or len(argument) != 1 or not isinstance(argument[0], bool):
        raise bad_template("every Fn::Not object requires one boolean parameter.")
    return not argument[0]


def _booleans(name: str, argument: Any) -> list[bool]:
    if (
        not isinstance(argument, list)
        or not 2 <= len(argument) <= 10
        or not all(isinstance(v, bool) for v in argument)
    ):
        raise bad_template(
            f"every Fn::{name} object requires a list of at least 2 and at most 10 boolean parameters."
        )
    return argument


def conjunction(argument: Any) -> bool:
    """2 to 10 booleans."""
    return all(_booleans("And", argument))


def disjunction(argument: Any) -> bool:
    """2 to 10 booleans."""
    return any(_booleans("Or", argument))


FUNCTIONS: dict[str, Function] = {
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::Base64": to_base64,
    "Fn::Cidr": cidr,
}

CONDITION_FUNCTIONS: dict[str, Function] = {
    "Fn::Equals": equals,
    "Fn::Not": negate,
    "Fn::And": conjunction,
    "Fn::Or": disjunction,
}
"""These may stand in the Conditions section only (and inside one another)."""

REFUSED = {
    "Fn::Transform": "Macros and AWS::Include",
    "Fn::ForEach": "Fn::ForEach, of the transform AWS::LanguageExtensions,",
    "Fn::Length": "Fn::Length, of the transform AWS::LanguageExtensions,",
    "Fn::ToJsonString": "Fn::ToJsonString, of the transform AWS::LanguageExtensions,",
    "Fn::GetAZs": "Fn::GetAZs",
}
"""Functions that exist on AWS and not here, and how to speak of them."""
