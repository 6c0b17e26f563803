"""FROM: relations, joins, and the names that they and columns get."""

from __future__ import annotations

from local_athena.parse.grammar.calls import Calls

ROW_COUNT = frozenset(("<integer>", "?"))
JOINS = ("CROSS", "FULL", "INNER", "JOIN", "LEFT", "NATURAL", "RIGHT")


class Relations(Calls):
    """The rules of relations."""

    def relations(self) -> None:
        """Relations with commas between them."""
        self.relation()
        while self.accept(","):
            self.relation()

    def relation(self) -> None:
        """A relation and what is joined to it."""
        self._sampled()
        self._joins()

    def _joins(self) -> None:
        while self.key in JOINS:
            self._join()
        self.want(*JOINS)

    def _join(self) -> None:
        if self.accept("CROSS"):
            self.expect("JOIN")
            self._sampled()
            return
        natural = self.accept("NATURAL")
        if self.accept_any("LEFT", "RIGHT", "FULL"):
            self.accept("OUTER")
        else:
            self.accept("INNER")
        self.expect("JOIN")
        self._sampled()
        if natural:
            return
        while self.key in JOINS:
            self._join()
        if self.accept("ON"):
            self.expression()
        else:
            self.expect("USING")
            self.column_aliases()

    def _sampled(self) -> None:
        self._relation_primary()
        self._after_relation()

    def _after_relation(self) -> None:
        """Alias, row pattern and sample of a relation."""
        self._aliased()
        self.want("MATCH_RECOGNIZE", "TABLESAMPLE")
        if self.next_is("MATCH_RECOGNIZE", "("):
            self.at += 2
            self.balanced()
            self.expect(")")
            self._aliased()
        if (
            self.key == "TABLESAMPLE"
            and self.keys[self.at + 1] in ("BERNOULLI", "SYSTEM")
            and self.keys[self.at + 2] == "("
        ):
            self.at += 3
            self.expression()
            self.expect(")")

    def _aliased(self) -> None:
        sample = self.key == "TABLESAMPLE" and self.keys[self.at + 1] in ("BERNOULLI", "SYSTEM")
        if sample or self.next_is("MATCH_RECOGNIZE", "("):
            return
        if self.alias() and self.accept("("):
            self.at -= 1
            self.column_aliases()

    def _relation_primary(self) -> None:
        key, following = self.key, self.keys[self.at + 1]
        if key == "(":
            self.at += 1
            self._relation_in_parentheses()
        elif key == "UNNEST":
            self.at += 1
            self.expect("(")
            self.expressions()
            self.expect(")")
            if self.accept("WITH"):
                self.expect("ORDINALITY")
        elif key == "LATERAL" and following == "(":
            self.at += 2
            self.query()
            self.expect(")")
        elif key == "VALUES":
            # Not in Trino's grammar, but in the answers that its own tests write down.
            self.at += 1
            self.expressions()
        elif key in ("TABLE", "JSON_TABLE"):
            self.at += 1
            self.expect("(")
            self.balanced()
            self.expect(")")
        else:
            self.want("(", "JSON_TABLE", "LATERAL", "TABLE", "UNNEST")
            self.qualified_name()
            self._version()

    def _version(self) -> None:
        if self.accept("FOR"):
            self.expect_any("TIMESTAMP", "VERSION")
            self.expect("AS", "OF")
            self.value()

    def _relation_in_parentheses(self) -> bool:
        """What stands after `(` in FROM, to its `)`; whether it is a query only."""
        if self.key != "(" and self.opens_query():
            self.query()
            self.expect(")")
            return True
        if self.key == "(" and self.opens_query():
            self.at += 1
            if self._relation_in_parentheses() and (self.key == ")" or self.continues_query()):
                self.query_rest()
                self.expect(")")
                return True
            self._after_relation()
            self._joins()
        else:
            self.relation()
        self.expect(")")
        return False

    def alias(self) -> bool:
        """`[AS] name`, if it comes next."""
        if self.accept("AS"):
            self.identifier()
            return True
        self.want("<identifier>")
        if not self.is_name() or self._opens_tail() or self._opens_windows():
            return False
        self.identifier()
        return True

    def _opens_windows(self) -> bool:
        return self.key == "WINDOW" and self.is_name(1) and self.keys[self.at + 2] == "AS"

    def column_aliases(self) -> None:
        """`(name, ...)`."""
        self.expect("(")
        self.identifier()
        while self.accept(","):
            self.identifier()
        self.expect(")")

    def _opens_tail(self) -> bool:
        """Whether LIMIT, OFFSET or FETCH comes next, not a name like them."""
        key, following = self.key, self.keys[self.at + 1]
        if key == "LIMIT":
            return following in ROW_COUNT or following == "ALL"
        return (key == "OFFSET" and following in ROW_COUNT) or (
            key == "FETCH" and following in ("FIRST", "NEXT")
        )
