"""Athena's dialect for sqlglot: Trino's grammar with nothing translated while parsing.

sqlglot's own Trino dialect turns known functions into its canonical ones, which loses their Trino meaning
(argument order, format strings). Here every call stays a call by its Trino name, and a typed literal
(`TIMESTAMP '...'`) stays a literal, because both are given their meaning later, with types.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser

KEPT_FUNCTION_PARSERS = ("CAST", "TRY_CAST", "EXTRACT", "LISTAGG", "POSITION", "TRIM", "SUBSTRING")
"""Those whose arguments have a syntax of their own."""


class TypedLiteral(exp.Expression):  # type: ignore[misc]
    """`TYPE 'text'`: `this` is the text literal, `to` the type as written."""

    arg_types = {"this": True, "to": True}  # noqa: RUF012 - sqlglot's own form


class AthenaParser(TrinoParser):  # type: ignore[misc]
    """Parses function calls as they are written."""

    FUNCTIONS: dict[str, object] = {}  # noqa: RUF012
    FUNCTION_PARSERS = {  # noqa: RUF012
        name: parser for name, parser in TrinoParser.FUNCTION_PARSERS.items() if name in KEPT_FUNCTION_PARSERS
    }
    NO_PAREN_FUNCTION_PARSERS = {  # noqa: RUF012
        name: parser
        for name, parser in TrinoParser.NO_PAREN_FUNCTION_PARSERS.items()
        if name in ("ANY", "CASE")
    }
    TYPE_LITERAL_PARSERS = {  # noqa: RUF012
        kind: (lambda self, this, to: self.expression(TypedLiteral(this=this, to=to))) for kind in exp.DType
    }


class AthenaGenerator(Trino.Generator):  # type: ignore[misc]
    """Writes what the parser made, for messages."""

    TRANSFORMS = {  # noqa: RUF012
        **Trino.Generator.TRANSFORMS,
        TypedLiteral: lambda self, node: f"{self.sql(node, 'to')} {self.sql(node, 'this')}",
    }


class Athena(Trino):  # type: ignore[misc]
    """The dialect to give sqlglot as `read`."""

    # Elsewhere sqlglot counts subscripts from 0, but only those it takes for an array's.
    INDEX_OFFSET = 0

    Parser = AthenaParser
    Generator = AthenaGenerator
