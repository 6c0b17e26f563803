"""OPTIMIZE and VACUUM as they are read, before a table is looked up.

https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html
https://docs.aws.amazon.com/athena/latest/ug/vacuum-statement.html
"""

from __future__ import annotations

import re

from local_athena.errors import malformed_query

NAME = r'(?P<name>(?:"[^"]+"|`[^`]+`|[\w$]+)(?:\.(?:"[^"]+"|`[^`]+`|[\w$]+)){0,2})'
OPTIMIZE = re.compile(
    rf"OPTIMIZE\s+{NAME}\s+REWRITE\s+DATA\s+USING\s+BIN_PACK(?:\s+WHERE\s+(?P<where>.+))?", re.I | re.S
)
VACUUM = re.compile(rf"VACUUM\s+{NAME}", re.I)


def optimize_form(body: str) -> re.Match[str]:
    """The `name` and the `where` (None for none) of an OPTIMIZE.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    found = OPTIMIZE.fullmatch(body)
    if found is None:
        raise malformed_query(
            "line 1:1: mismatched input. Expecting: "
            "OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE predicate]"
        )
    return found


def vacuum_form(body: str) -> re.Match[str]:
    """The `name` of a VACUUM.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    found = VACUUM.fullmatch(body)
    if found is None:
        raise malformed_query("line 1:1: mismatched input. Expecting: VACUUM table")
    return found
