"""What kind of statement a text is: its StatementType, SubstatementType, and who runs it.

The kind is known from the leading words even when the statement then fails, and does not depend on blanks,
case or
leading comments (measured; see docs/support/athena-sql.md).
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokens import Token, TokenType

from local_athena.errors import AthenaApiError, malformed_query
from local_athena.parse.dialect import Athena, AthenaParser
from local_athena.parse.foreign import foreign_clause
from local_athena.parse.grammar import check_grammar
from local_athena.parse.kinds import LEADING, MAX_QUERY_BYTES, Kind, Statement
from local_athena.parse.numbers import tokens_of

HIVE_TEXTS = ("CREATE_TABLE", "ALTER_TABLE", "CREATE_DATABASE", "ALTER_DATABASE")
"""How the substatement types begin whose texts are Hive's; a CREATE TABLE AS is Trino's."""
HIVE_TOKEN = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|/\*.*?\*/|;""", re.DOTALL)


KINDS = tuple(
    Kind(*row)
    for row in (
        (r"(SELECT|WITH|VALUES|TABLE)\b|\(", "DML", "SELECT", ".csv"),
        (r"EXPLAIN\b", "DML", "EXPLAIN"),
        (r"INSERT\b", "DML", "INSERT", ""),
        (r"UPDATE\b", "DML", "UPDATE", ".csv"),
        (r"DELETE\b", "DML", "DELETE", ".csv"),
        (r"MERGE\b", "DML", "MERGE", ".csv"),
        (r"UNLOAD\b", "DML", "UNLOAD", ""),
        (r"EXECUTE\b", "DML", "EXECUTE", ".csv"),
        (r"PREPARE\b", "DDL", "PREPARE"),
        (r"DEALLOCATE\b", "DDL", "DEALLOCATE"),
        (r"OPTIMIZE\b", "DDL", "CREATE_TABLE_AS_SELECT", "", "OPTIMIZE"),
        (r"VACUUM\b", "DML", "VACUUM_TABLE", ""),
        (r"CREATE\s+(DATABASE|SCHEMA)\b", "DDL", "CREATE_DATABASE"),
        (r"CREATE\s+(OR\s+REPLACE\s+)?VIEW\b", "DDL", "CREATE_VIEW"),
        (r"CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?[^\s(]+\s+(COMMENT\s*'(?:[^']|'')*'\s*)?"
         r"(WITH\s*\(.*?\)\s*)?AS\b", "DDL",
         "CREATE_TABLE_AS_SELECT", ""),
        (r"CREATE\b", "DDL", "CREATE_TABLE"),
        (r"DROP\s+TABLE\b", "DDL", "DROP_TABLE"),
        (r"DROP\s+VIEW\b", "DDL", "DROP_VIEW"),
        (r"DROP\s+(DATABASE|SCHEMA)\b", "DDL", "DROP_DATABASE"),
        (r"MSCK\b", "DDL", "MSCK_REPAIR"),
        (r"ALTER\s+TABLE\s+\S+\s+(PARTITION\s*\(.*?\)\s+)?ADD\s+COLUMNS\b", "DDL", "ALTER_TABLE_ADD_COLUMN"),
        (r"ALTER\s+TABLE\s+\S+\s+REPLACE\s+COLUMNS\b", "DDL", "ALTER_TABLE_REPLACE_COLUMN"),
        (r"ALTER\s+TABLE\s+\S+\s+CHANGE\b", "DDL", "ALTER_TABLE_CHANGE_COLUMN"),
        (r"ALTER\s+TABLE\s+\S+\s+DROP\s+COLUMN\b", "DDL", "ALTER_TABLE_DROP_COLUMN"),
        (r"ALTER\s+TABLE\s+\S+\s+(UN)?SET\s+TBLPROPERTIES\b", "DDL", "ALTER_TABLE_PROPERTIES"),
        (r"ALTER\s+TABLE\s+\S+\s+(PARTITION\s*\(.*?\)\s+)?SET\s+LOCATION\b", "DDL", "ALTER_TABLE_SET_LOCATION"),  # noqa: E501
        (r"ALTER\s+TABLE\s+\S+\s+ADD\b", "DDL", "ALTER_TABLE_ADD_PARTITION"),
        (r"ALTER\s+TABLE\s+\S+\s+DROP\b", "DDL", "ALTER_TABLE_DROP_PARTITION"),
        (r"ALTER\s+TABLE\s+\S+\s+.*RENAME\b", "DDL", "ALTER_TABLE_RENAME"),
        (r"ALTER\s+(DATABASE|SCHEMA)\b", "DDL", "ALTER_DATABASE"),
        (r"ALTER\b", "DDL", "ALTER_TABLE"),
        (r"SHOW\s+TABLES\b", "UTILITY", "SHOW_TABLES"),
        (r"SHOW\s+(DATABASES|SCHEMAS)\b", "UTILITY", "SHOW_DATABASES"),
        (r"SHOW\s+COLUMNS\b", "UTILITY", "SHOW_COLUMNS"),
        (r"SHOW\s+PARTITIONS\b", "UTILITY", "SHOW_PARTITIONS"),
        (r"SHOW\s+TBLPROPERTIES\b", "UTILITY", "SHOW_TABLE_PROPERTIES"),
        (r"SHOW\s+CREATE\s+TABLE\b", "UTILITY", "SHOW_CREATE_TABLE"),
        (r"SHOW\s+CREATE\s+VIEW\b", "UTILITY", "SHOW_CREATE_VIEW"),
        (r"SHOW\s+VIEWS\b", "UTILITY", "SHOW_VIEWS"),
        (r"SHOW\s+FUNCTIONS\b", "UTILITY", "SHOW_FUNCTIONS", ".csv"),
        (r"(DESCRIBE|DESC)\b", "UTILITY", "DESCRIBE_TABLE"),
    )
)  # fmt: skip
_COMPILED = [(re.compile(kind.pattern, re.IGNORECASE | re.DOTALL), kind) for kind in KINDS]

