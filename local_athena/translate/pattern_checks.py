"""What may not stand in MEASURES and DEFINE, refused in Trino's words.

https://trino.io/docs/current/sql/match-recognize.html#row-pattern-recognition-expressions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.match_recognize import ProcessingMode
from local_athena.sql.context import Context
from local_athena.translate.aggregation import aggregates, is_aggregate

NAVIGATIONS = ("FIRST", "LAST", "PREV", "NEXT")
LARGEST = 2**31 - 1


class Names(Protocol):
    """What names mean in a row pattern."""

    def label(self, identifier: exp.Expr) -> str | None:
        """The pattern variable that a name means."""
        ...

    def is_input(self, name: str) -> bool:
        """Whether a column of the input has this name."""
        ...


def _refused(name: str, message: str) -> QueryFailed:
    return QueryFailed(name, message, error_type=1006)


def no_windows(context: Context, node: exp.Expr) -> None:
    """Refuse OVER."""
    found = next(_inside(node, exp.Window), None)
    if found is not None:
        problem = (
            "Cannot nest window functions or row pattern measures inside pattern recognition expressions"
        )
        raise _refused("NESTED_WINDOW", context.where(found) + problem)


def _inside(node: exp.Expr, kind: type) -> Iterator[exp.Expr]:
    """The nodes of a kind, not those of subqueries."""
    walked = node.walk(prune=lambda n: isinstance(n, exp.Query))
    return (found for found in walked if isinstance(found, kind))


def no_match_in_query(context: Context, node: exp.Expr) -> None:
    """Refuse what a subquery is compared with when it reads the match."""
    if isinstance(node, exp.In) and node.args.get("query") is not None:
        names = [column.name for column in node.this.find_all(exp.Column)]
        if any(name.startswith("$") for name in names):
            where = context.where(node)
            raise not_supported(f"{where}IN-PREDICATE with row pattern references is not yet supported")


def wrong_mode(node: exp.Expr, function: str, where: str) -> QueryFailed:
    """RUNNING or FINAL before something that has no such modes."""
    word = node.word
    if function:
        problem = f"{word} semantics is not supported with {function.lower()} pattern recognition function"
    else:
        actual = node.this.name.lower() or type(node.this).__name__
        problem = (
            f"{word} semantics is supported only for FIRST(), LAST() and aggregation functions. "
            f"Actual: {actual}"
        )
    return _refused("INVALID_PROCESSING_MODE", where + problem)


def unknown_column(context: Context, node: exp.Expr, label: str | None) -> QueryFailed:
    """A qualified name that is no column of the input under a pattern variable."""
    parts = [part.name.lower() for part in node.parts]
    if label is None:
        problem = f"Column '{'.'.join(parts)}' cannot be resolved"
    else:
        problem = f"Column {'.'.join(parts[1:])} prefixed with label {label} cannot be resolved"
    return QueryFailed("COLUMN_NOT_FOUND", context.where(node) + problem)


def _plain_call(context: Context, node: exp.Expr) -> None:
    """Refuse DISTINCT and ORDER BY inside a call."""
    for kind, word in ((exp.Distinct, "DISTINCT"), (exp.Order, "ORDER BY")):
        if any(isinstance(argument, kind) for argument in node.expressions):
            problem = f"Cannot use {word} with {node.name.lower()}"
            raise not_supported(f"{context.where(node)}{problem} in a row pattern")


def navigation(context: Context, node: exp.Expr) -> None:
    """Refuse a wrong call of FIRST, LAST, PREV or NEXT."""
    name, where = node.name.upper(), context.where(node)
    _plain_call(context, node)
    if len(node.expressions) not in (1, 2):
        problem = f"{name.lower()} pattern recognition function requires 1 or 2 arguments"
        raise _refused("INVALID_FUNCTION_ARGUMENT", where + problem)
    if len(node.expressions) == 2:
        _offset(node.expressions[1], name, where)
    inner = node.expressions[0]
    nested = [n for n in _inside(inner, exp.Anonymous) if n.name.upper() in NAVIGATIONS]
    for found in nested:
        problem = _nesting(name, found.name.upper(), alone=len(nested) == 1, immediate=_call(inner) is found)
        if problem:
            raise _refused("INVALID_NAVIGATION_NESTING", context.where(found) + problem)
    for found in aggregates(inner):
        problem = f"Cannot nest {found.name.lower()} aggregate function inside {name.lower()} function"
        raise _refused("NESTED_AGGREGATION", context.where(found) + problem)


def _call(node: exp.Expr) -> exp.Expr:
    """A call without RUNNING or FINAL."""
    return node.this if isinstance(node, ProcessingMode) else node


def _offset(offset: exp.Expr, name: str, where: str) -> None:
    function = f"{name.lower()} pattern recognition navigation function"
    if not isinstance(offset, exp.Literal) or offset.is_string or not str(offset.this).isdigit():
        problem = f"{function} requires a number as the second argument"
        raise _refused("INVALID_FUNCTION_ARGUMENT", where + problem)
    if int(offset.this) > LARGEST:
        problem = f"The second argument of {function} must not exceed {LARGEST} (actual: {offset.this})"
        raise _refused("NUMERIC_VALUE_OUT_OF_RANGE", where + problem)


def _nesting(outer: str, inner: str, *, alone: bool, immediate: bool) -> str:
    """What is wrong with one navigation in another; nothing when it may be."""
    if outer in ("FIRST", "LAST") or (alone and inner in ("PREV", "NEXT")):
        return (
            f"Cannot nest {inner.lower()} pattern navigation function inside {outer.lower()} pattern "
            "navigation function"
        )
    if not alone:
        return (
            "Cannot nest multiple pattern navigation functions inside "
            f"{outer.lower()} pattern navigation function"
        )
    return "" if immediate else "Immediate nesting is required for pattern navigation functions"


def classifier(names: Names, context: Context, node: exp.Expr) -> str | None:
    """The variable in CLASSIFIER(...), None when there is none."""
    where = context.where(node)
    if not node.expressions:
        return None
    argument = node.expressions[0]
    if len(node.expressions) > 1:
        problem = "CLASSIFIER pattern recognition function takes no arguments or 1 argument"
        raise _refused("INVALID_FUNCTION_ARGUMENT", where + problem)
    if not isinstance(argument, exp.Column) or len(argument.parts) != 1:
        problem = "CLASSIFIER function argument should be primary pattern variable or subset name"
        raise _refused("TYPE_MISMATCH", where + problem)
    label = names.label(argument.this)
    if label is None:
        problem = f"{argument.name} is not a primary pattern variable or subset name"
        raise _refused("INVALID_FUNCTION_ARGUMENT", context.where(argument) + problem)
    return label


def aggregate(context: Context, node: exp.Expr) -> None:
    """Refuse the clauses and the nesting that an aggregate cannot have here."""
    where = context.where(node)
    name = "listagg" if isinstance(node, exp.GroupConcat) else node.name.lower()
    if isinstance(node, exp.GroupConcat):
        problem = f"Cannot use ORDER BY with {name} aggregate function in pattern recognition context"
        raise not_supported(where + problem)
    if not isinstance(node, exp.Anonymous):
        word = "FILTER" if isinstance(node, exp.Filter) else "IGNORE NULLS"
        inner = node.this.name.lower()
        problem = f"Cannot use {word} with {inner} aggregate function in pattern recognition context"
        raise not_supported(where + problem)
    _plain_call(context, node)
    for argument in node.expressions:
        for found in aggregates(argument):
            problem = f"Cannot nest {found.name.lower()} aggregate function inside {name} function"
            raise _refused("NESTED_AGGREGATION", context.where(found) + problem)
        for found in _inside(argument, exp.Anonymous):
            if found.name.upper() in NAVIGATIONS:
                problem = (
                    f"Cannot nest {found.name.lower()} pattern navigation function inside {name} function"
                )
                raise _refused("INVALID_NAVIGATION_NESTING", context.where(found) + problem)


def is_row_count(names: Names, context: Context, node: exp.Expr) -> bool:
    """Whether a call is `count(A.*)`."""
    if node.name.lower() != "count" or len(node.expressions) != 1:
        return False
    argument = node.expressions[0]
    if not isinstance(argument, exp.Column) or not isinstance(argument.this, exp.Star):
        return False
    first = argument.parts[0]
    if len(argument.parts) != 2 or names.label(first) is None:
        problem = f"{first.name} is not a primary pattern variable or subset name"
        raise _refused("INVALID_FUNCTION_ARGUMENT", context.where(argument) + problem)
    return True


def labels(
    names: Names, context: Context, node: exp.Expr, arguments: list[exp.Expr], name: str
) -> str | None:
    """The one pattern variable that arguments refer to, None for all rows of the match.

    Raises:
        QueryFailed: INVALID_ARGUMENTS, they refer to several, or a navigation's to none at all.
    """
    found = {label for argument in arguments for label in _labels(names, context, argument)}
    if len(found) > 1:
        problem = (
            "All aggregate function arguments must apply to rows matched with the same label"
            if is_aggregate(node)
            else f"Column references inside argument of function {name} must all either be prefixed with "
            "the same label or be not prefixed"
        )
        raise _refused("INVALID_ARGUMENTS", context.where(node) + problem)
    if not found and not is_aggregate(node):
        problem = (
            f"Pattern navigation function {name} must contain at least one column reference or CLASSIFIER()"
        )
        raise _refused("INVALID_ARGUMENTS", context.where(node) + problem)
    return next(iter(found), None)


def _labels(names: Names, context: Context, argument: exp.Expr) -> list[str | None]:
    """The variable of each column and CLASSIFIER in an argument."""
    found: list[str | None] = []
    inside_classifier = set()
    for call in _inside(argument, exp.Anonymous):
        if call.name.upper() == "CLASSIFIER":
            found.append(classifier(names, context, call))
            inside_classifier |= {id(column) for column in call.find_all(exp.Column)}
    for column in _inside(argument, exp.Column):
        if id(column) in inside_classifier:
            continue
        first = column.parts[0]
        if len(column.parts) > 1 and isinstance(first, exp.Identifier):
            found.append(names.label(first))
        elif names.is_input(column.name):
            found.append(None)
    return found
