"""Queries: SELECT and its clauses, set operations, WITH."""

from __future__ import annotations

from local_athena.parse.grammar.expressions import SET_WORDS
from local_athena.parse.grammar.relations import Relations


class Queries(Relations):
    """The rules of queries."""

    def query(self) -> None:
        """A query with its WITH."""
        if self.key == "WITH":
            self._with()
        self.query_term()
        self._tail()

    def _with(self) -> None:
        self.expect("WITH")
        self.accept("RECURSIVE")
        while True:
            self.identifier()
            if self.key == "(":
                self.column_aliases()
            self.expect("AS", "(")
            self.query()
            self.expect(")")
            if not self.accept(","):
                return

    def query_rest(self) -> None:
        """What may follow the first part of a query in parentheses."""
        self._set_operations()
        self._tail()

    def continues_query(self) -> bool:
        """Whether a query in parentheses goes on behind them."""
        return self.key in (*SET_WORDS, "ORDER") or self._opens_tail()

    def query_term(self) -> None:
        """Queries with set operations between them."""
        self._query_primary()
        self._set_operations()

    def _set_operations(self) -> None:
        while self.accept_any(*SET_WORDS):
            self.accept_any("ALL", "DISTINCT")
            self._query_primary()

    def _query_primary(self) -> None:
        if self.accept("SELECT"):
            self._select()
        elif self.accept("TABLE"):
            self.qualified_name()
        elif self.accept("VALUES"):
            self.expressions()
        else:
            self.expect("(")
            self.query()
            self.expect(")")

    def _tail(self) -> None:
        self.order_by()
        if self.accept("OFFSET"):
            self._row_count()
            self.accept_any("ROW", "ROWS")
        if self.accept("LIMIT"):
            self.want("ALL", "<integer>", "?")
            if not self.accept("ALL"):
                self._row_count()
        elif self.accept("FETCH"):
            self._fetch()

    def _row_count(self) -> None:
        self.expect_any("<integer>", "?")

    def _fetch(self) -> None:
        self.expect_any("FIRST", "NEXT")
        self.accept_any("<integer>", "?")
        self.expect_any("ROW", "ROWS")
        if not self.accept("ONLY"):
            self.expect("WITH", "TIES")

    def _select(self) -> None:
        self.want("ALL", "DISTINCT")
        self.quantifier()
        self._select_item()
        while self.accept(","):
            self._select_item()
        if self.accept("FROM"):
            self.relations()
        if self.accept("WHERE"):
            self.expression()
        if self.accept("GROUP"):
            self._group_by()
        if self.accept("HAVING"):
            self.expression()
        if self._opens_windows():
            self._windows()
        self.want("WINDOW")

    def _select_item(self) -> None:
        if self.accept("*"):
            return
        self.expression()
        if self.next_is(".", "*"):
            self.at += 2
            if self.accept("AS"):
                self.column_aliases()
            return
        self.alias()

    def _windows(self) -> None:
        self.expect("WINDOW")
        while True:
            self.identifier()
            self.expect("AS", "(")
            self.window()
            self.expect(")")
            if not self.accept(","):
                return

    def _group_by(self) -> None:
        self.expect("BY")
        self.quantifier()
        self._grouping_element()
        while self.accept(","):
            self._grouping_element()

    def _grouping_element(self) -> None:
        if self.accept_any("ROLLUP", "CUBE"):
            self._grouping_sets()
        elif self.next_is("GROUPING", "SETS"):
            self.at += 2
            self._grouping_sets()
        else:
            self._grouping_set()

    def _grouping_sets(self) -> None:
        self.expect("(")
        while self.key != ")":
            self._grouping_set()
            if not self.accept(","):
                break
        self.expect(")")

    def _grouping_set(self) -> None:
        if self.next_is("(", ")"):
            self.at += 2
        else:
            self.expression()
