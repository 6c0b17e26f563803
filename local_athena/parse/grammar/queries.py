"""Queries: SELECT and its clauses, set operations, WITH, relations and joins."""

from __future__ import annotations

from local_athena.parse.grammar.calls import Calls
from local_athena.parse.grammar.expressions import SET_WORDS

ROW_COUNT = frozenset(("<integer>", "?"))
CLAUSES = ("EXCEPT", "FETCH", "FROM", "GROUP", "HAVING", "INTERSECT", "LIMIT", "OFFSET", "ORDER", "UNION", "WHERE", "WINDOW")  # fmt: skip  # noqa: E501
JOINS = ("CROSS", "FULL", "INNER", "JOIN", "LEFT", "NATURAL", "RIGHT")


class Queries(Calls):
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

    def _opens_tail(self) -> bool:
        """Whether LIMIT, OFFSET or FETCH comes next, not a name like them."""
        key, following = self.key, self.keys[self.at + 1]
        if key == "LIMIT":
            return following in ROW_COUNT or following == "ALL"
        return (key == "OFFSET" and following in ROW_COUNT) or (
            key == "FETCH" and following in ("FIRST", "NEXT")
        )

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

    def _windows(self) -> None:
        self.expect("WINDOW")
        while True:
            self.identifier()
            self.expect("AS", "(")
            self.window()
            self.expect(")")
            if not self.accept(","):
                return

    def column_aliases(self) -> None:
        """`(name, ...)`."""
        self.expect("(")
        self.identifier()
        while self.accept(","):
            self.identifier()
        self.expect(")")

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
