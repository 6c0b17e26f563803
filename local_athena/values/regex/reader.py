"""Reads a pattern as Joni does with its Java syntax, and refuses in its words what it refuses.

What differs from Java's own patterns, as Athena's engine answers: `\\w`, `\\d` and `\\s` are ASCII while
`\\b` and `[:alpha:]` are Unicode; `\\h`, `\\R`, `\\K` and other unknown letters are
the letters; `{,2}` is text; a flag in the middle of a group reaches over the `|` behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from local_athena.errors import QueryFailed
from local_athena.values.binary import bad_argument
from local_athena.values.regex import escapes, sets
from local_athena.values.regex.classes import read_class
from local_athena.values.regex.folding import any_case_text, longer_members
from local_athena.values.regex.nodes import (
    Again,
    Anchor,
    Atomic,
    Choice,
    Group,
    Look,
    Mode,
    Node,
    OneOf,
    Regex,
    Repeat,
    Sequence,
)
from local_athena.values.regex.references import check_look_behind, check_references

DEEPEST = 250
MOST_TIMES = 100000
MOST_CHARACTERS = 50000
INTERVAL = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
BLANKS = re.compile(r"(?:\s+|#[^\n]*)+")
NAME = re.compile(r"<([^>]*)>|'([^']*)'")
FLAGS = re.compile(r"([imsx]*)(?:-([imsx]*))?([:)])")
LOOKS = {"=": (True, False), "!": (True, True), "<=": (False, False), "<!": (False, True)}
BYTES = re.compile(r"(?:\\(?:x[89A-Fa-f][0-9A-Fa-f]|[2-3][0-7]{2}))+")
ANCHORS = {"A": Anchor.BEGIN, "z": Anchor.END, "Z": Anchor.SEMI_END, "b": Anchor.WORD,
           "B": Anchor.NOT_WORD, "G": Anchor.SEARCH_BEGIN}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flags:
    """What `(?imsx)` sets."""

    i: bool = False
    m: bool = False
    s: bool = False
    x: bool = False


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    groups: int = 0
    depth: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def choice(self, flags: Flags) -> Node:
        """Options up to the end of the group."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise bad_argument("too deep nest level for regular expression")
        options = [self.sequence(flags)]
        while self.text.startswith("|", self.at):
            self.at += 1
            options.append(self.sequence(flags))
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self, flags: Flags) -> Node:
        parts: list[Node] = []
        plain = ""
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            if self.skip(flags):
                continue
            character = self.character()
            self.skip(flags)
            if character is not None and not self.is_repeated():
                plain += character
                continue
            parts += literal(plain, flags)
            plain = ""
            if character is not None:
                part: Node = Sequence(tuple(literal(character, flags)))
            else:
                found = self.atom(flags)
                if found is None:
                    continue
                part = found
            self.skip(flags)
            parts.append(self.repeated(part, flags))
        parts += literal(plain, flags)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def skip(self, flags: Flags) -> bool:
        """Pass over the blanks and comments of `(?x)`; whether there were any."""
        found = BLANKS.match(self.text, self.at) if flags.x else None
        self.at = found.end() if found else self.at
        return found is not None

    def character(self) -> str | None:
        """A character that stands for itself, or None where something else begins, which is not passed."""
        text, at = self.text, self.at
        if self.is_repeated():
            self.times()
            raise bad_argument("target of repeat operator is not specified")
        if text[at] in "([.^$":
            return None
        if text[at] != "\\":
            self.at += 1
            return text[at]
        if at + 1 == len(text):
            raise bad_argument("end pattern at escape")
        letter = text[at + 1]
        special = letter in ANCHORS or letter in "123456789Q" or (letter == "k" and NAME.match(text, at + 2))
        if special or BYTES.match(text, at) or escapes.set_at(text, at + 1) or letter in "pP":
            return None
        code, self.at = escapes.code_at(text, at + 1)
        return chr(code)

    def is_repeated(self) -> bool:
        text, at = self.text, self.at
        return text[at : at + 1] in tuple("*+?") or INTERVAL.match(text, at) is not None

    def atom(self, flags: Flags) -> Node | None:
        """What is no plain character; None for what is nothing by itself, as `(?i)` before the end."""
        character = self.text[self.at]
        self.at += 1
        if character == "(":
            return self.group(flags)
        if character == "[":
            negated = self.text.startswith("^", self.at)
            members, self.at = read_class(self.text, self.at, flags.i)
            return OneOf(members, longer_members(members) if flags.i and not negated else ())
        if character == ".":
            return OneOf(sets.EVERYTHING if flags.s else sets.complement(sets.NEWLINE))
        if character == "^":
            return Anchor.LINE_BEGIN if flags.m else Anchor.BEGIN
        if character == "$":
            return Anchor.LINE_END if flags.m else Anchor.SEMI_END
        return self.escape(flags)

    def escape(self, flags: Flags) -> Node:
        text, at = self.text, self.at
        written = BYTES.match(text, at - 1)
        if written:
            self.at = written.end()
            return _of_bytes(written[0])
        if text[at] in ANCHORS:
            self.at += 1
            return ANCHORS[text[at]]
        if text[at] == "Q":
            quoted, _, _ = text[at + 1 :].partition("\\E")
            self.at = min(len(text), at + 1 + len(quoted) + 2)
            return Sequence(tuple(literal(quoted, flags)))
        if text[at] == "k" or text[at].isdigit():
            return self.again(flags)
        found = escapes.set_at(text, at) or escapes.short_property(text, at)
        assert found is not None
        self.at = found[1]
        return OneOf(found[0])

    def again(self, flags: Flags) -> Node:
        r"""`\1`, `\k<name>`; an octal number where there are not so many groups."""
        text, at = self.text, self.at
        named = NAME.match(text, at + 1) if text[at] == "k" else None
        if named:
            self.at = named.end()
            return Again(self.number_of(named[1] or named[2] or ""), flags.i)
        found = re.compile(r"[0-9]+").match(text, at)
        assert found is not None
        if int(found[0][:9]) <= max(9, self.groups):
            self.at = found.end()
            return Again(int(found[0]), flags.i)
        octal = re.compile(r"[0-7]{1,3}").match(text, at)
        self.at = octal.end() if octal else at + 1
        return Sequence(tuple(literal(chr(int(octal[0], 8) & 0xFF) if octal else text[at], flags)))

    def number_of(self, name: str) -> int:
        if re.fullmatch(r"-?\d+", name):
            number = int(name)
            number += self.groups + 1 if number < 0 else 0
            if number < 1:
                raise bad_argument("invalid backref number/name")
            return number
        if name not in self.names:
            raise bad_argument(f"undefined name <{name}> reference")
        return self.names[name]

    def group(self, flags: Flags) -> Node | None:
        if not self.text.startswith("?", self.at):
            return self.numbered(flags)
        text, at = self.text, self.at + 1
        for mark, (ahead, negative) in LOOKS.items():
            if text.startswith(mark, at):
                self.at = at + len(mark)
                look = Look(self.closed(flags), ahead, negative)
                check_look_behind(look)
                return look
        if text.startswith((":", ">"), at):
            self.at = at + 1
            inside = self.closed(flags)
            return Atomic(inside) if text[at] == ">" else inside
        if text.startswith("#", at):
            self.at = text.find(")", at) + 1
            if not self.at:
                raise bad_argument("end pattern in group")
            return None
        if text.startswith(("<", "'"), at):
            self.at = at
            self.name()
            return self.numbered(flags)
        return self.flagged(flags, at)

    def name(self) -> None:
        """The name of the group that begins."""
        found = NAME.match(self.text, self.at)
        if found is None:
            raise bad_argument("end pattern in group")
        name = found[1] if found[1] is not None else found[2]
        if not name:
            raise bad_argument("group name is empty")
        if not re.match(r"[^\W\d]", name):
            raise bad_argument(f"invalid group name <{name}>")
        if name in self.names:
            raise bad_argument(f"multiplex defined name <{name}>")
        self.at = found.end()
        self.names[name] = self.groups + 1

    def numbered(self, flags: Flags) -> Node:
        self.groups += 1
        number = self.groups
        return Group(self.closed(flags), number)

    def closed(self, flags: Flags) -> Node:
        """What stands before the closing parenthesis."""
        made = self.choice(flags)
        if not self.text.startswith(")", self.at):
            raise bad_argument("end pattern with unmatched parenthesis")
        self.at += 1
        return made

    def flagged(self, flags: Flags, at: int) -> Node | None:
        """`(?i:...)`, or `(?i)`, which reaches to the end of the group."""
        found = FLAGS.match(self.text, at)
        if found is None or found[0] == ")":
            ended = found is None and re.fullmatch(r"[imsx-]*", self.text[at:])
            raise bad_argument("end pattern in group" if ended else "undefined group option")
        on, off = (dict.fromkeys(found[i] or "", i == 1) for i in (1, 2))
        inner = replace(flags, **{**on, **off})
        self.at = found.end()
        if found[3] == ":":
            return self.closed(inner)
        if self.is_repeated():
            raise bad_argument("target of repeat operator is not specified")
        return self.choice(inner)

    def repeated(self, part: Node, flags: Flags) -> Node:
        """The part with the repetitions that follow it."""
        while self.is_repeated():
            least, most = self.times()
            mark = self.text[self.at : self.at + 1]
            mode = Mode(mark) if mark in ("?", "+") else Mode.GREEDY
            self.at += mode is not Mode.GREEDY
            part = Repeat(part, least, most, mode)
            self.skip(flags)
        return part

    def times(self) -> tuple[int, int | None]:
        found = INTERVAL.match(self.text, self.at)
        if found is None:
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.text[self.at - 1]]
        self.at = found.end()
        least = int(found[1][:9])
        most = least if not found[2] else int(found[3][:9]) if found[3] else None
        if max(least, most or 0) > MOST_TIMES:
            raise bad_argument("too big number for repeat range")
        if most is not None and most < least:
            raise bad_argument("upper is smaller than lower in repeat range")
        return least, most


def literal(text: str, flags: Flags) -> list[Node]:
    """Characters that stand for themselves."""
    return any_case_text(text) if flags.i else [OneOf(sets.of(character)) for character in text]


def _of_bytes(escaped: str) -> Node:
    r"""The characters of `\xC3\xA9`, which are bytes there; what is no UTF-8 is found nowhere."""
    digits = re.findall(r"x([0-9A-Fa-f]{2})|([0-7]{3})", escaped)
    try:
        text = bytes(int(h, 16) if h else int(o, 8) & 0xFF for h, o in digits).decode()
    except UnicodeDecodeError:
        return OneOf(())
    return Sequence(tuple(OneOf(sets.of(character)) for character in text))


def read(pattern: str) -> Regex:
    """The meaning of a pattern.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT in Joni's words; or the pattern is too long.
    """
    if len(pattern) > MOST_CHARACTERS:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"pattern is longer than {MOST_CHARACTERS} characters")
    reader = _Reader(pattern)
    root = reader.choice(Flags())
    if reader.at < len(pattern):
        raise bad_argument("unmatched close parenthesis")
    made = Regex(root, reader.groups, reader.names)
    check_references(made)
    return made
