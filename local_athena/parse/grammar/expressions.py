"""Expressions. Which operator binds closer matters to no rule here, so a chain of them is read in a loop."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.parse.grammar.forms import Forms

COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
OPERATORS = frozenset(("*", "/", "%", "+", "-", "||"))
SET_WORDS = ("UNION", "EXCEPT", "INTERSECT")
NOT_AFTER_QUANTIFIER = COMPARISONS | {
    *(")", ",", ".", "]", "[", "<EOF>", "->", "/", "%", "||"),
    *("AS", "FROM", "IS", "BETWEEN", "IN", "AND", "OR"),
}
"""What shows that ALL or DISTINCT before it is a name."""


class Expressions(Forms):
    """The rules of expressions; those of queries and calls are the subclasses'."""

    _opening = 0
    """Where the parenthesis of the last lambda's parameters is."""

    def query_rest(self) -> None:
        """What may follow the first part of a query in parentheses."""
        raise NotImplementedError

    def continues_query(self) -> bool:
        """Whether a query in parentheses goes on behind them."""
        raise NotImplementedError

    def expression(self) -> None:
        """Any expression."""
        before = self.cover("<expression>")
        self.boolean()
        self.uncover(before)

    def expressions(self) -> None:
        """Expressions with commas between them."""
        self.expression()
        while self.accept(","):
            self.expression()

    def boolean(self, started: bool = False) -> None:
        """Conditions; `started`: the first operand has been read."""
        while True:
            while not started and self.accept("NOT"):
                pass
            self.value(started)
            self.predicate()
            started = False
            if not self.accept_any("AND", "OR"):
                return

    def value(self, started: bool = False) -> None:
        """Operands and the operators between them."""
        while True:
            if not started:
                self._operand()
            self.postfix()
            self._at_time_zone()
            started = False
            if self.key not in OPERATORS:
                self.want(*OPERATORS)
                return
            self.at += 1

    def _operand(self) -> None:
        before = self.cover("<expression>")
        while self.accept_any("+", "-"):
            pass
        self.primary()
        self.uncover(before)

    def _at_time_zone(self) -> None:
        self.want("AT")
        while self.next_is("AT", "TIME", "ZONE"):
            self.at += 3
            if self.key == "INTERVAL":
                self.interval()
            else:
                self.text()

    def postfix(self) -> None:
        """Fields and subscripts."""
        while True:
            if self.key == "." and self.keys[self.at + 1] != "*":
                self.at += 1
                self.identifier()
            elif self.key == "[":
                self.at += 1
                self.value()
                self.expect("]")
            else:
                self.want(".", "[")
                return

    def predicate(self) -> None:
        """What a comparison adds to a value, if anything."""
        before = self.cover("<predicate>")
        key = self.key
        self.uncover(before)
        if key in COMPARISONS:
            self.at += 1
            self._compared()
            return
        negated = key == "NOT"
        rest = PREDICATES.get(self.keys[self.at + negated])
        empty = self.keys[self.at + negated] == "IN" and self.keys[
            self.at + negated + 1 : self.at + negated + 3
        ] == ["(", ")"]
        if rest is not None and not empty and not (negated and rest is PREDICATES["IS"]):
            self.at += negated + 1
            rest(self)
        elif negated and not empty:
            self.at += 1
            self.expect_any("BETWEEN", "IN", "LIKE")

    def _compared(self) -> None:
        if self.key in ("ALL", "SOME", "ANY") and self.keys[self.at + 1] == "(":
            self.at += 1
            if self.opens_query():
                self.expect("(")
                self.query()
                self.expect(")")
                return
            self.at -= 1
        self.want("ALL", "ANY", "SOME")
        before = self.cover("<expression>")
        self.value()
        self.uncover(before)

    def _between(self) -> None:
        # Newer releases of Trino have the two words.
        symmetry = (
            self.key in ("SYMMETRIC", "ASYMMETRIC") and self.keys[self.at + 1] not in NOT_AFTER_QUANTIFIER
        )
        self.at += symmetry
        self.value()
        self.expect("AND")
        self.value()

    def _in(self) -> None:
        self.expect("(")
        if self.opens_query():
            self.paren_rest()
        else:
            self.expressions()
            self.expect(")")

    def _like(self) -> None:
        self.value()
        if self.accept("ESCAPE"):
            self.value()

    def _is(self) -> None:
        self.accept("NOT")
        if not self.accept("NULL"):
            self.expect("DISTINCT", "FROM")
            self.value()

    def primary(self) -> None:
        """An operand."""
        key = self.key
        special = PRIMARIES.get(key)
        if special is not None:
            special(self)
        elif not self.is_name():
            raise self.unexpected()
        else:
            self.named()

    def named(self) -> None:
        """What begins with a name."""
        raise NotImplementedError

    def _parenthesized(self) -> None:
        self.at += 1
        if self._is_lambda():
            self.expression()
        else:
            self.paren_rest()

    def _is_lambda(self) -> bool:
        """Takes `a, b) ->`, the rest of a lambda's parameters, if that comes next."""
        at = self.at
        while self.is_name(at - self.at) and self.keys[at + 1] == ",":
            at += 2
        at += self.is_name(at - self.at)
        if self.keys[at] != ")" or self.keys[at + 1] != "->":
            return False
        self.names.update(i for i in range(self.at, at) if self.keys[i] != ",")
        self._opening, self.at = self.at - 1, at + 2
        return True

    def paren_rest(self) -> bool:
        """What stands after `(`, to its `)`: a query, or expressions; whether it is a query only."""
        if self.key != "(" and self.opens_query():
            self.query()
            self.expect(")")
            return True
        if self.key == "(" and self.opens_query():
            self.at += 1
            if self.paren_rest() and (self.key == ")" or self.continues_query()):
                self.query_rest()
                self.expect(")")
                return True
            self.boolean(started=True)
            self._list_rest()
        else:
            self._nested()
        return False

    def _nested(self) -> None:
        """Expressions in any number of parentheses, the first of which is open, without a call for each."""
        depth = 1
        while self.key == "(" and not self.opens_query() and self.keys[self.at + 1] != ")":
            self.at += 1
            if self._is_lambda():
                self.at = self._opening
                break
            depth += 1
        self.expression()
        self._list_rest()
        for _ in range(depth - 1):
            self.boolean(started=True)
            self._list_rest()

    def _list_rest(self) -> None:
        while self.accept(","):
            self.expression()
        self.expect(")")


