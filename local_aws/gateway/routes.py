"""Find the operation of a REST request from method, path and query, by the service model alone.

Several S3 operations share a method and path: they differ by a query word (`?tagging`), by parameters that
one of them needs (`uploadId`), or by a header (`x-amz-copy-source`). The one that asks for most of what is
there wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel, StructureShape

NOT_HERE = frozenset({"ListDirectoryBuckets", "WriteGetObjectResponse"})
"""S3 operations of other endpoints (directory buckets, Object Lambda) whose URI hides one that matters."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a request must have to be this operation."""

    operation: OperationModel
    words: tuple[tuple[str, str], ...]
    """Query names and the values they must have; an empty value means any."""
    parameters: tuple[str, ...]
    headers: tuple[str, ...]

    def score(self, query: dict[str, str], headers: dict[str, str]) -> int:
        """How much of the request this route accounts for; -1 when it does not fit."""
        for name, value in self.words:
            if name not in query or (value and query[name] != value):
                return -1
        if any(name not in query for name in self.parameters) or any(
            name not in headers for name in self.headers
        ):
            return -1
        return 2 * len(self.words) + len(self.parameters) + len(self.headers)


class Routes:
    """The routes of one REST service."""

    def __init__(self, model: ServiceModel) -> None:
        self._by_method: dict[str, list[tuple[re.Pattern[str], list[Route]]]] = {}
        templates: dict[tuple[str, str], list[Route]] = {}
        for name in model.operation_names:
            operation = model.operation_model(name)
            if name not in NOT_HERE and not operation.deprecated:
                path, _, query = operation.http["requestUri"].partition("?")
                templates.setdefault((operation.http["method"], path), []).append(_route(operation, query))
        for (method, path), routes in sorted(templates.items(), key=lambda item: _generality(item[0][1])):
            self._by_method.setdefault(method, []).append((_pattern(path), routes))

    def find(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str]
    ) -> tuple[OperationModel, dict[str, str]] | None:
        """The operation and the labels of its path (`{"Bucket": …, "Key": …}`), or None."""
        for pattern, routes in self._by_method.get(method, ()):
            match = pattern.fullmatch(path)
            if match is None:
                continue
            best = max(routes, key=lambda route: route.score(query, headers))
            if best.score(query, headers) >= 0:
                labels = {_unsafe(name): text for name, text in match.groupdict().items()}
                return best.operation, labels
        return None


@cache
def routes_of(model: ServiceModel) -> Routes:
    """The routes of `model`, made once."""
    return Routes(model)


def _route(operation: OperationModel, query: str) -> Route:
    words = tuple((name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "x-id")
    shape = operation.input_shape
    needed = shape.required_members if isinstance(shape, StructureShape) else []
    members = shape.members if isinstance(shape, StructureShape) else {}
    located = [(members[name].serialization, name) for name in needed]
    parameters = tuple(s.get("name", name) for s, name in located if s.get("location") == "querystring")
    headers = tuple(s.get("name", name).lower() for s, name in located if s.get("location") == "header")
    return Route(operation, words, parameters, headers)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template.rstrip("/") or "/")
    regex = "".join(_label(part) if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(regex if "+}" in template else f"{regex}/?" if regex != "/" else "/", re.DOTALL)


def _label(part: str) -> str:
    name = part.strip("{}+")
    return f"(?P<{_safe(name)}>{'.+' if '+' in part else '[^/]+'})"


def _safe(name: str) -> str:
    return name.replace("-", "__")


def _unsafe(name: str) -> str:
    return name.replace("__", "-")


def _generality(path: str) -> tuple[bool, int, int]:
    return "+}" in path, -path.count("/"), path.count("{")
