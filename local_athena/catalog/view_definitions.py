"""A view as Athena keeps it: its query and the columns that it had when it was made.

https://github.com/trinodb/trino/blob/master/plugin/trino-hive/src/main/java/io/trino/plugin/hive/ViewReaderUtil.java
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType, parse_type

VIEW_MARK = "/* Presto View: "
HIVE_TYPE = re.compile(r"\b(?:string|binary)\b(?!\s+\w)|\bstruct\s*[<(]", re.IGNORECASE)
"""What Hive calls a type and Trino does not."""


@dataclass(frozen=True, slots=True)
class ViewDefinition:
    """The query, the database that its names mean, and its columns."""

    sql: str
    schema: str
    columns: tuple[tuple[str, TrinoType], ...]


def view_definition(table: dict[str, Any], name: str, where: str) -> ViewDefinition:
    """The definition in a Glue table; `where` begins an error's message.

    Raises:
        QueryFailed: it is Hive's, or nothing that Athena wrote.
    """
    text = str(table.get("ViewOriginalText") or "")
    start, end = text.find(VIEW_MARK), text.rfind(" */")
    if start < 0 or end < 0:
        raise QueryFailed("NOT_SUPPORTED", "Hive views are not supported", error_type=1200)
    try:
        view = json.loads(base64.b64decode(text[start + len(VIEW_MARK) : end]))
        sql, columns = str(view["originalSql"]), [(str(c["name"]), str(c["type"])) for c in view["columns"]]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise QueryFailed("HIVE_INVALID_VIEW_DATA", f"Invalid view definition of {name}") from error
    typed = tuple((column, _type(type_, column, name, where)) for column, type_ in columns)
    return ViewDefinition(sql, str(view.get("schema") or table["DatabaseName"]), typed)


def _type(text: str, column: str, name: str, where: str) -> TrinoType:
    try:
        if HIVE_TYPE.search(text):
            raise ValueError(text)
        return parse_type(text)
    except (ValueError, IndexError) as error:
        raise QueryFailed(
            "INVALID_VIEW",
            f"{where}Unknown type '{text}' for column '{column}' in view: {name}",
            error_type=1107,
        ) from error