PREDICATES: dict[str, Callable[[Expressions], None]] = {
    "BETWEEN": Expressions._between,
    "IN": Expressions._in,
    "LIKE": Expressions._like,
    "IS": Expressions._is,
}
PRIMARIES: dict[str, Callable[[Expressions], None]] = {
    **dict.fromkeys(
        ("NULL", "TRUE", "FALSE", "<integer>", "<decimal>", "<binary>", "?", "CURRENT_DATE", "CURRENT_USER",
         "CURRENT_CATALOG", "CURRENT_SCHEMA", "CURRENT_PATH"),
        Expressions._one,
    ),
    **dict.fromkeys(
        ("CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"), Expressions._moment
    ),
    **dict.fromkeys(
        ("JSON_EXISTS", "JSON_VALUE", "JSON_QUERY", "JSON_OBJECT", "JSON_ARRAY"), Expressions._json
    ),
    "<string>": Expressions._text,
    "<unicode>": Expressions._text,
    "(": Expressions._parenthesized,
    "CASE": Expressions._case,
    "EXISTS": Expressions._exists,
    "CAST": Expressions._cast,
    "EXTRACT": Expressions._extract,
    "TRIM": Expressions._trim,
    "NORMALIZE": Expressions._normalize,
    "GROUPING": Expressions._grouping,
}  # fmt: skip
"""What begins with a word or sign of its own."""
