"""What StartQueryExecution refuses about a statement before there is an execution: each in Athena's words.

Hive DDL takes names in backquotes, never in double quotes; it needs EXTERNAL and LOCATION for a table; a
name has at most three parts (https://docs.aws.amazon.com/athena/latest/ug/create-table.html; the words are
measured).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from local_athena.errors import AthenaApiError, invalid_request, malformed_query
from local_athena.parse.statements import Statement, position

NAME = r'(?:`[^`]*`|"[^"]*"|[^\s.(;`"]+)(?:\s*\.\s*(?:`[^`]*`|"[^"]*"|[^\s.(;`"]+))*'
ICEBERG = r"'table_type'\s*=\s*'iceberg'"
NO_VIABLE = "line {line}:{column}: no viable alternative at input '{input}'"
MISMATCHED = "line {line}:{column}: mismatched input '{word}' expecting {{<identifier>}}"

MALFORMED: tuple[tuple[str, str], ...] = (
    (
        r"CREATE\s+OR\s+REPLACE\s+(?P<word>TABLE)\b",
        "line {line}:{column}: mismatched input 'TABLE'. "
        "Expecting: 'MATERIALIZED', 'MULTI', 'PROTECTED', 'VIEW'",
    ),
    (rf"CREATE\s+EXTERNAL\s+TABLE\b.*{ICEBERG}", "External keyword not supported for table type ICEBERG"),
    (
        r"CREATE\s+(EXTERNAL\s+)?TABLE\b(?!.*\b(LOCATION|LIKE)\b)",
        "No location was specified for table. An S3 location must be specified",
    ),
    (rf"CREATE\s+TABLE\b(?!.*{ICEBERG})(?!.*\bLIKE\b)", "External keyword required for table type HIVE"),
    (r"(?:DESC|DESCRIBE)\s+(?P<word>\"[^\"]*\")", NO_VIABLE),
    (r"ALTER\s+TABLE\s+(?P<word>\"[^\"]*\")", NO_VIABLE),
    (r"ALTER\s+TABLE\s+IF\s+(?P<word>EXISTS)\b", NO_VIABLE),
    (rf"ALTER\s+TABLE\s+{NAME}\s+ADD\s+(?P<word>COLUMN)\b", NO_VIABLE),
    (
        rf"ALTER\s+TABLE\s+{NAME}\s+RENAME\s+(?P<word>COLUMN)\b",
        "line {line}:{column}: missing 'TO' at 'COLUMN'",
    ),
    (r"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?P<word>\"[^\"]*\")", MISMATCHED),
    (r"SHOW\s+COLUMNS\s+(?:IN|FROM)\s+(?P<word>\"[^\"]*\")", MISMATCHED),
    (
        r"SELECT\s*(?P<word>\Z)",
        "line {line}:{column}: mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>",
    ),
    (r"SELECT\s+([^\s(]+\s+)?FROM\s*\Z", "Queries of this type are not supported"),
)
"""Patterns of a statement's start, comments aside, and the message each gets; `word` is where it stops."""

NAMED: tuple[tuple[str, str], ...] = (
    ("DESCRIBE_TABLE", rf"(?:DESC|DESCRIBE)\s+(?!(?:FORMATTED|EXTENDED)\b)(?P<name>{NAME})"),
    (
        "SHOW_COLUMNS",
        rf"SHOW\s+COLUMNS\s+(?:IN|FROM)\s+(?P<name>{NAME})(?:\s+(?:IN|FROM)\s+(?P<database>\S+))?",
    ),
    ("CREATE_TABLE", rf"CREATE\s+(?:EXTERNAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>{NAME})"),
    ("CREATE_TABLE_AS_SELECT", rf"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>{NAME})"),
)
MUST_EXIST = ("DESCRIBE_TABLE", "SHOW_COLUMNS")
OWN_CATALOG = ("DESCRIBE_TABLE", "CREATE_TABLE")
FLAGS = re.IGNORECASE | re.DOTALL
_MALFORMED = [(re.compile(pattern, FLAGS), message) for pattern, message in MALFORMED]
_NAMED = {kind: re.compile(pattern, FLAGS) for kind, pattern in NAMED}

Exists = Callable[[str | None, str], bool]
"""Whether the catalog has a table: its database, None for the current one, and its name."""


def check(statement: Statement, exists: Exists, request_id: str) -> None:
    """Refuse a statement that Athena refuses to start.

    Raises:
        AthenaApiError: MALFORMED_QUERY, INVALID_INPUT or DATACATALOG_NOT_FOUND.
    """
    kind = statement.kind.substatement
    body = statement.body
    if kind not in ("INSERT", "CREATE_TABLE_AS_SELECT"):
        for pattern, message in _MALFORMED:
            found = pattern.match(body)
            if found is not None:
                raise _malformed(statement, found, message)
    named = _NAMED[kind].match(body) if kind in _NAMED else None
    if named is None:
        return
    parts = [part.strip('`"').lower() for part in re.split(r"\s*\.\s*", named["name"])]
    if len(parts) > 3:
        raise malformed_query(f"Invalid table name {'.'.join(parts)}")
    if len(parts) == 3 and parts[0] != "awsdatacatalog" and kind in OWN_CATALOG:
        raise invalid_request("DATACATALOG_NOT_FOUND", f"Catalog '{parts[0]}' does not exist")
    if kind in MUST_EXIST:
        given = (named.groupdict().get("database") or "").strip("`").lower()
        if not exists(given or (parts[-2] if len(parts) > 1 else None), parts[-1]):
            raise _not_found(request_id)


def _malformed(statement: Statement, found: re.Match[str], message: str) -> AthenaApiError:
    word = found.groupdict().get("word")
    if word is None:
        return malformed_query(message)
    offset = len(statement.text) - len(statement.body)
    line, column = position(statement.text, offset + found.start("word"))
    read = statement.body[: found.end("word")]
    return malformed_query(message.format(line=line, column=column, input=read, word=word))


def _not_found(request_id: str) -> AthenaApiError:
    return invalid_request(
        "INVALID_INPUT",
        "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; "
        f"Error Code: EntityNotFoundException; Request ID: {request_id}; Proxy: null)",
    )
