"""The clauses that MATCH_RECOGNIZE and a window with a row pattern have alike.

https://trino.io/docs/current/sql/match-recognize.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.pattern_syntax import Exclusion, Repetition, RowPattern, variables, walk
from local_athena.parse.row_pattern import variable_name
from local_athena.parse.statements import position
from local_athena.patterns.navigation import Labels, Navigation
from local_athena.patterns.recognition import Skip
from local_athena.patterns.sheet import Computation
from local_athena.patterns.step import PatternStep
from local_athena.sql.fragment import Sql
from local_athena.sql.reads import definitions_for, names_in
from local_athena.sql.typed import Field
from local_athena.translate.pattern_expressions import PatternExpressions, Variables
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator

LARGEST = 2**31 - 1


class Closed(Scope):
    """The fields of `scope`, around something that must not read them, because it is computed before.

    `problem` is what to say of a name.
    """

    def __init__(self, problem: str, scope: Scope) -> None:
        super().__init__(scope.fields, scope.parent, scope.ctes)
        self._problem = problem

    def find(self, parts: tuple[str, ...], where: str) -> Field | None:
        """No field that is there.

        Raises:
            QueryFailed: NOT_SUPPORTED, there is one.
        """
        if super().find(parts, where) is not None:
            raise not_supported(where + self._problem.format(".".join(parts)))
        return None


def reads_unfinished(t: Translator, source: Sql, scope: Scope) -> bool:
    """Whether a source reads a WITH query that is still being translated: one inside itself."""
    unfinished = {name for name, _ in scope.ctes.values()} - t.context.with_parts.keys()
    needed = [source, *definitions_for(source, t.context.with_parts)]
    return any(unfinished & names_in(part) for part in needed)


def labels(t: Translator, node: exp.Expr) -> list[str]:
    """The primary pattern variables."""
    pattern: RowPattern = node.args["pattern"]
    start = node.args["pattern_start"]
    for part in walk(pattern):
        if isinstance(part, Repetition):
            _check_bounds(part, "line {}:{}: ".format(*position(t.context.text, start + part.offset)))
        if isinstance(part, Exclusion) and node.args.get("rows") == "UNMATCHED":
            raise QueryFailed(
                "INVALID_ROW_PATTERN",
                "line {}:{}: ".format(*position(t.context.text, start))
                + "Pattern exclusion syntax is not allowed when ALL ROWS PER MATCH WITH UNMATCHED ROWS is "
                "specified",
                error_type=1006,
            )
    return variables(pattern)


def _check_bounds(part: Repetition, where: str) -> None:
    least, most = part.least, part.most
    for side, bound in (("lower", least), ("upper", most)):
        if bound is not None and bound > LARGEST:
            problem = f"Pattern quantifier {side} bound must not exceed {LARGEST}"
            raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", where + problem)
    if most is not None and most < 1:
        problem = "Pattern quantifier upper bound must be greater than or equal to 1"
        raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", where + problem)
    if most is not None and least > most:
        raise QueryFailed(
            "INVALID_RANGE", f"{where}Pattern quantifier lower bound must not exceed upper bound"
        )


def _name(identifier: exp.Expr) -> str:
    return variable_name(identifier.name, quoted=bool(identifier.args.get("quoted")))


def _invalid_label(t: Translator, node: exp.Expr, problem: str) -> QueryFailed:
    return QueryFailed("INVALID_LABEL", t.context.where(node) + problem, error_type=1006)


def meanings(t: Translator, node: exp.Expr, names: list[str]) -> dict[str, Labels]:
    """What each primary and union variable means."""
    found: dict[str, Labels] = {name: frozenset((i,)) for i, name in enumerate(names)}
    for subset in node.args.get("subsets") or ():
        name = _name(subset.this)
        if name in names:
            problem = f"union pattern variable name: {name} is a duplicate of primary pattern variable name"
            raise _invalid_label(t, subset, problem)
        if name in found:
            raise _invalid_label(t, subset, f"union pattern variable name: {name} is declared twice")
        members = [_name(member) for member in subset.expressions]
        for member, written in zip(members, subset.expressions, strict=True):
            if member not in names:
                raise _invalid_label(
                    t, written, f"subset element: {member} is not a primary pattern variable"
                )
        found[name] = frozenset(names.index(member) for member in members)
    return found


def definitions(
    t: Translator,
    node: exp.Expr,
    scope: Scope,
    known: Variables,
    names: list[str],
    around: Scope | None = None,
) -> list[Computation | None]:
    """The condition of each primary variable, None where every row fits."""
    found: list[Computation | None] = [None for _ in names]
    defined = set()
    for item in node.args.get("definitions") or ():
        name = _name(item.args["alias"])
        if name not in names:
            raise _invalid_label(t, item, f"defined variable: {name} is not a primary pattern variable")
        if name in defined:
            raise _invalid_label(t, item, f"pattern variable with name: {name} is defined twice")
        defined.add(name)
        expressions = PatternExpressions(t, known, scope, defining=True, around=around)
        condition = expressions.translate(item.this)
        if condition.type.base != "boolean":
            problem = f"Expression defining a label must be boolean (actual type: {condition.type})"
            raise QueryFailed("TYPE_MISMATCH", t.context.where(item.this) + problem)
        expressions.computation.expressions.append(condition.sql)
        found[names.index(name)] = expressions.computation
    return found


def skip(t: Translator, node: exp.Expr, known: Variables) -> Skip:
    """AFTER MATCH SKIP."""
    target = node.args.get("skip_to")
    if target is None:
        return Skip(node.args["skip"])
    name = _name(target)
    if name not in known.meanings:
        raise _invalid_label(t, target, f"{name} is not a primary or union pattern variable")
    return Skip(Navigation(known.meanings[name], last=node.args["skip"] == "LAST", running=False))


def use(step: PatternStep, field: Field, index: int) -> None:
    """Note that the query reads an input column from the sheet."""
    step.shown.add(index)
    if field.on_use is not None:
        field.on_use()
