"""What an entry of the function library says: a function's name, its signatures, and how DuckDB does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from local_athena.functions.signatures import Signature, signature
from local_athena.sql.build import Template, call, carrier_sql, cast_as
from local_athena.sql.typed import Typed

if TYPE_CHECKING:
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context
    from local_athena.types.trino import TrinoType

Rewrite = Callable[["Context", list[Typed]], Typed]
Aggregate = Callable[["Context", list[Typed], "Clauses"], Typed]


@dataclass(frozen=True, slots=True)
class Entry:
    """One function and how DuckDB does it, in one of five ways.

    `template` is SQL with {0}, {1} and {carrier}; `native` is a function of DuckDB's that takes the same
    arguments; `python` gets no NULLs and answers NULL for one, unless `takes_null`; `rewrite` makes the SQL
    of a scalar; `aggregate` that of an aggregate or window function, with the clauses around the call, and
    `over` that of an aggregate in a window, where it differs. `kind` is scalar, aggregate or window. `casts`
    says that DuckDB's answer is of another type, `idempotent` that a value that comes again changes nothing.
    """

    name: str
    signatures: tuple[Signature, ...]
    kind: str = "scalar"
    template: Template | None = None
    native: str | None = None
    python: Callable[..., Any] | None = None
    rewrite: Rewrite | None = None
    aggregate: Aggregate | None = None
    over: Aggregate | None = None
    takes_null: bool = False
    casts: bool = False
    idempotent: bool = False

    def scalar(self, context: Context, arguments: list[Typed], result: TrinoType) -> Typed:
        """A call of a scalar function."""
        if self.rewrite is not None:
            return self.rewrite(context, arguments)
        if self.python is not None:
            return context.call(self.name, self.python, arguments, result, takes_null=self.takes_null)
        if self.native is not None:
            return Typed(call(self.native, *arguments), result)
        assert self.template is not None
        return Typed(self.template.filled(*arguments, carrier=carrier_sql(result)), result)

    def grouped(self, context: Context, arguments: list[Typed], result: TrinoType, clauses: Clauses) -> Typed:
        """A call of an aggregate or window function."""
        if self.idempotent:
            clauses = replace(clauses, distinct=False)
        make = self.over if self.over is not None and clauses.over is not None else self.aggregate
        if make is not None:
            return make(context, arguments, clauses)
        assert self.native is not None
        made = clauses.call(self.native, *arguments)
        return Typed(cast_as(made, result) if self.casts else made, result)


def function(
    name: str,
    signatures: str | tuple[str, ...],
    template: Template | None = None,
    *,
    native: str | None = None,
    python: Callable[..., Any] | None = None,
    rewrite: Rewrite | None = None,
    takes_null: bool = False,
) -> Entry:
    """A scalar function, from the text of its signatures."""
    return Entry(
        name,
        _read(signatures),
        template=template,
        native=native,
        python=python,
        rewrite=rewrite,
        takes_null=takes_null,
    )


def aggregate(
    name: str,
    signatures: str | tuple[str, ...],
    made: str | Aggregate,
    *,
    casts: bool = False,
    idempotent: bool = False,
    over: Aggregate | None = None,
    kind: str = "aggregate",
) -> Entry:
    """An aggregate, done by one of DuckDB's of the same arguments or by a function that writes it."""
    native = made if isinstance(made, str) else None
    written = None if isinstance(made, str) else made
    return Entry(
        name,
        _read(signatures),
        kind,
        native=native,
        aggregate=written,
        over=over,
        casts=casts,
        idempotent=idempotent,
    )


def _read(signatures: str | tuple[str, ...]) -> tuple[Signature, ...]:
    return tuple(map(signature, (signatures,) if isinstance(signatures, str) else signatures))
