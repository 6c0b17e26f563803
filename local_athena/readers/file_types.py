"""A file's column as the table's type: which types fit, and the SQL that turns one into the other.

Athena refuses a file whose column cannot be the table's type with HIVE_BAD_DATA. A field that a row lacks is NULL.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from local_athena.catalog.files import DataFile
from local_athena.catalog.tables import TableColumn
from local_athena.errors import QueryFailed
from local_athena.readers.assembly import to_milliseconds
from local_athena.readers.footers import FileColumn
from local_athena.sql.build import carrier_sql, cast_as, ident, null_of, sql, string, struct
from local_athena.sql.fragment import Sql, function
from local_athena.sql.text_casts import fit_text
from local_athena.sql.typed import Typed
from local_athena.types.hive import from_hive, to_hive
from local_athena.types.trino import INTEGERS, VARCHAR, TrinoType

Test = Callable[[pa.DataType], bool]


def _any(*tests: Test) -> Test:
    return lambda type_: any(test(type_) for test in tests)


TEXT = _any(pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
FITS: dict[str, Test] = {
    **dict.fromkeys(("varchar", "char", "varbinary"), _any(TEXT, pa.types.is_fixed_size_binary)),
    **dict.fromkeys(INTEGERS, pa.types.is_integer),
    **dict.fromkeys(("real", "double"), pa.types.is_floating),
    "decimal": _any(pa.types.is_decimal, pa.types.is_integer),
    "boolean": pa.types.is_boolean,
    "date": pa.types.is_date,
    **dict.fromkeys(("timestamp", "timestamp with time zone"), pa.types.is_timestamp),
    "array": _any(pa.types.is_list, pa.types.is_large_list),
    "map": pa.types.is_map,
    "row": pa.types.is_struct,
}
"""Which of a file's types can be a table's."""
PHYSICAL: tuple[tuple[Test, str], ...] = (
    (TEXT, "BINARY"),
    (pa.types.is_int64, "INT64"),
    (pa.types.is_timestamp, "INT96"),
    (pa.types.is_float32, "FLOAT"),
    (pa.types.is_floating, "DOUBLE"),
    (pa.types.is_boolean, "BOOLEAN"),
    (pa.types.is_decimal, "FIXED_LEN_BYTE_ARRAY"),
    (_any(pa.types.is_list, pa.types.is_map, pa.types.is_struct), "group"),
)
ORC_NAMES: tuple[tuple[Test, str], ...] = (
    (pa.types.is_binary, "BINARY"),
    (TEXT, "STRING"),
    (pa.types.is_int8, "BYTE"),
    (pa.types.is_int16, "SHORT"),
    (pa.types.is_int32, "INT"),
    (pa.types.is_int64, "LONG"),
    (pa.types.is_float32, "FLOAT"),
    (pa.types.is_floating, "DOUBLE"),
    (pa.types.is_boolean, "BOOLEAN"),
    (pa.types.is_decimal, "DECIMAL"),
    (pa.types.is_date, "DATE"),
    (pa.types.is_timestamp, "TIMESTAMP"),
    (pa.types.is_list, "LIST"),
    (pa.types.is_map, "MAP"),
)


def _named(names: tuple[tuple[Test, str], ...], type_: pa.DataType, otherwise: str) -> str:
    return next((name for test, name in names if test(type_)), otherwise)


def check_readable(column: TableColumn, found: FileColumn | None, file: DataFile, kind: str) -> None:
    """Refuse a column that is neither the table's type nor the one that its partition declares.

    Raises:
        QueryFailed: HIVE_BAD_DATA.
    """
    if found is None or _fits(found.type, column.type):
        return
    declared = from_hive(dict(file.columns).get(column.name) or to_hive(column.type))
    if declared != column.type and _fits(found.type, declared):
        return
    if kind == "orc":
        name = _named(ORC_NAMES, found.type, "STRUCT")
        raise QueryFailed(
            "HIVE_BAD_DATA",
            f"Malformed ORC file. Cannot read SQL type '{column.type}' from ORC stream '.{found.name}' of type {name} "  # noqa: E501
            f"with attributes {{}} [{file.stored.uri}]",
        )
    physical = _named(PHYSICAL, found.type, "INT32")
    raise QueryFailed(
        "HIVE_BAD_DATA",
        f"Field {found.name}'s type {physical} in {kind} file {file.stored.uri} is incompatible with type "
        f"{column.type} defined in table schema",
    )


def _fits(found: pa.DataType, wanted: TrinoType) -> bool:
    if pa.types.is_null(found):
        return True
    test = FITS.get(wanted.base)
    if test is None or not test(found):
        return False
    if wanted.base == "array":
        return _fits(found.value_type, wanted.element)
    if wanted.base == "map":
        return _fits(found.key_type, wanted.element) and _fits(found.item_type, wanted.value)
    if wanted.base == "row":
        inside = {f.name.lower(): f.type for f in found}
        pairs = zip(wanted.names, wanted.parts, strict=True)
        return all(_fits(inside[n.lower()], part) for n, part in pairs if n and n.lower() in inside)
    return True


def value_sql(held: Sql, found: pa.DataType, type_: TrinoType, depth: int = 0) -> Sql:
    """A file's column as its Trino type's carrier: rows become positional, timestamps lose their zone."""
    if pa.types.is_null(found):
        # A column that its writer gave no type holds NULLs only.
        return null_of(type_)
    if type_.base == "row":
        return _row(held, found, type_, depth)
    item = ident(f"p{depth}")
    if type_.base == "array":
        inner = value_sql(item, found.value_type, type_.element, depth + 1)
        return sql("list_transform({}, {})", held, function((item,), inner))
    if type_.base == "map":
        key = value_sql(sql("{}.key", item), found.key_type, type_.element, depth + 1)
        value = value_sql(sql("{}.value", item), found.item_type, type_.value, depth + 1)
        entry = function((item,), struct(key=key, value=value))
        return sql("map_from_entries(list_transform(map_entries({}), {}))", held, entry)
    if type_.base in ("varchar", "char"):
        # A file may say that a text is binary.
        text = sql("decode({})", held) if "binary" in str(found) else sql("CAST({} AS VARCHAR)", held)
        return fit_text(text, Typed(text, VARCHAR), type_)
    if type_.base in INTEGERS and TEXT(found):
        whole = sql("regexp_full_match({}, '[+-]?[0-9]+')", held)
        return sql("CASE WHEN {} THEN TRY_CAST({} AS {}) END", whole, held, carrier_sql(type_))
    if type_.base == "timestamp with time zone":
        moment = to_milliseconds(sql("CAST({} AS TIMESTAMP)", held))
        zoned = struct(t=moment, z=string("UTC"))
        return sql("CASE WHEN {} IS NOT NULL THEN {} END", held, zoned)
    made = cast_as(held, type_)
    finer = pa.types.is_timestamp(found) and found.unit in ("us", "ns")
    return to_milliseconds(made) if type_.base == "timestamp" and finer and type_.precision == 3 else made


def _row(held: Sql, found: pa.DataType, type_: TrinoType, depth: int) -> Sql:
    inside = {f.name.lower(): f for f in found}
    fields = {
        f"f{i}": _field(held, inside.get((name or "").lower()), part, depth)
        for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
    }
    return sql("CASE WHEN {} IS NOT NULL THEN {} END", held, struct(**fields))


def _field(held: Sql, found: pa.Field | None, type_: TrinoType, depth: int) -> Sql:
    if found is None:
        return null_of(type_)
    return value_sql(sql("struct_extract({}, {})", held, string(found.name)), found.type, type_, depth)
