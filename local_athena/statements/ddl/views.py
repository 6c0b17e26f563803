"""CREATE [OR REPLACE] VIEW and DROP VIEW; a view is stored in Glue as Athena stores it, so that both can
read it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from sqlglot import exp

from local_athena.catalog.tables import CATALOG, BoundTable
from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.grammar.lexemes import lexemes
from local_athena.parse.kinds import LEADING
from local_athena.parse.statements import parse_query
from local_athena.statements.ctas_properties import output_columns
from local_athena.statements.ddl.context import DdlContext
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.ddl.view_text import laid_out
from local_athena.statements.outcome import Outcome
from local_athena.types.hive import to_hive


def create_view(context: DdlContext) -> Outcome:
    """Check the query, then keep its text and columns."""
    body = context.text[LEADING.match(context.text).end() :]  # type: ignore[union-attr]
    tree = parse_query(body)
    if not isinstance(tree, exp.Create) or tree.expression is None:
        raise QueryFailed("SYNTAX_ERROR", "line 1:1: CREATE VIEW needs a query")
    name, replaces = _name(context, tree), bool(tree.args.get("replace"))
    sql = _query_text(body)
    tables = WithoutView(context.queries.tables(context.session), f"{CATALOG}.{name[0]}.{name[1]}")
    columns = output_columns(context.queries.prepare(sql, parse_query(sql), context.session, tables))
    existing = context.table(name)
    if existing is not None and (not replaces or existing.get("TableType") != "VIRTUAL_VIEW"):
        raise QueryFailed(
            "TABLE_ALREADY_EXISTS", f"line 1:1: View already exists: 'awsdatacatalog.{name[0]}.{name[1]}'"
        )
    made = view_input(name, laid_out(sql), columns, context.database)
    if existing is not None:
        context.glue.update_table(DatabaseName=name[0], TableInput=made)
    else:
        context.glue.create_table(DatabaseName=name[0], TableInput=made)
    return Outcome(update_type="CREATE VIEW")


class WithoutView:
    """The tables that a new view's query may name: any but the view, also inside of other views."""

    def __init__(self, tables: Any, name: str) -> None:
        self._tables, self._name = tables, name

    def resolve(self, parts: tuple[str, ...], where: str, moment: Any = None) -> BoundTable:
        """A table.

        Raises:
            QueryFailed: VIEW_IS_RECURSIVE, it is the view.
        """
        asked = (CATALOG, self._tables.database, *parts)[-3:] if len(parts) == 1 else (CATALOG, *parts)[-3:]
        if ".".join(asked).lower() == self._name:
            raise QueryFailed(
                "VIEW_IS_RECURSIVE", f"{where}Statement would create a recursive view", error_type=1107
            )
        found: BoundTable = self._tables.resolve(parts, where, moment)
        if found.tables_inside is None:
            return found
        return replace(found, tables_inside=WithoutView(found.tables_inside, self._name))


def _name(context: DdlContext, tree: exp.Expr) -> tuple[str, str]:
    table = tree.this if isinstance(tree.this, exp.Table) else tree.this.this
    name = (table.db.lower() or context.database, table.name.lower())
    if not context.has_database(name[0]):
        raise QueryFailed("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{name[0]}' does not exist")
    return name


def _query_text(body: str) -> str:
    """What stands after the first AS that is a word of its own.

    Raises:
        QueryFailed: NOT_SUPPORTED, something stands between the name and it.
    """
    for lexeme in lexemes(body):
        if lexeme.key in ("COMMENT", "SECURITY") and body[: lexeme.start].rstrip()[-1:] != ".":
            following = body[lexeme.end :].lstrip()[:2].upper()
            if following != "AS":
                raise not_supported(f"CREATE VIEW with {lexeme.key} is not supported")
        if lexeme.key == "AS":
            return body[lexeme.end :].strip()
    raise QueryFailed("SYNTAX_ERROR", "line 1:1: CREATE VIEW needs a query")


def view_input(
    name: tuple[str, str], sql: str, columns: list[tuple[str, Any]], schema: str
) -> dict[str, Any]:
    """A view's TableInput."""
    kept = {
        "originalSql": sql,
        "catalog": "awsdatacatalog",
        "schema": schema,
        "columns": [{"name": n, "type": str(t)} for n, t in columns],
    }
    encoded = base64.b64encode(json.dumps(kept).encode()).decode()
    return {
        "Name": name[1],
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [{"Name": n, "Type": to_hive(t)} for n, t in columns],
            "Location": "",
            "SerdeInfo": {},
        },
    }


def drop_view(context: DdlContext) -> Outcome:
    """DROP VIEW [IF EXISTS] name."""
    reader = Reader(context.text.replace('"', "`"), hive=False)
    reader.expect("DROP", "VIEW")
    tolerant = reader.accept("IF", "EXISTS")
    name = reader.table_name(context.database)
    reader.end()
    found = context.table(name)
    if found is None or found.get("TableType") != "VIRTUAL_VIEW":
        if tolerant and found is None:
            return Outcome()
        raise QueryFailed(
            "TABLE_NOT_FOUND", f"line 1:1: View 'awsdatacatalog.{name[0]}.{name[1]}' does not exist"
        )
    context.glue.delete_table(DatabaseName=name[0], Name=name[1])
    return Outcome(update_type="DROP VIEW")
