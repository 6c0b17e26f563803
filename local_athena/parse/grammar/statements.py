"""Statements that hold a query: those of Trino that Athena has."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.parse.grammar.queries import Queries


class Grammar(Queries):
    """The rules of statements."""

    def statement(self) -> None:
        """A whole statement."""
        STATEMENTS.get(self.key, Grammar.query)(self)
        if not self.accept("<EOF>"):
            raise self.unexpected()

    def _insert(self) -> None:
        self.expect("INSERT", "INTO")
        self.qualified_name()
        if self.key == "(" and not self.opens_query():
            self.column_aliases()
        self.query()

    def _create(self) -> None:
        self.expect("CREATE")
        if self.accept("OR"):
            self.expect("REPLACE", "VIEW")
            self._view()
        elif self.accept("VIEW"):
            self._view()
        else:
            self.expect("TABLE")
            self._table_as()

    def _view(self) -> None:
        self.qualified_name()
        if self.accept("COMMENT"):
            self.text()
        if self.accept("SECURITY"):
            self.expect_any("DEFINER", "INVOKER")
        self.expect("AS")
        self.query()

    def _table_as(self) -> None:
        if self.next_is("IF", "NOT"):
            self.at += 2
            self.expect("EXISTS")
        self.qualified_name()
        if self.key == "(":
            self.column_aliases()
        if self.accept("COMMENT"):
            self.text()
        if self.accept("WITH"):
            self._properties()
        self.expect("AS")
        self.query()
        if self.accept("WITH"):
            self.accept("NO")
            self.expect("DATA")

    def _properties(self) -> None:
        self.expect("(")
        while True:
            self.identifier()
            self.expect("=")
            self.expression()
            if not self.accept(","):
                break
        self.expect(")")

    def _update(self) -> None:
        self.expect("UPDATE")
        self.qualified_name()
        self.expect("SET")
        self._assignments()
        if self.accept("WHERE"):
            self.expression()

    def _assignments(self) -> None:
        while True:
            self.identifier()
            self.expect("=")
            self.expression()
            if not self.accept(","):
                return

    def _delete(self) -> None:
        self.expect("DELETE", "FROM")
        self.qualified_name()
        if self.accept("WHERE"):
            self.expression()

    def _merge(self) -> None:
        self.expect("MERGE", "INTO")
        self.qualified_name()
        self.alias()
        self.expect("USING")
        self.relation()
        self.expect("ON")
        self.expression()
        self.expect("WHEN")
        while True:
            self._merge_case()
            if not self.accept("WHEN"):
                return

    def _merge_case(self) -> None:
        missing = self.accept("NOT")
        self.expect("MATCHED")
        if self.accept("AND"):
            self.expression()
        self.expect("THEN")
        if missing:
            self.expect("INSERT")
            if self.key == "(":
                self.column_aliases()
            self.expect("VALUES", "(")
            self.expressions()
            self.expect(")")
        elif not self.accept("DELETE"):
            self.expect("UPDATE", "SET")
            self._assignments()


STATEMENTS: dict[str, Callable[[Grammar], None]] = {
    "INSERT": Grammar._insert,
    "CREATE": Grammar._create,
    "UPDATE": Grammar._update,
    "DELETE": Grammar._delete,
    "MERGE": Grammar._merge,
}
