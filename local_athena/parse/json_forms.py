"""The syntax of json_exists, json_query, json_value, json_object and json_array.

Their arguments have words between them (`PASSING`, `RETURNING`, `ON ERROR`), so each becomes a JsonForm.
https://trino.io/docs/current/functions/json.html
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.tokens import TokenType


class JsonItem(exp.Expression):  # type: ignore[misc]
    """A value with `FORMAT JSON`, the name it is passed under, or its key in an object."""

    arg_types = {"this": True, "format": False, "alias": False, "key": False}  # noqa: RUF012


class JsonForm(exp.Expression):  # type: ignore[misc]
    """One of the forms: `this` is its name; what is not written is absent."""

    arg_types = {  # noqa: RUF012
        "this": True, "expressions": True, "path": False, "passing": False, "returning": False,
        "wrapper": False, "quotes": False, "on_empty": False, "on_error": False,
        "on_null": False, "unique": False,
    }  # fmt: skip


def json_form(name: str) -> Any:
    """The parser of one form, called after its opening parenthesis."""

    def parse(parser: Any) -> JsonForm:
        if name in ("json_object", "json_array"):
            return _constructor(parser, name)
        return _path_form(parser, name)

    return parse


def _path_form(parser: Any, name: str) -> JsonForm:
    given = _item(parser)
    if not parser._match(TokenType.COMMA):
        parser.raise_error("Expected ,")
    path = parser._parse_string()
    passing = []
    if parser._match_text_seq("PASSING"):
        passing = parser._parse_csv(lambda: _passed(parser))
    form = JsonForm(this=name, expressions=[given], path=path, passing=passing, **_returning(parser))
    if name == "json_query":
        form.set("wrapper", _wrapper(parser))
        form.set("quotes", _quotes(parser))
    while (behaviour := _behaviour(parser)) is not None:
        event = "on_empty" if parser._match_text_seq("ON", "EMPTY") else "on_error"
        if event == "on_error" and not parser._match_text_seq("ON", "ERROR"):
            parser.raise_error("Expected ON EMPTY or ON ERROR")
        form.set(event, behaviour)
    return form


def _item(parser: Any) -> JsonItem:
    return JsonItem(this=parser._parse_disjunction(), format=_format(parser))


def _format(parser: Any) -> str:
    """`FORMAT JSON` as "text", with an encoding as "bytes"; nothing when it is absent."""
    if not parser._match_text_seq("FORMAT"):
        return ""
    if not parser._match_text_seq("JSON"):
        parser.raise_error("Expected JSON")
    if not parser._match_text_seq("ENCODING"):
        return "text"
    if not parser._match_text_seq("UTF8"):
        parser.raise_error("Expected UTF8")
    return "bytes"


def _passed(parser: Any) -> JsonItem:
    item = _item(parser)
    if not parser._match(TokenType.ALIAS):
        parser.raise_error("Expected AS")
    name = parser._parse_id_var(any_token=True)
    item.set("alias", name.name if name.args.get("quoted") else name.name.upper())
    return item


def _returning(parser: Any) -> dict[str, Any]:
    if not parser._match_text_seq("RETURNING"):
        return {}
    wanted = parser._parse_types()
    _format(parser)
    return {"returning": wanted}


def _wrapper(parser: Any) -> str:
    kind = ""
    if parser._match_text_seq("WITHOUT"):
        kind = "without"
    elif parser._match_text_seq("WITH"):
        kind = "conditional" if parser._match_text_seq("CONDITIONAL") else "unconditional"
        parser._match_text_seq("UNCONDITIONAL")
    if kind:
        parser._match_text_seq("ARRAY")
        if not parser._match_text_seq("WRAPPER"):
            parser.raise_error("Expected WRAPPER")
    return kind or "without"


def _quotes(parser: Any) -> str | None:
    """KEEP or OMIT, None where neither is written."""
    said = next((word for word in ("OMIT", "KEEP") if parser._match_text_seq(word)), None)
    if said is not None and not parser._match_text_seq("QUOTES"):
        parser.raise_error("Expected QUOTES")
    if parser._match_text_seq("ON", "SCALAR"):
        parser._match_text_seq("TEXT")
        if not parser._match_text_seq("STRING"):
            parser.raise_error("Expected STRING")
    return said


WORDS = (("NULL",), ("ERROR",), ("TRUE",), ("FALSE",), ("UNKNOWN",), ("EMPTY", "ARRAY"), ("EMPTY", "OBJECT"))


def _behaviour(parser: Any) -> exp.Expr | None:
    """What stands before ON EMPTY or ON ERROR: a default expression, or a word as a Var."""
    if parser._match_text_seq("DEFAULT"):
        return parser._parse_disjunction()
    for words in WORDS:
        if parser._match_text_seq(*words):
            return exp.Var(this=" ".join(words))
    return None


def _constructor(parser: Any, name: str) -> JsonForm:
    members = [] if _ends(parser) else parser._parse_csv(lambda: _member(parser, name))
    form = JsonForm(this=name, expressions=members)
    for word in ("NULL", "ABSENT"):
        if parser._match_text_seq(word, "ON", "NULL"):
            form.set("on_null", word)
    if parser._match_text_seq("WITH", "UNIQUE"):
        parser._match_text_seq("KEYS")
        form.set("unique", True)
    elif parser._match_text_seq("WITHOUT", "UNIQUE"):
        parser._match_text_seq("KEYS")
    for key, value in _returning(parser).items():
        form.set(key, value)
    return form


def _ends(parser: Any) -> bool:
    return parser._curr is None or parser._curr.token_type == TokenType.R_PAREN or _says(parser, "RETURNING")


def _says(parser: Any, word: str) -> bool:
    return parser._curr is not None and parser._curr.text.upper() == word


def _member(parser: Any, name: str) -> JsonItem:
    if name == "json_array":
        return _item(parser)
    if _says(parser, "KEY") and parser._next is not None and parser._next.token_type != TokenType.COLON:
        parser._advance()
    key = parser._parse_disjunction()
    if not parser._match(TokenType.COLON) and not parser._match_text_seq("VALUE"):
        parser.raise_error("Expected : or VALUE")
    item = _item(parser)
    item.set("key", key)
    return item
