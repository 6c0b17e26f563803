"""The types that Hive's grammar has, and the limits of their lengths.

https://docs.aws.amazon.com/athena/latest/ug/data-types.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed

if TYPE_CHECKING:
    from local_athena.statements.ddl.reader import Reader

PRIMITIVE = frozenset(
    ("boolean", "tinyint", "smallint", "int", "integer", "bigint", "float", "double", "string", "binary",
     "date", "timestamp")
)  # fmt: skip
LENGTHS = {"char": 255, "varchar": 65535}
DECIMALS = ("decimal", "dec", "numeric")
MOST_DIGITS = 38
ICEBERG = frozenset(("timestamptz",))
"""What only Iceberg tables have beside these."""
DEEPEST = 100


def read_type(reader: Reader, depth: int = 0) -> str:
    """A type, written without blanks in lower case.

    Raises:
        QueryFailed: it is none, or a number is beyond its limit.
    """
    word = reader.next()
    name = word.value.lower()
    if word.kind == "word" and depth < DEEPEST:
        if name in PRIMITIVE or name in ICEBERG:
            return name
        if name in LENGTHS:
            return f"{name}({_length(reader, name)})"
        if name in DECIMALS:
            return name + _digits(reader)
        if name in CONTAINERS:
            return CONTAINERS[name](reader, depth + 1)
    reader.at -= 1
    raise reader.error()


def _number(reader: Reader) -> int:
    word = reader.next()
    if word.kind != "word" or not word.value.isdigit() or len(word.value) > 9:
        reader.at -= 1
        raise reader.error()
    return int(word.value)


def _length(reader: Reader, name: str) -> int:
    reader.expect("(")
    length = _number(reader)
    reader.expect(")")
    if not 1 <= length <= LENGTHS[name]:
        raise _beyond(f"{name.capitalize()} length {length} out of allowed range [1, {LENGTHS[name]}]")
    return length


def _digits(reader: Reader) -> str:
    """`(10,2)`, `(10)` or nothing."""
    if not reader.accept("("):
        return ""
    precision, scale = _number(reader), None
    if reader.accept(","):
        scale = _number(reader)
    reader.expect(")")
    if not 1 <= precision <= MOST_DIGITS:
        raise _beyond(f"Decimal precision out of allowed range [1,{MOST_DIGITS}]")
    if (scale or 0) > precision:
        raise _beyond("Decimal scale must be less than or equal to precision")
    return f"({precision})" if scale is None else f"({precision},{scale})"


def _beyond(why: str) -> QueryFailed:
    return QueryFailed("", f"FAILED: SemanticException {why}", error_type=1003)


def _array(reader: Reader, depth: int) -> str:
    reader.expect("<")
    element = read_type(reader, depth)
    reader.expect(">")
    return f"array<{element}>"


def _map(reader: Reader, depth: int) -> str:
    reader.expect("<")
    if any(reader.starts(name.upper()) for name in CONTAINERS):
        raise reader.error()
    key = read_type(reader, depth)
    reader.expect(",")
    value = read_type(reader, depth)
    reader.expect(">")
    return f"map<{key},{value}>"


def _struct(reader: Reader, depth: int) -> str:
    reader.expect("<")
    fields: list[str] = []
    while not fields or reader.accept(","):
        name = reader.identifier()
        reader.expect(":")
        fields.append(f"{name}:{read_type(reader, depth)}")
        if reader.accept("COMMENT"):
            reader.string()
    reader.expect(">")
    return f"struct<{','.join(fields)}>"


CONTAINERS = {"array": _array, "map": _map, "struct": _struct}
