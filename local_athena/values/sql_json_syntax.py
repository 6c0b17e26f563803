"""The SQL/JSON path language read into a tree of tuples: `lax $.a[0 to last] ? (@ > $limit)`.

A node is a tuple that starts with its kind: `("member", base, "a")`, `("binary", "+", left, right)`. This is
the language of json_exists, json_query and json_value, not that of json_extract.
https://trino.io/docs/current/functions/json.html#json-path-language
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from local_athena.errors import QueryFailed

Node = tuple[Any, ...]
METHODS = ("type", "size", "double", "ceiling", "floor", "abs", "keyvalue", "datetime")
COMPARISONS = ("==", "<>", "!=", "<=", ">=", "<", ">")
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<variable>\$[A-Za-z_]\w*)|(?P<word>[A-Za-z_]\w*)
    |(?P<sign>==|<>|!=|<=|>=|&&|\|\||\.\.|[-+*/%$@?()\[\].,!<>]))""",
    re.VERBOSE,
)
_NOT_XQUERY = re.compile(r"(?<!\\)\(\?(?!:)|(?<!\\)[*+?}]\+")
"""Java's groups with options and possessive quantifiers, which XQuery's regular expressions lack."""


@lru_cache(maxsize=2000)
def read_path(text: str) -> tuple[bool, Node]:
    """Whether the mode is strict, and the tree.

    Raises:
        QueryFailed: INVALID_PATH.
    """
    reader = _Reader(text)
    strict = bool(reader.take("strict"))
    if not strict and not reader.take("lax"):
        raise reader.wrong()
    tree = reader.expression()
    if reader.at < len(reader.tokens):
        raise reader.wrong()
    return strict, tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise self.wrong()
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind]))
            position = found.end()

    def wrong(self) -> QueryFailed:
        """INVALID_PATH for where the reader stands."""
        seen = self.tokens[self.at][1] if self.at < len(self.tokens) else "<EOF>"
        return QueryFailed("INVALID_PATH", f"JSON path '{self.text}' is not valid: mismatched input '{seen}'")

    def peek(self, ahead: int = 0) -> str:
        """The text of a coming token, empty at the end."""
        at = self.at + ahead
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def take(self, *texts: str) -> str:
        """The next token when it is one of `texts`, else nothing."""
        word = self.peek()
        if word in texts:
            self.at += 1
            return word
        return ""

    def need(self, text: str) -> None:
        """Step over `text`."""
        if not self.take(text):
            raise self.wrong()

    def next(self, kind: str) -> str:
        """The next token, which must be of a kind."""
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise self.wrong()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def expression(self) -> Node:
        """Sums of products of signed accessors."""
        return self._binary(("+", "-"), lambda: self._binary(("*", "/", "%"), self._signed))

    def _binary(self, signs: tuple[str, ...], operand: Any) -> Node:
        left: Node = operand()
        while sign := self.take(*signs):
            left = ("binary", sign, left, operand())
        return left

    def _signed(self) -> Node:
        sign = self.take("+", "-")
        return ("signed", sign, self._signed()) if sign else self._accessors()

    def _accessors(self) -> Node:
        node = self._primary()
        while step := self.take(".", "..", "[", "?"):
            if step == "[":
                node = self._subscripts(node)
            elif step == "?":
                self.need("(")
                node = ("filter", node, self.predicate())
                self.need(")")
            elif step == "..":
                node = ("descendants", node, self._key())
            elif self.take("*"):
                node = ("members", node)
            elif self.peek() in METHODS and self.peek(1) == "(":
                node = self._method(node)
            else:
                node = ("member", node, self._key())
        return node

    def _key(self) -> str:
        if self.peek().startswith('"'):
            return str(json.loads(self.next("string")))
        return self.next("word")

    def _method(self, node: Node) -> Node:
        name = self.next("word")
        self.need("(")
        template = json.loads(self.next("string")) if name == "datetime" and self.peek() != ")" else None
        self.need(")")
        return ("method", node, name, template)

    def _subscripts(self, node: Node) -> Node:
        if self.take("*"):
            self.need("]")
            return ("elements", node)
        ranges = []
        while True:
            first = self.expression()
            ranges.append((first, self.expression() if self.take("to") else None))
            if not self.take(","):
                break
        self.need("]")
        return ("subscripts", node, tuple(ranges))

    def _primary(self) -> Node:
        if self.take("("):
            inner = self.expression()
            self.need(")")
            return inner
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "number":
            return ("literal", _number(word))
        if kind == "string":
            return ("literal", json.loads(word))
        if kind == "variable":
            return ("variable", word[1:])
        named: dict[str, Node] = {
            "$": ("root",), "@": ("current",), "last": ("last",), "null": ("literal", None),
            "true": ("literal", True), "false": ("literal", False),
        }  # fmt: skip
        if word not in named:
            self.at -= 1
            raise self.wrong()
        return named[word]

    def predicate(self) -> Node:
        """Tests joined by && and ||."""
        return self._binary(("||",), lambda: self._binary(("&&",), self._test))

    def _test(self) -> Node:
        if self.take("!"):
            return ("not", self._delimited())
        if self.peek() == "exists" and self.peek(1) == "(":
            return self._delimited()
        if self.peek() == "(":
            return self._parenthesised()
        return self._comparison()

    def _delimited(self) -> Node:
        if self.take("exists"):
            self.need("(")
            inner: Node = ("exists", self.expression())
        else:
            self.need("(")
            inner = self.predicate()
        self.need(")")
        return inner

    def _parenthesised(self) -> Node:
        """`(predicate)`, or a comparison whose left side starts with a parenthesis."""
        start = self.at
        try:
            inner = self._delimited()
        except QueryFailed:
            self.at = start
            return self._comparison()
        if self.peek() in (*COMPARISONS, "+", "-", "*", "/", "%", ".", "[", "?", "like_regex", "starts"):
            self.at = start
            return self._comparison()
        if self.take("is"):
            self.need("unknown")
            return ("unknown", inner)
        return inner

    def _comparison(self) -> Node:
        left = self.expression()
        if sign := self.take(*COMPARISONS):
            return ("compare", "<>" if sign == "!=" else sign, left, self.expression())
        if self.take("like_regex"):
            pattern = json.loads(self.next("string"))
            flags = json.loads(self.next("string")) if self.take("flag") else ""
            if _NOT_XQUERY.search(pattern):
                raise QueryFailed(
                    "INVALID_PATH", f"JSON path '{self.text}' has an invalid pattern: {pattern}"
                )
            return ("regex", left, pattern, flags)
        self.need("starts")
        self.need("with")
        return ("starts", left, self._primary())


def _number(word: str) -> int | float | Decimal:
    if re.fullmatch(r"\d+", word):
        return int(word)
    return float(word) if "e" in word.lower() else Decimal(word)
