"""The one place where fragments become text, and where quoting lives.

A chain of a thousand operators is a thousand fragments deep, so the writer walks with a list of its own.
"""

from __future__ import annotations

import re

from local_athena.sql.fragment import Name, Sql, Text

_PLAIN = re.compile(r"[a-z]+(?:_[a-z]+)*[0-9]+|[a-z]")
"""Names that this project makes (r1, c0, scan12), none of which is a keyword of DuckDB's."""


def write(fragment: Sql) -> str:
    """The text of a fragment."""
    written: list[str] = []
    left: list[str | Sql] = [fragment]
    while left:
        piece = left.pop()
        if isinstance(piece, str):
            written.append(piece)
        elif isinstance(piece, Text):
            written.append(quoted_text(str(piece.pieces[0])))
        elif isinstance(piece, Name):
            written.append(".".join(quoted_name(str(part)) for part in piece.pieces))
        else:
            left.extend(reversed(piece.pieces))
    return "".join(written)


def quoted_text(value: str) -> str:
    """A text literal; DuckDB's parser ends at the first zero character, which is put in by its number."""
    parts = ["'" + part.replace("'", "''") + "'" for part in value.split("\0")]
    return parts[0] if len(parts) == 1 else f"({' || chr(0) || '.join(parts)})"


def quoted_name(value: str) -> str:
    """A name, in double quotes unless it is one of ours."""
    return value if _PLAIN.fullmatch(value) else '"' + value.replace('"', '""') + '"'
