"""Reads Hive DDL word by word: names, properties, columns, partition lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local_athena.errors import QueryFailed
from local_athena.statements.ddl.hive_names import is_plain_name
from local_athena.statements.ddl.hive_types import read_type

TOKEN = re.compile(
    r"""\s+|--[^\n]*|/\*.*?\*/|(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*")|(?P<quoted>`[^`]*`)"""
    r"""|(?P<word>[A-Za-z0-9_$\-]+)|(?P<mark><=|>=|<>|!=|.)""",
    re.DOTALL,
)
UNREAD = "FAILED: ParseException "
"""How the failure of a statement that could not be read begins."""
OPERATORS = ("=", "<", ">", "<=", ">=", "<>", "!=")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "'": "'", '"': '"'}


@dataclass(frozen=True, slots=True)
class Word:
    """A token: its kind (`text`, `quoted`, `word`, `mark`), its value and where it starts."""

    kind: str
    value: str
    at: int


def comment_at(text: str) -> int | None:
    """Where the first block comment begins, which is not inside a text or a quoted name."""
    blanks = (found for found in TOKEN.finditer(text) if found.lastgroup is None)
    return next((found.start() for found in blanks if found[0].startswith("/*")), None)


def _unescape(body: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        if re.fullmatch(r"u[0-9a-fA-F]{4}", code):
            return chr(int(code[1:], 16))
        if re.fullmatch(r"[0-7]{3}", code):
            return chr(int(code, 8))
        return ESCAPES.get(code, "\\" + code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|[0-7]{3}|.)", one, body.replace("''", "'"), flags=re.DOTALL)


class Reader:
    """A cursor over the words of a statement.

    With `squeezed`, blanks and line breaks that follow one another inside a text are one blank, as Athena
    makes them in CREATE TABLE (PyAthena's tests). What Trino runs (`hive` False) has other reserved words.
    """

    def __init__(self, text: str, squeezed: bool = False, hive: bool = True) -> None:
        self.text = text
        self.hive = hive
        self.words: list[Word] = []
        for found in TOKEN.finditer(text):
            if found.lastgroup is not None:
                value = found[0]
                if found.lastgroup == "text":
                    value = _unescape(re.sub(r"\s{2,}", " ", value[1:-1]) if squeezed else value[1:-1])
                elif found.lastgroup == "quoted":
                    value = value[1:-1]
                self.words.append(Word(found.lastgroup, value, found.start()))
        self.at = 0
        self.expected = ""
        """The keyword that was wanted where reading stopped, if there was only one."""

    def peek(self) -> Word | None:
        """The next word."""
        return self.words[self.at] if self.at < len(self.words) else None

    def error(self) -> QueryFailed:
        """The statement is not what Hive reads."""
        word = self.peek()
        near = word.value if word is not None else "<EOF>"
        offset = word.at if word is not None else len(self.text)
        line = self.text.count("\n", 0, offset) + 1
        return QueryFailed("", f"{UNREAD}line {line}:{offset} mismatched input '{near}'", error_type=1003)

    def next(self) -> Word:
        """Take the next word."""
        word = self.peek()
        if word is None:
            raise self.error()
        self.at += 1
        return word

    def accept(self, *words: str) -> bool:
        """Take these keywords or marks if they come next."""
        following = self.words[self.at : self.at + len(words)]
        same = len(following) == len(words) and all(
            f.kind in ("word", "mark") and f.value.upper() == w for f, w in zip(following, words, strict=True)
        )
        self.at += len(words) if same else 0
        return same

    def starts(self, *words: str) -> bool:
        """Whether these keywords or marks come next."""
        at, found = self.at, self.accept(*words)
        self.at = at
        return found

    def expect(self, *words: str) -> None:
        """Take these keywords or marks, which must come next."""
        for word in words:
            self.expected = word
            if not self.accept(word):
                raise self.error()
        self.expected = ""

    def identifier(self) -> str:
        """A name, lower case."""
        word = self.next()
        plain = word.kind == "word" and (not self.hive or is_plain_name(word.value))
        if not plain and (word.kind != "quoted" or not word.value):
            self.at -= 1
            raise self.error()
        return word.value.lower()

    def table_name(self, database: str) -> tuple[str, str]:
        """`[catalog.][database.]table`."""
        parts = [self.identifier()]
        while self.accept("."):
            parts.append(self.identifier())
        return (parts[-2] if len(parts) > 1 else database, parts[-1])

    def string(self) -> str:
        """A text."""
        word = self.next()
        if word.kind != "text":
            self.at -= 1
            raise self.error()
        return word.value

    def properties(self) -> dict[str, str]:
        """`('key'='value', ...)`."""
        made: dict[str, str] = {}
        for _ in self._listed():
            key = self.string()
            self.expect("=")
            made[key] = self.string()
        return made

    def type_text(self) -> str:
        """A Hive type."""
        return read_type(self)

    def _listed(self) -> Iterator[None]:
        """Once for each item between parentheses and commas."""
        self.expect("(")
        while True:
            yield
            if self.accept(")"):
                return
            self.expect(",")

    def strings(self) -> list[str]:
        """`('text', ...)`."""
        return [self.string() for _ in self._listed()]

    def names(self) -> list[str]:
        """`(name, ...)`."""
        return [self.identifier() for _ in self._listed()]

    def partition_fields(self) -> list[str]:
        """`(name, transform(arguments), ...)` as texts: a column, or a transform of one."""
        return [self._partition_field() for _ in self._listed()]

    def _partition_field(self) -> str:
        following = self.words[self.at + 1] if self.at + 1 < len(self.words) else None
        if following is None or following.value != "(":
            return self.identifier()
        # A transform may be called as a reserved word, such as TRUNCATE.
        name = self.next().value.lower()
        self.expect("(")
        arguments: list[str] = []
        while not arguments or self.accept(","):
            word = self.peek()
            number = word is not None and word.kind == "word" and word.value.isdigit()
            arguments.append(self.next().value if number else self.identifier())
        self.expect(")")
        return f"{name}({', '.join(arguments)})"

    def sorted_names(self) -> list[dict[str, object]]:
        """`(name [ASC|DESC], ...)` as Glue's sort columns."""
        made: list[dict[str, object]] = []
        for _ in self._listed():
            name, descending = self.identifier(), self.accept("DESC")
            if not descending:
                self.accept("ASC")
            made.append({"Column": name, "SortOrder": 0 if descending else 1})
        return made

    def database_name(self) -> str:
        """`[catalog.]database`; there is one catalog.

        Raises:
            QueryFailed: another catalog is named.
        """
        name = self.identifier()
        if not self.accept("."):
            return name
        if name != "awsdatacatalog":
            raise QueryFailed("", f"Catalog '{name}' does not exist", error_type=1300)
        return self.identifier()

    def columns(self) -> list[dict[str, str]]:
        """`(name type [COMMENT 'text'], ...)` as Glue columns."""
        made = []
        for _ in self._listed():
            column = {"Name": self.identifier()}
            column["Type"] = self.type_text()
            if self.accept("COMMENT"):
                column["Comment"] = self.string()
            made.append(column)
        return made

    def partition(self) -> list[tuple[str, str, str]]:
        """`(key = value, ...)` as key, operator, value."""
        made = []
        for _ in self._listed():
            key, operator = self.identifier(), self.next()
            if operator.value not in OPERATORS:
                self.at -= 1
                raise self.error()
            self.accept("DATE")
            value = self.next()
            if value.kind == "mark":
                self.at -= 1
                raise self.error()
            made.append((key, operator.value, value.value))
        return made

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek() is not None:
            raise self.error()
