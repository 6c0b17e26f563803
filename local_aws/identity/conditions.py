"""Conditions of a policy's statement: each operator says whether a request's values satisfy a policy's.

An operator that is not known here is told apart from one that does not hold, so that a statement that cannot
be read allows nothing and denies all the same.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws.identity.wildcards import matches

Context = Mapping[str, str]
"""Values of a request by condition key in lower case: `aws:sourceip`, `s3:prefix`."""


def holds(conditions: Any, context: Context) -> bool | None:
    """Whether all conditions of a statement hold; None when one cannot be decided."""
    if not conditions:
        return True
    if not isinstance(conditions, dict):
        return None
    verdict: bool | None = True
    for operator, keys in conditions.items():
        if not isinstance(keys, dict):
            return None
        for key, wanted in keys.items():
            one = _holds(str(operator), str(key), _texts(wanted), context)
            if one is False:
                return False
            verdict = None if one is None else verdict
    return verdict


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool | None:
    name = operator.rpartition(":")[2]
    if operator.startswith("ForAllValues:") and key.lower() not in context:
        return True
    present = context.get(key.lower())
    if name == "Null":
        return any((text.lower() == "true") == (present is None) for text in wanted)
    if name.endswith("IfExists"):
        if present is None:
            return True
        name = name.removesuffix("IfExists")
    negative = name in _NEGATIVE
    compare = _COMPARISONS.get(_NEGATIVE.get(name, name))
    if compare is None:
        return None
    if present is None:
        return negative
    try:
        found = any(compare(present, text) for text in wanted)
    except ValueError:
        return None
    return found != negative


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def _in_network(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


def _moment(text: str) -> datetime:
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda present, wanted: present == wanted,
    "StringEqualsIgnoreCase": lambda present, wanted: present.lower() == wanted.lower(),
    "StringLike": lambda present, wanted: matches(wanted, present),
    "ArnLike": lambda present, wanted: matches(wanted, present),
    "ArnEquals": lambda present, wanted: matches(wanted, present),
    "Bool": lambda present, wanted: present.lower() == wanted.lower(),
    "IpAddress": _in_network,
    "NumericEquals": lambda present, wanted: float(present) == float(wanted),
    "NumericLessThan": lambda present, wanted: float(present) < float(wanted),
    "NumericLessThanEquals": lambda present, wanted: float(present) <= float(wanted),
    "NumericGreaterThan": lambda present, wanted: float(present) > float(wanted),
    "NumericGreaterThanEquals": lambda present, wanted: float(present) >= float(wanted),
    "DateEquals": lambda present, wanted: _moment(present) == _moment(wanted),
    "DateLessThan": lambda present, wanted: _moment(present) < _moment(wanted),
    "DateLessThanEquals": lambda present, wanted: _moment(present) <= _moment(wanted),
    "DateGreaterThan": lambda present, wanted: _moment(present) > _moment(wanted),
    "DateGreaterThanEquals": lambda present, wanted: _moment(present) >= _moment(wanted),
}

_NEGATIVE = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotLike": "ArnLike",
    "ArnNotEquals": "ArnEquals",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
