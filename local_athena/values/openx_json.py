"""A JSON object as OpenX's SerDe reads it, which takes more than JSON.

Keys and texts in single quotes or none, `=` for `:`, `;` for `,`, a comma too many, and anything after the object.
https://github.com/rcongiu/Hive-JSON-Serde
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local_athena.values.json_values import Number

BLANK = re.compile(r"[\x00-\x20]*")
BARE = re.compile(r"""[^\x00-\x1f,:\]}/\\"\[{;=#]*""")
TEXTS = {'"': re.compile(r'[^"\\]*'), "'": re.compile(r"[^'\\]*")}
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\", "/": "/"}
WORDS = {"true": True, "false": False, "null": None}
WHOLE, FLOATING = re.compile(r"-?\d+"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
DEEPEST = 200
Pairs = Callable[[list[tuple[str, Any]]], dict[str, Any]]


def lenient_object(text: str, keyed: Pairs) -> dict[str, Any]:
    """The object that a text begins with; `keyed` makes it of its keys and values.

    Raises:
        ValueError: it begins with none.
    """
    reader = _Reader(text, keyed)
    if not reader.takes("{"):
        raise ValueError("A JSONObject text must begin with '{' at character 1")
    return reader.members(0)


class _Reader:
    """A place in the text."""

    def __init__(self, text: str, keyed: Pairs) -> None:
        self._text, self._keyed, self._at = text, keyed, 0

    def takes(self, signs: str) -> str:
        """The sign that comes next, taken if it is one of these."""
        self._at = BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
        found = self._text[self._at : self._at + 1]
        if found and found in signs:
            self._at += 1
            return found
        return ""

    def members(self, depth: int) -> dict[str, Any]:
        """What stands after `{`, to its `}`."""
        pairs: list[tuple[str, Any]] = []
        while not self.takes("}"):
            key = self._value(depth)
            if key is None or isinstance(key, dict | list):
                raise self._error("Expected a key")
            separator = self.takes(":=")
            if not separator:
                raise self._error("Expected a ':' after a key")
            if separator == "=":
                self.takes(">")
            pairs.append((_key(key), self._value(depth)))
            if not self.takes(",;"):
                if not self.takes("}"):
                    raise self._error("Expected a ',' or '}'")
                break
        return self._keyed(pairs)

    def _items(self, depth: int) -> list[Any]:
        items: list[Any] = []
        if self.takes("])"):
            return items
        while True:
            if self.takes(","):
                items.append(None)
                continue
            if items and self.takes("])"):
                return items
            items.append(self._value(depth))
            if not self.takes(",;"):
                if not self.takes("])"):
                    raise self._error("Expected a ',' or ']'")
                return items

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise self._error("Too deep")
        if sign := self.takes("{[(\"'"):
            if sign == "{":
                return self.members(depth + 1)
            return self._quoted(sign) if sign in TEXTS else self._items(depth + 1)
        found = BARE.match(self._text, self._at)
        assert found is not None
        word = found[0].strip()
        if not word:
            raise self._error("Missing value")
        self._at = found.end()
        return _bare(word)

    def _quoted(self, quote: str) -> str:
        made: list[str] = []
        while True:
            found = TEXTS[quote].match(self._text, self._at)
            assert found is not None
            made.append(found[0])
            self._at = found.end() + 1
            sign = self._text[found.end() : self._at]
            if sign == quote:
                return "".join(made)
            if not sign:
                raise self._error("Unterminated string")
            made.append(self._escaped())

    def _escaped(self) -> str:
        sign = self._text[self._at : self._at + 1]
        self._at += 1
        if sign == "u":
            digits = self._text[self._at : self._at + 4]
            self._at += 4
            return chr(int(digits, 16))
        if sign not in ESCAPES or not sign:
            raise self._error("Illegal escape.")
        return ESCAPES[sign]

    def _error(self, why: str) -> ValueError:
        return ValueError(f"{why} at {self._at + 1}")


def _bare(word: str) -> Any:
    if word.lower() in WORDS:
        return WORDS[word.lower()]
    if WHOLE.fullmatch(word) and len(word) < 40:
        return int(word)
    return Number(word) if FLOATING.fullmatch(word) else word


def _key(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.text if isinstance(value, Number) else str(value)
