"""Trino's grammar: whether a text is of it, and where it stops being so.

The parser that makes the tree reads many databases' SQL. What only others have would be dropped or read as
something else, so each text is read by Trino's own rules first, and refused in Trino's words at the place
where it leaves them. The rules tell which words are names too, which the parser would take for keywords.
https://github.com/trinodb/trino/blob/master/core/trino-grammar/src/main/antlr4/io/trino/grammar/sql/SqlBase.g4
"""

from __future__ import annotations

from contextlib import suppress

from local_athena.errors import AthenaApiError, malformed_query
from local_athena.parse.grammar.cursor import Unexpected
from local_athena.parse.grammar.lexemes import Lexeme, lexemes
from local_athena.parse.grammar.statements import Grammar


def check_grammar(text: str) -> set[int]:
    """The offsets of the words that are names in a statement.

    Raises:
        AthenaApiError: MALFORMED_QUERY, with Trino's words.
    """
    found = lexemes(text)
    reader = Grammar(found)
    try:
        reader.statement()
    except Unexpected as error:
        raise _malformed(text, found, error) from error
    return {found[at].start for at in reader.names}


def _malformed(text: str, found: list[Lexeme], error: Unexpected) -> AthenaApiError:
    place = found[error.at]
    line = text.count("\n", 0, place.start) + 1
    column = place.start - (text.rfind("\n", 0, place.start) + 1) + 1
    if error.why:
        return malformed_query(f"line {line}:{column}: {error.why}")
    # Read once more, telling what could have stood there.
    reader = Grammar(found, watch=error.at)
    with suppress(Unexpected):
        reader.statement()
    shown = text[place.start : place.end] if place.key != "<EOF>" else "<EOF>"
    expected = ", ".join(sorted(reader.wanted))
    return malformed_query(f"line {line}:{column}: mismatched input '{shown}'. Expecting: {expected}")
