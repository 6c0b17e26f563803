"""SearchTables: tables of all databases by words and properties.

See https://docs.aws.amazon.com/glue/latest/webapi/API_SearchTables.html (November 2026).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request
from local_aws.glue.catalog.tables import shown_table

MOST = 1000
_COMPARATORS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": operator.eq,
    "GREATER_THAN": operator.gt,
    "LESS_THAN": operator.lt,
    "GREATER_THAN_EQUALS": operator.ge,
    "LESS_THAN_EQUALS": operator.le,
}


class Search:
    """SearchTables."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def search_tables(self, request: Request, caller: Caller) -> Answer:
        """Return the tables that have `SearchText` somewhere and that every filter is true for.

        The text is looked for in names, description, columns and properties. A filter without a comparator
        asks for its value anywhere in the property. Without `SortCriteria` the order is that of
        database and name.
        """
        self._store.check_catalog(request)
        rows = self._store.read().execute("SELECT * FROM catalog_table ORDER BY database_name, name")
        found = [
            table for table in (shown_table(self._store, row) for row in rows) if _matches(table, request)
        ]
        for criterion in reversed(request.get("SortCriteria") or []):
            name = _member(criterion.get("FieldName", ""))
            found.sort(key=lambda table: str(table.get(name, "")), reverse=criterion.get("Sort") == "DESC")
        limit = limit_of(request, MOST)
        start = after(request, int) or 0
        numbered = list(enumerate(found, 1))[start : start + limit + 1]
        given, token = page(numbered, limit, lambda item: item[0])
        return {"TableList": [table for _, table in given], **token}


def _matches(table: Answer, request: Request) -> bool:
    text = request.get("SearchText", "").strip('"').lower()
    words = " ".join(_words(table)).lower()
    return text in words and all(_satisfies(table, one) for one in request.get("Filters") or [])


def _words(table: Answer) -> list[str]:
    columns = [*(table.get("StorageDescriptor") or {}).get("Columns", []), *table["PartitionKeys"]]
    parameters = table.get("Parameters") or {}
    return [
        table["DatabaseName"],
        table["Name"],
        table.get("Description", ""),
        *(f"{column['Name']} {column.get('Comment', '')}" for column in columns),
        *(f"{key} {value}" for key, value in parameters.items()),
    ]


def _satisfies(table: Answer, condition: dict[str, Any]) -> bool:
    key, wanted = condition.get("Key", ""), condition.get("Value", "")
    parameters = table.get("Parameters") or {}
    actual = str(parameters[key] if key in parameters else table.get(_member(key), ""))
    comparator = condition.get("Comparator")
    if comparator is None:
        return wanted.lower() in actual.lower()
    return _COMPARATORS[comparator](actual, wanted)


def _member(field: str) -> str:
    if not field:
        raise invalid("A filter or a sort criterion names no field.")
    return field[0].upper() + field[1:]
