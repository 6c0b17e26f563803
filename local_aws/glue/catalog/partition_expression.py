"""Parse GetPartitions' `Expression` into a tree.

The grammar is the part of SQL's WHERE clause that Glue documents: comparisons of a partition key with a
literal, `IN`, `BETWEEN`, `LIKE`, `IS NULL`, `AND`, `OR`, `NOT` and parentheses. A literal is kept as text,
quoted or not: its type is the key's. See
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-partitions.html (November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from local_aws.glue.catalog.errors import invalid


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition on a key: `operator` is `=`, `<>`, `<` …, `IN`, `BETWEEN`, `LIKE` or `IS NULL`."""

    key: str
    operator: str
    literals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of `operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Logical:
    """`operands` joined by `AND` or `OR`."""

    operator: str
    operands: tuple[Expression, ...]


Expression = Predicate | Not | Logical

_DEEPEST = 60
_KEYWORDS = {"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL"}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w]))
    | (?P<quoted>`[^`]+`|"[^"]+")
    | (?P<word>[^\W]\w*(?:\.\w+)*)
    | (?P<sign><>|!=|<=|>=|=|<|>|\(|\)|,)
    )\s*""",
    re.VERBOSE,
)
_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse_expression(text: str) -> Expression:
    """The tree of an expression that is not blank.

    Raises:
        AwsError: InvalidInputException, it is not in the grammar.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._tokenized()
        self._next = 0
        self._depth = 0

    def parse(self) -> Expression:
        expression = self._disjunction()
        if self._next < len(self._tokens):
            raise self._unsupported()
        return expression

    def _tokenized(self) -> list[_Token]:
        tokens, position = [], 0
        while position < len(self._text):
            match = _TOKEN.match(self._text, position)
            if match is None:
                raise self._unsupported()
            tokens.append(_token(match))
            position = match.end()
        return tokens

    def _unsupported(self) -> Exception:
        return invalid(f"Unsupported expression '{self._text}'")

    def _peek(self, offset: int = 0) -> _Token:
        position = self._next + offset
        return self._tokens[position] if position < len(self._tokens) else _Token("end", "")

    def _accept(self, *words: str) -> bool:
        found = [self._peek(offset) for offset in range(len(words))]
        if [(token.kind, token.text) for token in found] != [(_kind(word), word) for word in words]:
            return False
        self._next += len(words)
        return True

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._unsupported()

    def _take(self, *kinds: str) -> _Token:
        token = self._peek()
        if token.kind not in kinds:
            raise self._unsupported()
        self._next += 1
        return token

    def _disjunction(self) -> Expression:
        return self._joined("OR", lambda: self._joined("AND", self._negation))

    def _joined(self, operator: str, operand: Callable[[], Expression]) -> Expression:
        operands = [operand()]
        while self._accept(operator):
            operands.append(operand())
        return operands[0] if len(operands) == 1 else Logical(operator, tuple(operands))

    def _negation(self) -> Expression:
        self._depth += 1
        # SQLite and Python both have an end of their stack; no client nests this deep.
        if self._depth > _DEEPEST:
            raise self._unsupported()
        try:
            if self._accept("NOT"):
                return Not(self._negation())
            if self._accept("("):
                inner = self._disjunction()
                self._expect(")")
                return inner
            return self._predicate()
        finally:
            self._depth -= 1

    def _predicate(self) -> Expression:
        key = self._take("name").text
        if self._accept("IS"):
            negated = self._accept("NOT")
            self._expect("NULL")
            predicate = Predicate(key, "IS NULL", ())
            return Not(predicate) if negated else predicate
        if self._peek().text in _COMPARISONS:
            return Predicate(key, _COMPARISONS[self._take("sign").text], (self._literal(),))
        negated = self._accept("NOT")
        predicate = Predicate(key, *self._operation())
        return Not(predicate) if negated else predicate

    def _operation(self) -> tuple[str, tuple[str, ...]]:
        if self._accept("LIKE"):
            return "LIKE", (self._take("text").text,)
        if self._accept("BETWEEN"):
            low = self._literal()
            self._expect("AND")
            return "BETWEEN", (low, self._literal())
        self._expect("IN")
        self._expect("(")
        literals = [self._literal()]
        while self._accept(","):
            literals.append(self._literal())
        self._expect(")")
        return "IN", tuple(literals)

    def _literal(self) -> str:
        typed = self._peek().kind == "name" and self._peek().text in ("date", "timestamp")
        if typed and self._peek(1).kind == "text":
            self._next += 1
        return self._take("text", "number").text


def _kind(word: str) -> str:
    return "keyword" if word in _KEYWORDS else "sign"


def _token(match: re.Match[str]) -> _Token:
    kind = match.lastgroup or ""
    text = match[kind]
    if kind == "text":
        return _Token("text", text[1:-1].replace("''", "'"))
    if kind == "quoted":
        return _Token("name", text[1:-1].lower())
    if kind == "word":
        upper = text.upper()
        return _Token("keyword", upper) if upper in _KEYWORDS else _Token("name", text.lower())
    return _Token(kind, text)
