"""Athena's dialect for sqlglot: Trino's grammar with nothing translated while parsing.

sqlglot's own Trino dialect turns known functions into its canonical ones, which loses their Trino meaning
(argument order, format strings). Here every call stays a call by its Trino name, and a typed literal
(`TIMESTAMP '...'`) stays a literal, because both are given their meaning later, with types.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokens import TokenType

from local_athena.parse.json_forms import JsonForm, json_form
from local_athena.parse.match_recognize import (
    ProcessingMode,
    RowPatternRecognition,
    match_recognize,
    processing_mode,
)
from local_athena.parse.pattern_window import PatternWindow, pattern_window

KEPT_FUNCTION_PARSERS = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "TRIM", "SUBSTRING")
"""Those whose arguments have a syntax of their own."""
JSON_FORMS = ("json_exists", "json_query", "json_value", "json_object", "json_array")


AFTER_VALUES = (
    TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT, TokenType.ORDER_BY, TokenType.LIMIT,
    TokenType.OFFSET, TokenType.FETCH,
)  # fmt: skip


INTERVAL_FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


class TypedLiteral(exp.Expression):  # type: ignore[misc]
    """`TYPE 'text'`: `this` is the text literal, `to` the type as written."""

    arg_types = {"this": True, "to": True}  # noqa: RUF012 - sqlglot's own form


class AthenaTokenizer(Trino.Tokenizer):  # type: ignore[misc]
    """Leaves the text of `X'68 65'` as it is: Trino allows blanks between its digits."""

    HEX_STRINGS: list[tuple[str, str]] = []  # noqa: RUF012
    BYTE_STRINGS = [("x'", "'"), ("X'", "'")]  # noqa: RUF012


class AthenaParser(TrinoParser):  # type: ignore[misc]
    """Parses function calls as they are written."""

    FUNCTIONS: dict[str, object] = {}  # noqa: RUF012
    SUBQUERY_TOKENS = {*TrinoParser.SUBQUERY_TOKENS, TokenType.VALUES}  # noqa: RUF012
    FUNCTION_PARSERS = {  # noqa: RUF012
        **{n: parse for n, parse in TrinoParser.FUNCTION_PARSERS.items() if n in KEPT_FUNCTION_PARSERS},
        **{n.upper(): json_form(n) for n in JSON_FORMS},
        "LISTAGG": lambda self: self._parse_listagg(),
    }
    NO_PAREN_FUNCTION_PARSERS = {  # noqa: RUF012
        name: parser
        for name, parser in TrinoParser.NO_PAREN_FUNCTION_PARSERS.items()
        if name in ("ANY", "CASE")
    }
    PRIMARY_PARSERS = {  # noqa: RUF012
        **TrinoParser.PRIMARY_PARSERS,
        TokenType.BYTE_STRING: lambda self, token: self.expression(exp.HexString(this=token.text), token),
    }
    PLACEHOLDER_PARSERS = {  # noqa: RUF012
        **TrinoParser.PLACEHOLDER_PARSERS,
        TokenType.PLACEHOLDER: lambda self: self._parse_parameter_mark(),
    }
    QUERY_MODIFIER_PARSERS = {  # noqa: RUF012
        token: parser
        for token, parser in TrinoParser.QUERY_MODIFIER_PARSERS.items()
        if token is not TokenType.MATCH_RECOGNIZE
    }
    PROPERTY_PARSERS = {  # noqa: RUF012
        **TrinoParser.PROPERTY_PARSERS,
        "COMMENT": lambda self: self._parse_comment(),
    }
    TYPE_LITERAL_PARSERS = {  # noqa: RUF012
        kind: (lambda self, this, to: self._parse_typed_literal(this, to)) for kind in exp.DType
    }

    def _parse_comment(self) -> exp.Expr:
        """`COMMENT 'text'`, or `comment = 'text'`, which is a property like any other."""
        if self._match(TokenType.EQ):
            return self.expression(exp.Property(this=exp.var("comment"), value=self._parse_string()))
        return self.expression(exp.SchemaCommentProperty(this=self._parse_string()))

    def _parse_typed_literal(self, text: exp.Expr, to: exp.DataType) -> TypedLiteral:
        """`TYPE 'text'`, whose type has no length or precision."""
        if to.expressions:
            self.raise_error("Expected an expression", self._prev)
        made: TypedLiteral = self.expression(TypedLiteral(this=text, to=to))
        return made

    def _parse_types(self, *arguments: object, **options: object) -> exp.Expr | None:
        """A type, with the word that it was written with: sqlglot knows several for one type.

        What begins like a list, a map or a row where an expression is read is never looked at as a type: all
        inside would be read twice, and again at each level.
        """
        index = self._index
        if options.get("check_func") and self._next and self._is_built():
            return None
        made: exp.Expr | None = super()._parse_types(*arguments, **options)
        if isinstance(made, exp.DataType):
            made.meta["written"] = self._tokens[index].text
        return made

    def _is_built(self) -> bool:
        """Whether `ARRAY[`, `MAP(` or the like comes next."""
        return self._next.token_type is TokenType.L_BRACKET or (
            self._next.token_type is TokenType.L_PAREN and self._curr.token_type in self.NESTED_TYPE_TOKENS
        )

    def _parse_parameter_mark(self) -> exp.Placeholder:
        """`?` and its place, as values are given in the order of the text."""
        made = self.expression(exp.Placeholder())
        made.meta.update(start=self._prev.start, end=self._prev.end)
        return made

    def _parse_listagg(self) -> exp.GroupConcat:
        """LISTAGG(...) WITHIN GROUP (ORDER BY ...), whose order Trino wants."""
        made = self._parse_string_agg()
        if not isinstance(made.this, exp.Order):
            self.raise_error("Expected WITHIN")
        return made

    def _parse_bracket(self, this: exp.Expr | None = None) -> exp.Expr | None:
        """A subscript; only the bare word ARRAY begins a list, whatever a column or field is called."""
        if this is None or self._prev.text.upper() not in self.ARRAY_CONSTRUCTORS or self._is_array():
            return super()._parse_bracket(this)
        if not self._match(TokenType.L_BRACKET):
            return this
        index = self._parse_bitwise()
        if not self._match(TokenType.R_BRACKET):
            self.raise_error("Expected ]")
        return super()._parse_bracket(self.expression(exp.Bracket(this=this, expressions=[index])))

    def _is_array(self) -> bool:
        """Whether the last word is ARRAY, not in quotes and after no dot."""
        before = self._tokens[self._index - 2] if self._index > 1 else None
        after_dot = before is not None and before.token_type is TokenType.DOT
        return self._prev.token_type is TokenType.ARRAY and not after_dot

    def _parse_escape(self, this: exp.Expr | None) -> exp.Expr | None:
        """`LIKE pattern ESCAPE any expression`, of which sqlglot takes literals only."""
        if not self._match(TokenType.ESCAPE):
            return this
        return self.expression(exp.Escape(this=this, expression=self._parse_bitwise()))

    def _parse_interval(
        self, require_interval: bool = True, parse_function_unit: bool = True
    ) -> exp.Interval | None:
        """`INTERVAL [-] 'text' field [TO field]`, without the units in the text that others allow."""
        index = self._index
        if not self._match(TokenType.INTERVAL):
            return None
        negative = self._match(TokenType.DASH)
        if not negative:
            self._match(TokenType.PLUS)
        if not self._match(TokenType.STRING, advance=False):
            self._retreat(index)
            return None
        text = self._parse_primary()
        unit = self._parse_interval_field()
        if self._match_text_seq("TO"):
            last = self._parse_interval_field()
            unit = self.expression(exp.IntervalSpan(this=unit, expression=last))
        return self.expression(exp.Interval(this=exp.Neg(this=text) if negative else text, unit=unit))

    def _parse_interval_field(self) -> exp.Var:
        field = self._parse_var(any_token=True, upper=True)
        if field is None or field.name not in INTERVAL_FIELDS:
            self.raise_error("Expected an interval field", self._prev)
        return field

    in_row_pattern = False
    """Whether RUNNING and FINAL have their meaning, as in MEASURES and DEFINE."""

    def _parse_table(self, *arguments: object, joins: bool = False, **options: object) -> exp.Expr | None:
        """A relation of FROM, around it what MATCH_RECOGNIZE makes of it."""
        made: exp.Expr | None = super()._parse_table(*arguments, joins=joins, **options)
        if made is None or made.args.get("joins") or not self._match(TokenType.MATCH_RECOGNIZE):
            return made
        return match_recognize(self, made, joins=joins)

    def _parse_unnest(self, with_alias: bool = True) -> exp.Unnest | None:
        """UNNEST with all its columns' names, and its TABLESAMPLE, which would be one of the whole FROM."""
        unnest = super()._parse_unnest(with_alias)
        if unnest is not None and isinstance(last := unnest.args.get("offset"), exp.Expr):
            unnest.args["alias"].append("columns", last.pop())
            unnest.set("offset", True)
        if unnest is not None and (sample := self._parse_table_sample()):
            unnest.set("sample", sample)
        return unnest

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        """A window, or one with a row pattern.

        One in parentheses starts from the window it names, where the name alone means that window itself.
        """
        if not alias:
            this = self._parse_respect_or_ignore_nulls(self._filtered(this))
        made = pattern_window(self, this) or super()._parse_window(this, alias)
        if isinstance(made, exp.Window) and made is not this:
            made.meta["in_parentheses"] = self._prev.token_type is TokenType.R_PAREN
        return made

    def _filtered(self, call: exp.Expr | None) -> exp.Expr | None:
        """A call and its FILTER (WHERE ...), if it has one."""
        if not self._match_pair(TokenType.FILTER, TokenType.L_PAREN):
            return call
        made = self.expression(exp.Filter(this=call, expression=self._parse_where()))
        self._match_r_paren()
        return made

    def _parse_unary(self) -> exp.Expr | None:
        """An expression; in a row pattern's, RUNNING or FINAL may stand before a call.

        A column that OVER follows is a measure of a row pattern's window.
        """
        made: exp.Expr | None = (self.in_row_pattern and processing_mode(self)) or super()._parse_unary()
        if isinstance(made, exp.Column) and self._curr and self._curr.token_type is TokenType.OVER:
            return self._parse_window(made)
        return made

    def _parse_derived_table_values(self, allow_value_synonym: bool = False) -> exp.Values | None:
        """VALUES; in parentheses it may be the start of a longer query, which is not taken here."""
        if self._curr and self._curr.token_type == TokenType.L_PAREN and self._goes_on():
            return None
        return super()._parse_derived_table_values(allow_value_synonym)

    def _goes_on(self) -> bool:
        """Whether more than VALUES stands between the parentheses that open here."""
        depth = 0
        for token in self._tokens[self._index :]:
            depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
            if depth == 0:
                break
            if depth == 1 and token.token_type in AFTER_VALUES:
                return True
        return False


class AthenaGenerator(Trino.Generator):  # type: ignore[misc]
    """Writes what the parser made, for messages."""

    TRANSFORMS = {  # noqa: RUF012
        **Trino.Generator.TRANSFORMS,
        JsonForm: lambda self, node: f"{node.name}(...)",
        PatternWindow: lambda self, node: f"{self.sql(node, 'this')} OVER (... PATTERN ...)",
        ProcessingMode: lambda self, node: f"{node.word} {self.sql(node, 'this')}",
        RowPatternRecognition: lambda self, node: f"{self.sql(node, 'this')} MATCH_RECOGNIZE (...)",
        TypedLiteral: lambda self, node: f"{self.sql(node, 'to')} {self.sql(node, 'this')}",
    }


class Athena(Trino):  # type: ignore[misc]
    """The dialect to give sqlglot as `read`."""

    # Elsewhere sqlglot counts subscripts from 0, but only those it takes for an array's.
    INDEX_OFFSET = 0

    Tokenizer = AthenaTokenizer
    Parser = AthenaParser
    Generator = AthenaGenerator
