"""What begins with a name: columns, calls of functions, typed literals, lambdas, windows."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.parse.grammar.expressions import NOT_AFTER_QUANTIFIER, Expressions

FRAMES = ("RANGE", "ROWS", "GROUPS")
NULL_TREATMENTS = ("IGNORE", "RESPECT")
ROW_PATTERN = ("MEASURES", "PATTERN", "AFTER", "INITIAL", "SEEK", "SUBSET", "DEFINE")
NO_VALUE = ("*", ")", "ORDER", "ALL", "DISTINCT")
"""What begins a call's arguments and no value."""


class Calls(Expressions):
    """The rules of names in expressions."""

    def named(self) -> None:
        """A name, and what it begins."""
        key, following = self.key, self.keys[self.at + 1]
        special = WORDS.get(key)
        if special is not None and special(self):
            return
        if following in ("<string>", "<unicode>"):
            self.at += 1
            self.text()
        elif following == "->":
            self.identifier()
            self.at += 1
            self.expression()
        elif (end := self._name_of_call()) is not None:
            self.at = end + 1
            self.call()
        else:
            self.identifier()
            if self.key == "OVER" and (self.keys[self.at + 1] == "(" or self.is_name(1)):
                self.over()

    def _name_of_call(self) -> int | None:
        """Where the parenthesis after a function's name is; None for another kind of name."""
        at = self.at + 1
        while self.keys[at] == "." and self.is_name(at + 1 - self.at):
            at += 2
        return at if self.keys[at] == "(" else None

    def quantifier(self) -> None:
        """ALL or DISTINCT, where they are no names."""
        self.want("ALL", "DISTINCT")
        if self.key == "DISTINCT" or (
            self.key == "ALL" and self.keys[self.at + 1] not in NOT_AFTER_QUANTIFIER
        ):
            self.at += 1

    def call(self) -> None:
        """The arguments of a function and what follows them."""
        if self.next_is("*", ")") or (
            self.is_name() and self.keys[self.at + 1 : self.at + 4] == [".", "*", ")"]
        ):
            self.at += 2 if self.key == "*" else 4
            self._after_arguments(has_arguments=False)
            return
        self.want(")", "*", "ORDER")
        if self.key != ")":
            if self.key != "ORDER":
                self.quantifier()
                self.expressions()
            self.order_by()
        self.expect(")")
        self._after_arguments()

    def _after_arguments(self, has_arguments: bool = True) -> None:
        self.want("FILTER", "OVER", *(NULL_TREATMENTS if has_arguments else ()))
        if self.next_is("FILTER", "("):
            self.at += 2
            self.expect("WHERE")
            self.expression()
            self.expect(")")
        if has_arguments and self.key in NULL_TREATMENTS and self.keys[self.at + 1] == "NULLS":
            self.at += 2
            self.want("OVER")
            if self.key != "OVER":
                raise self.unexpected()
        if self.key == "OVER" and (self.keys[self.at + 1] == "(" or self.is_name(1)):
            self.over()

    def over(self) -> None:
        """OVER name, or OVER (window)."""
        self.expect("OVER")
        if self.accept("("):
            self.window()
            self.expect(")")
        else:
            self.identifier()

    def window(self) -> None:
        """What stands in a window's parentheses."""
        opens = ("PARTITION", *FRAMES, *ROW_PATTERN)
        if self.is_name() and (self.key not in opens or self.keys[self.at + 1] == ")"):
            self.identifier()
        if self.accept("PARTITION"):
            self.expect("BY")
            self.expressions()
        self.order_by()
        if self.key in ROW_PATTERN:
            self.balanced()
        elif self.accept_any(*FRAMES):
            self._frame()

    def _frame(self) -> None:
        if self.accept("BETWEEN"):
            self._bound()
            self.expect("AND")
        self._bound()
        if self.key in ROW_PATTERN:
            self.balanced()

    def _bound(self) -> None:
        if self.next_is("CURRENT", "ROW"):
            self.at += 2
            return
        if self.key == "UNBOUNDED" and self.keys[self.at + 1] in ("PRECEDING", "FOLLOWING"):
            self.at += 1
        else:
            self.expression()
        self.expect_any("PRECEDING", "FOLLOWING")

    def order_by(self) -> None:
        """ORDER BY, if it comes next."""
        if not self.accept("ORDER"):
            return
        self.expect("BY")
        while True:
            self.expression()
            self.accept_any("ASC", "DESC")
            if self.accept("NULLS"):
                self.expect_any("FIRST", "LAST")
            if not self.accept(","):
                return

    def _interval(self) -> bool:
        following = self.keys[self.at + 1]
        if following != "<string>" and not (following in "+-" and self.keys[self.at + 2] == "<string>"):
            return False
        self.interval()
        return True

    def _row(self) -> bool:
        if self.keys[self.at + 1] != "(":
            return False
        self.at += 2
        self.expressions()
        self.expect(")")
        return True

    def _array(self) -> bool:
        if self.keys[self.at + 1] != "[":
            return False
        self.at += 2
        if not self.accept("]"):
            self.expressions()
            self.expect("]")
        return True

    def _double_precision(self) -> bool:
        if not self.next_is("DOUBLE", "PRECISION", "<string>"):
            return False
        self.at += 2
        self.text()
        return True

    def _try_cast(self) -> bool:
        if self.keys[self.at + 1] != "(":
            return False
        self._cast()
        return True

    def _infix(self, first: str, second: str = "") -> bool:
        """`(value first value [second value])`, or a plain call's arguments, of which the first is read once.

        False, at the start, for a call that begins with no value.
        """
        if self.keys[self.at + 1] != "(" or self.keys[self.at + 2] in NO_VALUE:
            return False
        if self.keys[self.at + 3 : self.at + 6] == [".", "*", ")"]:
            return False
        self.at += 2
        before = self.cover("<expression>")
        if self.key != "NOT":
            self.value()
        self.uncover(before)
        if self.accept(first):
            self.value()
            if second and self.accept(second):
                self.value()
            self.expect(")")
        else:
            self.boolean(started=self.keys[self.at - 1] != "(")
            self._more_arguments()
        return True

    def _more_arguments(self) -> None:
        while self.accept(","):
            self.expression()
        self.order_by()
        self.expect(")")
        self._after_arguments()

    def _processing(self) -> bool:
        """RUNNING or FINAL before a call."""
        if not self.is_name(1) or self.keys[self.at + 2] not in "(.":
            return False
        self.at += 1
        return False

    def listagg(self) -> None:
        """LISTAGG(...) WITHIN GROUP (ORDER BY ...)."""
        self.at += 1
        self.expect("(")
        self.quantifier()
        self.expression()
        if self.accept(","):
            self.text()
        if self.accept("ON"):
            self.expect("OVERFLOW")
            self.balanced()
        self.expect(")")
        self.expect("WITHIN", "GROUP", "(")
        if self.key != "ORDER":
            self.expect("ORDER")
        self.order_by()
        self.expect(")")
        self._after_arguments()

    def primary(self) -> None:
        """An operand; LISTAGG has a form of its own."""
        if self.key == "LISTAGG":
            self.listagg()
        else:
            super().primary()


WORDS: dict[str, Callable[[Calls], bool]] = {
    "INTERVAL": Calls._interval,
    "ROW": Calls._row,
    "ARRAY": Calls._array,
    "DOUBLE": Calls._double_precision,
    "TRY_CAST": Calls._try_cast,
    "POSITION": lambda calls: calls._infix("IN"),
    "SUBSTRING": lambda calls: calls._infix("FROM", "FOR"),
    "RUNNING": Calls._processing,
    "FINAL": Calls._processing,
}
"""Words that may be names and may begin something of their own, which each takes if it is there."""
