"""Answers of both sides in one form: column types as Athena says them, and rows of Athena's texts."""

from __future__ import annotations

import base64
import json
import math
import re
import urllib.request
from dataclasses import dataclass
from typing import Any

import local_athena
from local_athena.dbapi.connection import Connection, ProgrammingError
from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType, parse_type

NUMBER = re.compile(r"-?\d+\.\d+(?:E-?\d+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """Types and rows, or the name of an error with its text."""

    types: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    error: str | None = None
    message: str = ""


class Trino:
    """A Trino server, asked over its own protocol. https://trino.io/docs/current/develop/client-protocol.html"""

    def __init__(self, url: str) -> None:
        self._url = url
        self._headers = {
            "X-Trino-User": "differential",
            "X-Trino-Time-Zone": "UTC",
            "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
        }

    def ask(self, sql: str) -> Answer:
        """The answer to a statement."""
        page = self._page(f"{self._url}/v1/statement", sql.encode())
        columns, rows = page.get("columns"), list(page.get("data") or [])
        while "nextUri" in page and "error" not in page:
            page = self._page(page["nextUri"], None)
            columns = page.get("columns") or columns
            rows += page.get("data") or []
        if "error" in page:
            return Answer(error=page["error"].get("errorName"), message=str(page["error"].get("message")))
        types = [parse_type(column["type"]) for column in columns or ()]
        cells = tuple(tuple(text(v, t) for v, t in zip(row, types, strict=True)) for row in rows)
        return Answer(tuple(map(shown, types)), cells)

    def _page(self, url: str, body: bytes | None) -> dict[str, Any]:
        asked = urllib.request.Request(url, data=body, headers=self._headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            page: dict[str, Any] = json.load(answer)
            return page


class Local:
    """Athena's engine of this project, in this process."""

    def __init__(self) -> None:
        self._connection: Connection = local_athena.connect(region_name="us-east-1")

    def ask(self, sql: str) -> Answer:
        """The answer to a statement."""
        try:
            found = self._connection.answer(sql)
            rows = tuple(found.rows)
        except (ProgrammingError, QueryFailed) as error:
            reason = error.reason if isinstance(error, QueryFailed) else str(error)
            return Answer(error=reason.partition(":")[0], message=reason)
        except Exception as error:
            return Answer(error="LEAK", message=f"{type(error).__name__}: {error}")
        return Answer(tuple(map(_info, found.columns)), rows)


def _info(column: dict[str, Any]) -> str:
    base = {"float": "real"}.get(column["Type"], column["Type"])
    if base == "varchar":
        return base if column["Precision"] == 2147483647 else f"varchar({column['Precision']})"
    if base == "char":
        return f"char({column['Precision']})"
    return f"decimal({column['Precision']},{column['Scale']})" if base == "decimal" else base


def shown(type_: TrinoType) -> str:
    """A type as ResultSetMetadata tells it."""
    if type_.base == "decimal":
        return f"decimal({type_.precision},{type_.scale})"
    return str(type_) if type_.base in ("varchar", "char") else type_.base


def text(value: Any, type_: TrinoType) -> str | None:
    """A value of Trino's JSON as Athena's text."""
    if value is None:
        return None
    if type_.base == "boolean":
        return "true" if value else "false"
    if type_.base in ("double", "real"):
        return _floating(float(value.replace("Infinity", "inf") if isinstance(value, str) else value))
    if type_.base == "varbinary":
        return " ".join(f"{byte:02x}" for byte in base64.b64decode(value))
    if type_.base == "array":
        return f"[{', '.join(_inner(item, type_.element) for item in value)}]"
    if type_.base == "map":
        return f"{{{', '.join(f'{k}={_inner(v, type_.value)}' for k, v in value.items())}}}"
    if type_.base == "row":
        names = [name or f"field{i}" for i, name in enumerate(type_.names)]
        parts = zip(names, value, type_.parts, strict=True)
        return f"{{{', '.join(f'{name}={_inner(v, part)}' for name, v, part in parts)}}}"
    return str(value)


def _inner(value: Any, type_: TrinoType) -> str:
    made = text(value, type_)
    return "null" if made is None else made


def _floating(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{value!r}"
    digits, _, exponent = f"{value:.17g}".partition("e")
    if not exponent:
        digits, _, exponent = f"{value:.16e}".partition("e")
    shortest = next(f"{value:.{n}e}" for n in range(17) if float(f"{value:.{n}e}") == value)
    digits, _, exponent = shortest.partition("e")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def same(first: Answer, second: Answer, *, ordered: bool) -> str | None:
    """None when both agree, else how this engine differs: `types`, `rows`, `refuses` or `accepts`."""
    if first.error or second.error:
        return None if first.error and second.error else "refuses" if second.error else "accepts"
    if first.types != second.types:
        return "types"
    rows, others = ([tuple(map(_comparable, row, first.types)) for row in of.rows] for of in (first, second))
    if not ordered:
        rows, others = sorted(rows, key=repr), sorted(others, key=repr)
    return None if rows == others else "rows"


def _comparable(cell: str | None, type_: str) -> str | None:
    """A cell with its doubles to twelve digits, its reals to six, and the entries of a map in one order."""
    if cell is None or type_.startswith("varchar"):
        return cell
    digits = 5 if type_ == "real" else 11
    rounded = NUMBER.sub(lambda found: f"{float(found[0]):.{digits}e}", cell)
    if rounded.startswith("{") and "=" in rounded:
        return "{" + ", ".join(sorted(rounded[1:-1].split(", "))) + "}"
    return rounded
