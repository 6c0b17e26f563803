"""Expressions of MEASURES and DEFINE: what they read of the match becomes columns of a sheet.

`PREV(A.price + 1)` is `A.price + 1` with the price of another row, so navigation moves the columns inside and
is gone; what is left is translated like any expression.
https://trino.io/docs/current/sql/match-recognize.html#row-pattern-recognition-expressions
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.match_recognize import ProcessingMode
from local_athena.parse.row_pattern import variable_name
from local_athena.patterns.navigation import Labels, Navigation, Place, Read
from local_athena.patterns.sheet import Aggregate, Computation
from local_athena.sql.build import cast_as, ident
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Field, Typed
from local_athena.translate import pattern_checks as checks
from local_athena.translate.aggregation import is_aggregate
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.trino import BIGINT, BOOLEAN, VARCHAR, TrinoType

HEAD = {"$number": ("number", BIGINT), "$grp": ("grp", BIGINT), "$pos": ("pos", BIGINT)}


@dataclass(frozen=True, slots=True)
class Variables:
    """The pattern variables: what each name means, primary or union, and the input columns."""

    meanings: dict[str, Labels]
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the expression around is computed: by navigation, or for each row that an aggregate counts."""

    at: Navigation | Place
    hidden: frozenset[str] = frozenset()
    """Parameters of lambdas, which hide columns."""


def from_sheet(name: Sql, type_: TrinoType) -> Sql:
    """SQL of a sheet's column; Arrow has no type of its own for a UUID."""
    return cast_as(name, type_) if "uuid" in str(type_) else name


