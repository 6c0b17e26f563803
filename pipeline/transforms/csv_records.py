"""Cut the text of a CSV file into records, so that no line is lost, whatever its quotes are.

A quoted field may hold delimiters, doubled quotes and line breaks. A quote that is never closed would make a
CSV reader swallow the lines after it, silently, up to the next quote; here it spoils its own line only: a
record that cannot be read over several lines is read as its first line alone, and reading goes on with the
second.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINES = 200
"""Line breaks that a record may hold. It bounds the work on a file full of unclosed quotes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `line` is that of the file where it begins, from 1; `raw` its text without the last line
    break.

    `fields` is None when a quote is not closed or a field is beyond the reader's limit (128 KiB).
    """

    line: int
    fields: list[str] | None
    raw: str


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record of `text` in order, blank lines left out."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.begin()
        fields: list[str] | None
        try:
            fields = next(reader)
            raw = "".join(lines.taken)
        except StopIteration:
            return
        except csv.Error:
            raw = lines.give_back_all_but_the_first()
            fields = _read_alone(raw, delimiter)
        if fields is None or len(fields) > 1 or (fields and fields[0].strip(" \t\x1a\xa0")):
            yield Record(line, fields, raw.rstrip("\r\n"))


def _read_alone(line: str, delimiter: str) -> list[str] | None:
    """The fields of a line by itself, taking quotes in the middle of a field as they are."""
    source = iter([line, ""])
    try:
        fields = next(csv.reader(source, delimiter=delimiter))
    except csv.Error:
        return None
    is_closed = next(source, None) is not None
    return fields if is_closed else None


class _Lines:
    """The physical lines of a text; those that a record took can be given back."""

    def __init__(self, text: str) -> None:
        # Only \n, \r\n and \r end a line of a CSV; str.splitlines would also cut at U+2028 and others.
        self._source = io.StringIO(text, newline="")
        self._given_back: deque[str] = deque()
        self._number = 1
        self.taken: list[str] = []

    def begin(self) -> int:
        """Start a record; return the number of its first line."""
        self._number += len(self.taken)
        self.taken = []
        return self._number

    def give_back_all_but_the_first(self) -> str:
        """Keep one line for the record begun, which is returned."""
        first, *others = self.taken
        self._given_back.extendleft(reversed(others))
        self.taken = [first]
        return first

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) == MAX_LINES:
            raise StopIteration
        line = self._given_back.popleft() if self._given_back else next(self._source)
        self.taken.append(line)
        return line
