"""The `${…}` places of `Fn::Sub`.

`${Name}` is a `Ref`, `${Name.Attribute}` an `Fn::GetAtt`, `${!Literal}` is written as `${Literal}`.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html (2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local_aws.cloudformation.template.errors import bad_template

_PLACE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def parts_of(argument: Any) -> tuple[str, dict[str, Any]]:
    """The text and the variables of an `Fn::Sub`'s argument, which is the text alone or both in a list."""
    if isinstance(argument, str):
        return argument, {}
    match argument:
        case [str() as text, dict() as variables]:
            return text, variables
    raise bad_template(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as "
        "first argument, and an "
        "optional second argument to specify a mapping of values to replace in the string"
    )


def names_in(text: str) -> list[str]:
    """What is between the braces of each place that is not a literal, in order."""
    names = [name.strip() for name in _PLACE.findall(text) if not name.startswith("!")]
    for name in names:
        if not _NAME.fullmatch(name):
            raise bad_template(
                "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
                "periods, and colons"
            )
    return names


def substitute(text: str, value_of: Callable[[str], str]) -> str:
    """`text` with every place filled."""
    names_in(text)

    def fill(place: re.Match[str]) -> str:
        name = place.group(1)
        return "${" + name[1:] + "}" if name.startswith("!") else value_of(name.strip())

    return _PLACE.sub(fill, text)
