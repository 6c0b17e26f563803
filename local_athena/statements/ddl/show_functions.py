"""SHOW FUNCTIONS [LIKE 'pattern']: the functions of the library, a row for each of their signatures.

The descriptions, which are prose of Trino's, are empty. https://trino.io/docs/current/sql/show-functions.html
"""

from __future__ import annotations

import re

from local_athena.statements.ddl.context import DdlContext
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome
from local_athena.statements.output.column_info import column_info
from local_athena.statements.output.result_file import csv_line
from local_athena.types.trino import BOOLEAN, VARCHAR

NAMES = ("Function", "Return Type", "Argument Types", "Function Type", "Deterministic", "Description")
CHANGING = frozenset(("rand", "random", "shuffle", "uuid"))
"""Functions that give another value each time."""


def show_functions(context: DdlContext) -> Outcome:
    """SHOW FUNCTIONS, whose result is a CSV with its header as a query's is."""
    reader = Reader(context.text)
    reader.expect("SHOW", "FUNCTIONS")
    pattern = reader.string() if reader.accept("LIKE") else "%"
    reader.end()
    content = csv_line(NAMES) + "".join(map(csv_line, _rows(_regular(pattern))))
    columns = [column_info(name, BOOLEAN if name == "Deterministic" else VARCHAR) for name in NAMES]
    return Outcome(content.encode(), columns, 0, content_type="binary/octet-stream")


def _rows(wanted: re.Pattern[str]) -> list[list[str]]:
    # Every function is loaded only here and by the first query.
    from local_athena.functions.library import LIBRARY

    rows = []
    for name in sorted(filter(wanted.fullmatch, LIBRARY)):
        for entry in LIBRARY[name]:
            for signature in entry.signatures:
                arguments, _, result = (part.strip() for part in signature.text.rpartition("->"))
                steady = str(name not in CHANGING).lower()
                rows.append([name, result, arguments, entry.kind, steady, ""])
    return rows


def _regular(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern as Python's."""
    return re.compile("".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in pattern), re.DOTALL)
