"""The services of ours, made once a region when first asked for.

A service is a plain class with one method per API operation (`get_table`, `put_object`), called as
`method(request, caller)` with the dict that boto3 would take, answering with the dict that boto3 would show
(without `ResponseMetadata`). It may be `async`. An operation without a method is not implemented.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

Factory = Callable[[str], Any]
"""Given a region, makes the service of that region."""


class Services:
    """The registry behind the gateway. Names are botocore's (`glue`, `s3`, `athena`)."""

    def __init__(self, factories: dict[str, Factory], *, not_regional: Iterable[str] = ("s3",)) -> None:
        self._factories = factories
        self._not_regional = frozenset(not_regional)
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()

    @property
    def names(self) -> tuple[str, ...]:
        """Every service there is."""
        return tuple(self._factories)

    def __contains__(self, name: str) -> bool:
        return name in self._factories

    def get(self, name: str, region: str) -> Any:
        """The service `name` of `region`; the same object each time."""
        key = (name, "" if name in self._not_regional else region)
        made = self._made.get(key)
        if made is None:
            with self._lock:
                made = self._made.get(key)
                if made is None:
                    made = self._made[key] = self._factories[name](region)
        return made

    def made(self, name: str) -> dict[str, Any]:
        """The services of a name that are there, by region."""
        return {region: service for (of, region), service in list(self._made.items()) if of == name}

    def under_way(self) -> list[str]:
        """What the services are doing beside answering requests, named for a person."""
        return [what for service in list(self._made.values()) for what in _under_way(service)]

    def forget(self, region: str) -> None:
        """Close the services of a region; they are made anew when asked for."""
        with self._lock:
            for key in [key for key in reversed(self._made) if key[1] == region]:
                _close(self._made.pop(key))

    def close(self) -> None:
        """Close every service that has a `close`, newest first."""
        for service in reversed(list(self._made.values())):
            _close(service)
        self._made.clear()


class Parts:
    """One service made of several classes, each with the operations of one area."""

    def __init__(self, *parts: Any) -> None:
        self._parts = parts

    def __getattr__(self, operation: str) -> Any:
        for part in self._parts:
            method = getattr(part, operation, None)
            if method is not None:
                return method
        raise AttributeError(operation)

    def under_way(self) -> list[str]:
        """What the parts are doing."""
        return [what for part in self._parts for what in _under_way(part)]

    def close(self) -> None:
        """Close the parts that have a `close`, last first."""
        for part in reversed(self._parts):
            _close(part)


def _under_way(holder: Any) -> list[str]:
    # Of the class, since some services take any name for an operation.
    ask = getattr(type(holder), "under_way", None)
    return ask(holder) if ask is not None else []


def _close(holder: Any) -> None:
    close = getattr(holder, "close", None)
    if close is not None:
        close()