class PatternExpressions:
    """Translates the expressions of one computation. `defining`: they are of DEFINE.

    With `around`, they are of a window, where matches have no numbers, and it has what they may not read.
    """

    def __init__(
        self,
        t: Translator,
        variables: Variables,
        scope: Scope,
        *,
        defining: bool,
        around: Scope | None = None,
    ) -> None:
        self.computation = Computation()
        self._numbered = around is None
        self._t, self._variables, self._defining = t, variables, defining
        fields = [Field(name, Typed(ident("m", column), type_)) for name, (column, type_) in HEAD.items()]
        self._scope = Scope(fields, around, scope.ctes)
        self._input = Scope(variables.fields)

    def translate(self, node: exp.Expr) -> Typed:
        """An expression as SQL over the sheet.

        Raises:
            QueryFailed: it cannot stand in a row pattern.
        """
        checks.no_windows(self._t.context, node)
        root = exp.Paren(this=node.copy())
        self._rewrite(root, _Place(Navigation()))
        return self._t.expression(root.this, self._scope)

    def _rewrite(self, node: exp.Expr, place: _Place) -> None:
        """Replace what is below `node`."""
        for child in list(node.iter_expressions()):
            made = self._replaced(child, place)
            if made is not None:
                child.replace(made)
        checks.no_match_in_query(self._t.context, node)

    def _replaced(self, node: exp.Expr, place: _Place) -> exp.Expr | None:
        """What stands for `node`; None when it stays and only what is below it was replaced."""
        if isinstance(node, exp.Query):
            return None
        if isinstance(node, exp.Column):
            return self._column(node, place)
        if isinstance(node, ProcessingMode):
            return self._with_mode(node, place)
        if is_aggregate(node):
            return self._aggregate(node, place, final=False)
        special = FUNCTIONS.get(node.name.upper()) if isinstance(node, exp.Anonymous) else None
        if special is not None:
            return special(self, node, place, False)
        if isinstance(node, exp.Lambda):
            names = frozenset(parameter.name.lower() for parameter in node.expressions)
            place = replace(place, hidden=place.hidden | names)
        self._rewrite(node, place)
        return None

    def _with_mode(self, node: exp.Expr, place: _Place) -> exp.Expr:
        call, where = node.this, self._t.context.where(node)
        name = call.name.upper() if isinstance(call, exp.Anonymous) else ""
        if node.args["final"] and self._defining:
            problem = "FINAL semantics is not supported in DEFINE clause"
            raise QueryFailed("INVALID_PROCESSING_MODE", where + problem, error_type=1006)
        if name in ("FIRST", "LAST"):
            return self._navigation(call, place, final=node.args["final"])
        if is_aggregate(call):
            return self._aggregate(call, place, final=node.args["final"])
        raise checks.wrong_mode(node, name if name in FUNCTIONS else "", where)

    def _column(self, node: exp.Expr, place: _Place) -> exp.Expr | None:
        parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
        if parts and parts[0].name.lower() in place.hidden:
            return None
        if isinstance(node.this, exp.Star):
            problem = "label.* syntax is only supported as the only argument of row pattern count function"
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", self._t.context.where(node) + problem)
        label = self.label(parts[0]) if len(parts) > 1 else None
        if len(parts) > 1 and (label is None or len(parts) > 2):
            raise checks.unknown_column(self._t.context, node, label)
        found = self._index(parts[-1].name, self._t.context.where(node))
        if found is None and label is not None:
            raise checks.unknown_column(self._t.context, node, label)
        if found is None:
            return None  # a word such as current_date, or nothing
        meaning = self._variables.meanings[label] if label is not None else None
        return self._read(place, meaning, found, node)

    def label(self, identifier: exp.Expr) -> str | None:
        """The pattern variable that a name means."""
        name = variable_name(identifier.name, quoted=bool(identifier.args.get("quoted")))
        return name if name in self._variables.meanings else None

    def is_input(self, name: str) -> bool:
        """Whether a column of the input has this name."""
        return any((field.name or "").lower() == name.lower() for field in self._variables.fields)

    def _index(self, name: str, where: str = "") -> int | None:
        found = self._input.find((name.lower(),), where)
        return next((i for i, f in enumerate(self._input.fields) if f is found), None) if found else None

    def _read(self, place: _Place, labels: Labels, field: int | None, node: exp.Expr) -> exp.Expr:
        """The column of the sheet with a value of a row."""
        at = replace(place.at, labels=labels) if isinstance(place.at, Navigation) else place.at
        read, reads = Read(at, field), self.computation.reads
        if read not in reads:
            reads.append(read)
        type_ = VARCHAR
        if field is not None:
            known = self._variables.fields[field]
            type_ = known.value.type
            if known.on_use is not None:
                known.on_use()
        return self._named(f"v{reads.index(read)}", type_, node)

    def _named(self, name: str, type_: TrinoType, node: exp.Expr) -> exp.Expr:
        """A reference to a column of the sheet."""
        known = Field(f"${name}", Typed(from_sheet(ident("m", name), type_), type_))
        if known not in self._scope.fields:
            self._scope.fields = [*self._scope.fields, known]
        made = exp.column(exp.to_identifier(known.name, quoted=True))
        starts = [n.meta for n in node.walk() if "start" in n.meta]
        if starts:
            made.this.meta.update(start=starts[0]["start"], end=starts[0]["end"])
        return made

    def _navigation(self, node: exp.Expr, place: _Place, *, final: bool) -> exp.Expr:
        """FIRST, LAST, PREV or NEXT: its argument, as it is in another row."""
        name = node.name.upper()
        checks.navigation(self._t.context, node)
        checks.labels(self, self._t.context, node, node.expressions[:1], name)
        given = int(node.expressions[1].this) if len(node.expressions) > 1 else None
        assert isinstance(place.at, Navigation)
        if name in ("PREV", "NEXT"):
            by = 1 if given is None else given
            at = replace(place.at, physical=-by if name == "PREV" else by)
        else:
            at = replace(place.at, last=name == "LAST", running=not final, logical=given or 0)
        moved = exp.Paren(this=node.expressions[0].copy())
        self._rewrite(moved, replace(place, at=at))
        return moved

    def _classifier(self, node: exp.Expr, place: _Place) -> exp.Expr:
        label = checks.classifier(self, self._t.context, node)
        meaning = self._variables.meanings[label] if label is not None else None
        return self._read(place, meaning, None, node)

    def _match_number(self, node: exp.Expr) -> exp.Expr:
        if not self._numbered:
            problem = "MATCH_NUMBER function is not supported in window"
            where = self._t.context.where(node)
            raise QueryFailed("INVALID_PATTERN_RECOGNITION_FUNCTION", where + problem, error_type=1006)
        if node.expressions:
            problem = "MATCH_NUMBER pattern recognition function takes no arguments"
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", self._t.context.where(node) + problem)
        self.computation.numbered = True
        return exp.column(exp.to_identifier("$number", quoted=True))

    def _aggregate(self, node: exp.Expr, place: _Place, *, final: bool) -> exp.Expr:
        """An aggregate over the rows of the match that have the labels of its arguments."""
        if place.hidden:
            raise not_supported(f"{self._t.context.where(node)}Aggregates in a lambda are not supported")
        checks.aggregate(self._t.context, node)
        call = node.copy()
        label = checks.labels(self, self._t.context, node, node.expressions, node.name.lower())
        if checks.is_row_count(self, self._t.context, node):
            call.expressions[0].replace(exp.Star())
        known = len(self.computation.reads)
        self._rewrite(call, _Place(Place.MEMBER))
        labelled = any(read == Read(Place.MEMBER, None) for read in self.computation.reads[known:])
        at = len(self.computation.aggregates)
        value = self._t.functions.window(
            self._t, _over(call, at, final=final), self._counting(at), in_pattern=True
        )
        labels = self._variables.meanings[label] if label is not None else None
        self.computation.aggregates.append(Aggregate(value.sql, labels, labelled))
        return self._named(f"g{at}", value.type, node)

    def _counting(self, at: int) -> Scope:
        counts = Field(f"$in{at}", Typed(ident("m", f"in{at}"), BOOLEAN))
        return self._scope.beside([*self._scope.fields, counts])


def _over(call: exp.Expr, at: int, *, final: bool) -> exp.Expr:
    """The aggregate over the rows of the group that it counts, up to the current one or all."""

    def column(name: str) -> exp.Expr:
        return exp.column(exp.to_identifier(name, quoted=True))

    end = {"end": "UNBOUNDED", "end_side": "FOLLOWING"} if final else {"end": "CURRENT ROW"}
    counted = exp.Filter(this=call, expression=exp.Where(this=column(f"$in{at}")))
    return exp.Window(
        this=counted,
        partition_by=[column("$grp")],
        order=exp.Order(expressions=[exp.Ordered(this=column("$pos"), nulls_first=False)]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", **end),
    )


FUNCTIONS = {
    **dict.fromkeys(checks.NAVIGATIONS, lambda s, n, p, f: s._navigation(n, p, final=f)),
    "CLASSIFIER": lambda s, n, p, f: s._classifier(n, p),
    "MATCH_NUMBER": lambda s, n, p, f: s._match_number(n),
}
"""The functions that only row patterns have."""