QUERIES = frozenset(
    (
        "SELECT",
        "EXPLAIN",
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "CREATE_TABLE_AS_SELECT",
        "UNLOAD",
        "CREATE_VIEW",
    )
)
"""Substatements whose text holds a Trino query; the others are Hive's or metadata."""

FIRST_WORDS = (
    "'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', "
    "'DESC', 'DESCRIBE', "
    "'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', "
    "'REVOKE', 'ROLLBACK', "
    "'SET', 'SHOW', 'START', 'TRUNCATE', 'UPDATE', 'USE', <query>"
)


def read_statement(text: str) -> Statement:
    """Split off blanks and semicolons and tell the statement's kind.

    Raises:
        AthenaApiError: MALFORMED_QUERY for no statement, two, or one that starts with no known word.
    """
    hive = _hive_statement(text)
    if hive is not None:
        return hive
    tokens = tokenize(text)
    parts = [t for t in tokens if t.token_type is not TokenType.SEMICOLON]
    if not parts:
        raise malformed_query(f"Empty sql statement: {text.strip()}")
    first, last = parts[0], parts[-1]
    if any(t.token_type is TokenType.SEMICOLON and first.start < t.start < last.start for t in tokens):
        raise malformed_query(f"Only one sql statement is allowed. Got: {text}")
    inner = _trimmed(text)
    start = LEADING.match(inner).end()  # type: ignore[union-attr]
    for pattern, kind in _COMPILED:
        if pattern.match(inner, start):
            return Statement(inner, kind)
    word = first.text
    line, column = position(inner, start)
    raise malformed_query(f"line {line}:{column}: mismatched input '{word}'. Expecting: {FIRST_WORDS}")


