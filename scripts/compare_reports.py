"""Compare two documents of `laguna report` or `laguna demo`: the same totals and answers, and not empty.

Usage: compare_reports.py FIRST SECOND. Exits 1 with the first difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def difference(first: dict[str, Any], second: dict[str, Any]) -> str | None:
    """A sentence about the first thing that is empty or differs, or None."""
    for part in ("tables", "queries"):
        if not first[part]:
            return f"'{part}' is empty"
    for table in first["tables"].keys() | second["tables"].keys():
        if first["tables"].get(table) != second["tables"].get(table):
            return (
                f"the totals of {table} differ: {first['tables'].get(table)} / {second['tables'].get(table)}"
            )
    for one, other in zip(first["queries"], second["queries"], strict=True):
        if not one["rows"] or sorted(map(str, one["rows"])) != sorted(map(str, other["rows"])):
            return f"the rows of {one['name']} are empty or differ"
    return None


if __name__ == "__main__":
    found = difference(*(json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3]))
    if found:
        sys.exit(f"The reports are not the same: {found}.")
    sys.stdout.write("The totals and the answers are the same.\n")
