"""Which objects a source reads: those at its paths, without exclusions, new by the bookmark, within bounds.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-s3-home.html and
https://docs.aws.amazon.com/glue/latest/dg/bounded-execution.html (November 2026)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern
from typing import Any

from awsglue import bookmarks
from awsglue.bookmark_state import DEFAULT_BAND, DEFAULT_FILES_IN_BAND, Limits
from awsglue.globs import glob_pattern
from awsglue.s3_listing import Found

OPTIONS = frozenset(
    {"boundedFiles", "boundedSize", "excludeStorageClasses", "exclusions", "maxBand", "maxFilesInBand"}
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a source's options and its `transformation_ctx` say of its objects."""

    name: str
    exclusions: tuple[Pattern[str], ...]
    left_out: frozenset[str]
    """Storage classes."""
    limits: Limits

    @classmethod
    def of(cls, options: Mapping[str, Any], name: str) -> Selection:
        """The selection that options ask for.

        Raises:
            ValueError: naming the option whose value is none.
        """
        limits = Limits(
            _number(options, "boundedFiles", None),
            _number(options, "boundedSize", None),
            _number(options, "maxBand", DEFAULT_BAND) or DEFAULT_BAND,
            _number(options, "maxFilesInBand", DEFAULT_FILES_IN_BAND) or DEFAULT_FILES_IN_BAND,
        )
        globs = tuple(glob_pattern(glob) for glob in _texts(options, "exclusions"))
        left_out = frozenset(_texts(options, "excludeStorageClasses"))
        return cls(name, globs, left_out, limits)

    @property
    def is_asked_for(self) -> bool:
        """Whether there is any choice; without one, Spark finds the files by itself."""
        bounded = self.limits.files is not None or self.limits.size is not None
        bookmarked = bool(self.name) and bookmarks.current is not None
        return bookmarked or bounded or bool(self.exclusions) or bool(self.left_out)

    def choose(self, found: Iterable[Found]) -> list[Found]:
        """The objects to read, oldest first."""
        kept = {one.object: one for one in found if not self._is_excluded(one)}
        objects = list(kept)
        if self.name and bookmarks.current is not None:
            chosen = bookmarks.current.choose(self.name, objects, self.limits)
        else:
            chosen = self.limits.first(sorted(objects, key=lambda one: one.position))
        return [kept[one] for one in chosen]

    def _is_excluded(self, one: Found) -> bool:
        """Scripts write exclusions as seen from the path, and crawlers with the whole URI."""
        return any(
            pattern.fullmatch(one.below) or pattern.fullmatch(one.object.uri) for pattern in self.exclusions
        )


def _texts(options: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts, or the JSON text of one."""
    value = options.get(name) or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} is a JSON list of texts, such as '[\"**.pdf\"]', not {options[name]!r}")
    return list(value)


def _number(options: Mapping[str, Any], name: str, default: int | None) -> int | None:
    value = options.get(name)
    if value is None or value == "":
        return default
    try:
        number = int(str(value))
    except ValueError:
        number = 0
    if number <= 0:
        raise ValueError(f"{name} is a number above 0, not {value!r}")
    return number
