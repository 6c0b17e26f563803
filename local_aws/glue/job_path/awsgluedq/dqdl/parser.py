"""Reads a DQDL document: its sections, and the rules in them.

By hand rather than from a grammar file, for its messages: line, column and word of what cannot be read.
https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awsgluedq.dqdl.conditions import text_or_keyword
from awsgluedq.dqdl.cursor import Cursor
from awsgluedq.dqdl.errors import InvalidRuleset
from awsgluedq.dqdl.model import Ruleset
from awsgluedq.dqdl.operands import Keyword, Text
from awsgluedq.dqdl.rules import Rules, analyzer, labels
from awsgluedq.dqdl.tokens import Kind

MOST_RULES = 2000
METADATA_KEYS = ("Version",)
SOURCES_KEYS = ("Primary", "AdditionalDataSources")


def parse(source: str) -> Ruleset:
    """The ruleset that a text says.

    Raises:
        InvalidRuleset: it is not DQDL; the message names line, column and word.
    """
    cursor = Cursor(source)
    sections: dict[str, Any] = {}
    constants: dict[str, tuple[Text | Keyword, ...]] = {}
    while cursor.token.kind is not Kind.END:
        name = cursor.expect_kind(Kind.WORD)
        if name.text in sections or name.text in constants:
            raise InvalidRuleset.at(name, f"{name} is there twice")
        cursor.expect("=")
        if name.text in _SECTIONS:
            _, read = _SECTIONS[name.text]
            sections[name.text] = read(cursor)
        elif name.text == "Rules":
            defaults = sections.get("DefaultLabels", ())
            sections[name.text] = _list(cursor, Rules(cursor, constants, defaults).top_level)
            if not sections[name.text]:
                raise InvalidRuleset.at(name, "No rules provided.")
        else:
            constants[name.text] = _constant(cursor)
    return _ruleset(cursor, sections)


def _ruleset(cursor: Cursor, sections: dict[str, Any]) -> Ruleset:
    if not sections.get("Rules") and not sections.get("Analyzers"):
        raise cursor.refused("'Rules = [ ... ]'")
    names = {name: key for name, (key, _) in _SECTIONS.items()} | {"Rules": "rules"}
    return Ruleset(**{names[name]: value for name, value in sections.items()})


def _list(cursor: Cursor, item: Callable[[], Any]) -> tuple[Any, ...]:
    begin = cursor.expect("[")
    found: list[Any] = []
    while not cursor.is_at("]"):
        found.append(item())
        if not cursor.is_at("]"):
            cursor.expect(",", "]")
            if cursor.is_at("]"):
                raise cursor.refused("a rule")
    cursor.expect("]")
    if len(found) > MOST_RULES:
        raise InvalidRuleset.at(begin, f"more than {MOST_RULES} rules")
    return tuple(found)


def _analyzers(cursor: Cursor) -> tuple[Any, ...]:
    return _list(cursor, lambda: analyzer(cursor))


def _constant(cursor: Cursor) -> tuple[Text | Keyword, ...]:
    if not cursor.is_at("["):
        return (text_or_keyword(cursor),)
    return _list(cursor, lambda: text_or_keyword(cursor))


def _pairs(allowed: tuple[str, ...]) -> Callable[[Cursor], dict[str, str | tuple[str, ...]]]:
    def read(cursor: Cursor) -> dict[str, str | tuple[str, ...]]:
        found: dict[str, str | tuple[str, ...]] = {}
        cursor.expect("{")
        while not cursor.is_at("}"):
            key = cursor.expect_kind(Kind.TEXT)
            if key.text not in allowed:
                raise InvalidRuleset.at(key, f"unexpected {key}, expecting {' or '.join(allowed)}")
            cursor.expect(":")
            found[key.text] = (
                _list(cursor, lambda: cursor.expect_kind(Kind.TEXT).text)
                if cursor.is_at("[")
                else cursor.expect_kind(Kind.TEXT).text
            )
            if not cursor.is_at("}"):
                cursor.expect(",")
        cursor.expect("}")
        return found

    return read


_SECTIONS: dict[str, tuple[str, Callable[[Cursor], Any]]] = {
    "Metadata": ("metadata", _pairs(METADATA_KEYS)),
    "DataSources": ("data_sources", _pairs(SOURCES_KEYS)),
    "DefaultLabels": ("default_labels", labels),
    "Analyzers": ("analyzers", _analyzers),
}
"""The sections beside Rules: the member of a Ruleset, and how it is read."""
