"""UNLOAD: a query's rows as files at a location, without a table.

`UNLOAD (query) TO 's3://...' WITH (format = '...', compression = '...', partitioned_by = ARRAY[...], ...)`;
https://docs.aws.amazon.com/athena/latest/ug/unload.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from local_athena.errors import QueryFailed, malformed_query, not_supported
from local_athena.parse.statements import parse_query, position, tokenize
from local_athena.statements.create_table_as import folder_of
from local_athena.statements.ctas_properties import check_empty, check_hive_types, ctas_properties, split_keys
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.output import table_files
from local_athena.statements.output.sinks import Layout, compression_of
from local_athena.statements.output.table_files import Target, Written
from local_athena.statements.query import Queries
from local_athena.statements.undo import Undo
from local_athena.types.hive import to_hive

KNOWN = frozenset(("format", "compression", "compression_level", "field_delimiter", "partitioned_by"))


@dataclass(frozen=True, slots=True)
class Unload:
    """A read UNLOAD: its query (as text with the positions it has in the statement, and as a tree), its
    location with a final slash, and a CREATE TABLE that has its properties.
    """

    text: str
    query: exp.Expr
    location: str
    properties: exp.Create


def read_unload(text: str) -> Unload:
    """The parts of a statement.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    tokens = tokenize(text)
    inner, at = _parenthesised(text, tokens, 1)
    if _word(tokens, at) != "TO":
        raise _expected(text, tokens, at, "'TO'")
    if at + 1 >= len(tokens) or tokens[at + 1].token_type is not TokenType.STRING:
        raise _expected(text, tokens, at + 1, "<string>")
    location = tokens[at + 1].text
    block = ""
    if _word(tokens, at + 2) == "WITH":
        inside, end = _parenthesised(text, tokens, at + 3)
        block = f"WITH ({inside.strip()})"
        at = end - 2
    if at + 2 < len(tokens):
        raise _expected(text, tokens, at + 2, "<EOF>")
    properties = parse_query(f"CREATE TABLE unloaded {block} AS SELECT 1 AS a")
    if not isinstance(properties, exp.Create):
        raise malformed_query("Queries of this type are not supported")
    return Unload(inner, parse_query(inner), location.rstrip("/") + "/", properties)


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].text.upper() if at < len(tokens) else ""


def _parenthesised(text: str, tokens: list[Token], at: int) -> tuple[str, int]:
    """The text between the parentheses that open at a token, in its place, and the token after them."""
    if at >= len(tokens) or tokens[at].token_type is not TokenType.L_PAREN:
        raise _expected(text, tokens, at, "'('")
    depth = 0
    for end in range(at, len(tokens)):
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(tokens[end].token_type, 0)
        if depth == 0:
            start, stop = tokens[at].end + 1, tokens[end].start
            before = "".join("\n" if c == "\n" else " " for c in text[:start])
            return before + text[start:stop], end + 1
    raise _expected(text, tokens, len(tokens), "')'")


def _expected(text: str, tokens: list[Token], at: int, wanted: str) -> Exception:
    found = tokens[at] if at < len(tokens) else None
    line, column = position(text, found.start if found else len(text))
    word = found.text if found else "<EOF>"
    return malformed_query(f"line {line}:{column}: mismatched input '{word}'. Expecting: {wanted}")


def unload(queries: Queries, job: Job, tree: exp.Expr | None, check: Callable[[Job, int], None]) -> Outcome:
    """Run an UNLOAD, whose query is `tree` when it has been read before.

    Raises:
        QueryFailed: the location has files, or a property is not supported.
    """
    read = read_unload(job.statement.text)
    properties = ctas_properties(read.properties, KNOWN)
    if "format" not in properties:
        raise QueryFailed("INVALID_TABLE_PROPERTY", "UNLOAD needs the property 'format'")
    if not read.location.startswith("s3://") or len(read.location) < 7:
        raise QueryFailed("", f"Unload location is not a valid S3 path: {read.location}", error_type=1109)
    prepared = queries.prepare(read.text, tree or read.query, job.session)
    check(job, prepared.scanned)
    columns = [(c.name or f"_col{i}", c.type) for i, c in enumerate(prepared.columns)]
    for i, (_, type_) in enumerate(columns):
        if type_.base == "unknown":
            raise QueryFailed("COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown at position {i + 1}")
        to_hive(type_)
    check_hive_types(columns)
    lowered = [(n.lower(), t) for n, t in columns]
    if len({n for n, _ in lowered}) != len(lowered):
        raise not_supported("UNLOAD of several columns with the same name is not supported")
    format_ = str(properties["format"]).upper()
    data, keys = split_keys(lowered, properties.get("partitioned_by", []))
    compression = compression_of(format_, properties.get("compression"))
    delimiter = properties.get("field_delimiter", "\x01")
    layout = Layout(format_, compression, data).with_delimiter(delimiter)
    check_empty(queries, read.location, f"{job.session.database}.unload_{job.execution_id}")
    target = Target(layout, partial(folder_of, read.location, keys), keys)
    written = table_files.write(queries, job, prepared, target, _undo)
    return Outcome(None, ROWS_COLUMN, written.rows, None, prepared.scanned, written=written.uris)


def _undo(written: Written) -> Undo:
    return Undo("", "", uris=written.uris)
