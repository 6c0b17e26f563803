"""Operands that begin with a word of their own: CASE, CAST, EXTRACT, TRIM and their like."""

from __future__ import annotations

from local_athena.parse.grammar.types import Types


class Forms(Types):
    """The rules of such forms; what they hold is read by the subclasses' rules."""

    def expression(self) -> None:
        """Any expression."""
        raise NotImplementedError

    def value(self, started: bool = False) -> None:
        """Operands and the operators between them."""
        raise NotImplementedError

    def query(self) -> None:
        """A query with its WITH."""
        raise NotImplementedError

    def text(self) -> None:
        """A text literal."""
        if self.key == "<unicode>":
            self.at += 1
            if self.accept("UESCAPE"):
                self.expect("<string>")
        else:
            self.expect("<string>")

    def interval(self) -> None:
        """INTERVAL [sign] 'text' field [TO field]."""
        self.expect("INTERVAL")
        self.accept_any("+", "-")
        self.text()
        self.interval_fields()

    def _one(self) -> None:
        self.at += 1

    def _text(self) -> None:
        self.text()

    def _case(self) -> None:
        self.at += 1
        if self.key != "WHEN":
            self.expression()
        self.expect("WHEN")
        while True:
            self.expression()
            self.expect("THEN")
            self.expression()
            if not self.accept("WHEN"):
                break
        if self.accept("ELSE"):
            self.expression()
        self.expect("END")

    def _exists(self) -> None:
        self.at += 1
        self.expect("(")
        self.query()
        self.expect(")")

    def _cast(self) -> None:
        self.at += 1
        self.expect("(")
        self.expression()
        self.expect("AS")
        self.type_name()
        self.expect(")")

    def _moment(self) -> None:
        self.at += 1
        if self.accept("("):
            self.expect("<integer>")
            self.expect(")")

    def _extract(self) -> None:
        self.at += 1
        self.expect("(")
        self.identifier()
        self.names.discard(self.at - 1)
        self.expect("FROM")
        self.value()
        self.expect(")")

    def _trim(self) -> None:
        self.at += 1
        self.expect("(")
        sided = self.key in ("LEADING", "TRAILING", "BOTH") and self.keys[self.at + 1] not in (
            ")",
            ",",
            ".",
            "[",
        )
        self.at += sided
        # BOTH may be a function's name or a type's, too.
        named = sided and self.key in ("(", "<string>")
        if not (sided and self.key == "FROM"):
            self.value()
        if sided and not (named and self.key in (")", ",")):
            self.expect("FROM")
            self.value()
        elif self.accept_any("FROM", ","):
            self.value()
        self.expect(")")

    def _normalize(self) -> None:
        self.at += 1
        self.expect("(")
        self.value()
        if self.accept(","):
            self.expect_any("NFD", "NFC", "NFKD", "NFKC")
        self.expect(")")

    def _grouping(self) -> None:
        self.at += 1
        self.expect("(")
        if self.key != ")":
            self.qualified_name()
            while self.accept(","):
                self.qualified_name()
        self.expect(")")

    def _json(self) -> None:
        """The forms of JSON_VALUE and its sisters are read by rules of their own."""
        self.at += 1
        self.expect("(")
        self.balanced()
        self.expect(")")