def _hive_statement(text: str) -> Statement | None:
    """A definition that Hive reads, in whose texts a backslash escapes a quote; None for any other statement.

    Raises:
        AthenaApiError: MALFORMED_QUERY, there are two statements.
    """
    inner = _trimmed(text)
    start = LEADING.match(inner).end()  # type: ignore[union-attr]
    kind = next((kind for pattern, kind in _COMPILED if pattern.match(inner, start)), None)
    if kind is None or kind.substatement in QUERIES or not kind.substatement.startswith(HIVE_TEXTS):
        return None
    if any(found[0] == ";" for found in HIVE_TOKEN.finditer(inner)):
        raise malformed_query(f"Only one sql statement is allowed. Got: {text}")
    return Statement(inner, kind)


def _trimmed(text: str) -> str:
    # A pattern that ends in $ is tried at each blank of each run of blanks: a minute for 262,144.
    start, end = 0, len(text)
    while start < end and _is_around(text[start]):
        start += 1
    while start < end and _is_around(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_around(character: str) -> bool:
    return character == ";" or character.isspace()


def tokenize(text: str) -> list[Token]:
    """The tokens of a text.

    Raises:
        AthenaApiError: MALFORMED_QUERY for an unclosed quote or comment.
    """
    try:
        return list(Athena().tokenize(text))
    except TokenError as error:
        raise malformed_query(_unrecognised(text)) from error


def _unrecognised(text: str) -> str:
    line, column = position(text, max(text.rfind("'"), text.rfind('"'), 0))
    return f"line {line}:{column}: mismatched input '{text[max(text.rfind(chr(39)), 0)][:1]}'. Expecting: <query>"  # noqa: E501


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def parse_query(text: str) -> exp.Expr:
    """The tree of a Trino query.

    Raises:
        AthenaApiError: MALFORMED_QUERY with the line and column where it stops being one.
    """
    try:
        names = check_grammar(text)
        tokens = [_named(token) if token.start in names else token for token in tokens_of(text)]
        trees = Athena().parser().parse(tokens, text)
    except ParseError as error:
        raise malformed_query(_parse_message(text, error)) from error
    except RecursionError as error:
        raise malformed_query("line 1:1: statement is too large (stack overflow while parsing)") from error
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, TokenError) as error:
        # The parser itself gave up, which no valid statement makes it do.
        raise malformed_query("line 1:1: mismatched input. Expecting: <query>") from error
    tree = trees[0] if trees else None
    if tree is None or isinstance(tree, exp.Command):
        raise malformed_query("Queries of this type are not supported")
    clause = foreign_clause(tree)
    if clause is not None:
        raise malformed_query(f"line 1:1: mismatched input '{clause}'. Expecting: <query>")
    return tree


def _named(token: Token) -> Token:
    """A word that is a name where it stands, though the parser knows it as a keyword."""
    if token.token_type not in (TokenType.VAR, TokenType.IDENTIFIER):
        called = token.text.upper() in AthenaParser.NO_PAREN_FUNCTION_PARSERS
        token.token_type = TokenType.IDENTIFIER if called else TokenType.VAR
    return token


def _parse_message(text: str, error: ParseError) -> str:
    detail = error.errors[0] if error.errors else {}
    word = str(detail.get("highlight") or "<EOF>")
    line, column = int(detail.get("line") or 1), int(detail.get("col") or 1)
    if text.rstrip().endswith(word) and "Expected" not in str(detail.get("description")):
        line, column = position(text, len(text.rstrip()))
        return f"line {line}:{column}: mismatched input '<EOF>'. Expecting: <expression>"
    return f"line {line}:{max(1, column - len(word) + 1)}: mismatched input '{word}'. Expecting: <expression>"


__all__ = [
    "MAX_QUERY_BYTES",
    "QUERIES",
    "AthenaApiError",
    "Kind",
    "Statement",
    "parse_query",
    "position",
    "read_statement",
    "tokenize",
]
