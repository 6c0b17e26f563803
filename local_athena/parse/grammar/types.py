"""Types, as CAST and RETURNING have them."""

from __future__ import annotations

from local_athena.parse.grammar.cursor import Cursor

FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


class Types(Cursor):
    """The rules of types."""

    def type_name(self) -> None:
        """A type."""
        before = self.cover("<type>")
        self._plain_type()
        self.uncover(before)
        while self.accept("ARRAY"):
            if self.accept("["):
                self.expect("<integer>")
                self.expect("]")

    def _plain_type(self) -> None:
        key = self.key
        if key == "ROW" and self.keys[self.at + 1] == "(":
            self.at += 2
            self._row_fields()
        elif key == "INTERVAL" and self.keys[self.at + 1] in FIELDS:
            self.at += 1
            self.interval_fields()
        elif key in ("TIMESTAMP", "TIME"):
            self.at += 1
            self._time()
        elif key == "DOUBLE" and self.keys[self.at + 1] == "PRECISION":
            self.at += 2
        elif key in ("ARRAY", "MAP") and self.keys[self.at + 1] == "<":
            self.at += 2
            self._angled(2 if key == "MAP" else 1)
        else:
            self._generic()

    def _generic(self) -> None:
        if not self.is_name():
            raise self.unexpected()
        self.at += 1
        if self.accept("("):
            self._parameter()
            while self.accept(","):
                self._parameter()
            self.expect(")")

    def _parameter(self) -> None:
        if not self.accept("<integer>"):
            self.type_name()

    def _angled(self, count: int) -> None:
        self.type_name()
        for _ in range(count - 1):
            self.expect(",")
            self.type_name()
        self.expect(">")

    def _time(self) -> None:
        if self.accept("("):
            self._parameter()
            self.expect(")")
        if self.next_is("WITH", "TIME") or self.next_is("WITHOUT", "TIME"):
            self.at += 2
            self.expect("ZONE")

    def _row_fields(self) -> None:
        while True:
            if self._is_named_field():
                self.identifier()
            self.type_name()
            if not self.accept(","):
                break
        self.expect(")")

    def _is_named_field(self) -> bool:
        first, second, third = self.keys[self.at : self.at + 3]
        if not (self.is_name() and self.is_name(1)) or (first, second) == ("DOUBLE", "PRECISION"):
            return False
        if first == "INTERVAL" and second in FIELDS and third in ("TO", ",", ")"):
            return False
        return not (second == "ARRAY" and third not in ("(", "<"))

    def interval_fields(self) -> None:
        """`field [TO field]`."""
        self.expect_any(*FIELDS)
        if self.accept("TO"):
            self.expect_any(*FIELDS)
