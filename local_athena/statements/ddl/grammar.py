"""Hive DDL as it is read before it starts: a statement that is not of these forms gets no execution.

Each form reads a statement to its end and looks nothing up; `ddl/reader.py` has its words. What Athena lets start and
then fail (DROP COLUMN and RENAME of a Hive table) is not here.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable

from local_athena.errors import AthenaApiError, QueryFailed, malformed_query
from local_athena.parse.statements import position
from local_athena.statements.ddl.clauses import read_definition, read_iceberg_definition
from local_athena.statements.ddl.reader import UNREAD, Reader

Form = Callable[[Reader], None]


def check_form(kind: str, text: str) -> None:
    """Refuse a Hive statement that cannot be read; `kind` is its substatement type.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    form, reader = FORMS.get(kind), Reader(text)
    if form is None:
        return
    try:
        form(reader)
        reader.end()
    except QueryFailed as error:
        if error.reason.startswith(UNREAD):
            raise _no_table(reader) if kind == "CREATE_TABLE" else _malformed(reader) from error


def _no_table(reader: Reader) -> AthenaApiError:
    """Athena's parser gives up a CREATE TABLE at its second word, wherever the fault is (measured)."""
    second = reader.words[1] if len(reader.words) > 1 else None
    until = len(reader.text) if second is None else second.at + len(second.value)
    line, column = position(reader.text, until if second is None else second.at)
    read = reader.text[reader.words[0].at : until]
    return malformed_query(f"line {line}:{column}: no viable alternative at input '{read}'")


def _malformed(reader: Reader) -> AthenaApiError:
    word = reader.peek()
    line, column = position(reader.text, word.at if word is not None else len(reader.text))
    if word is None:
        return malformed_query(f"line {line}:{column}: mismatched input '<EOF>'")
    shown = reader.text[word.at :].split(None, 1)[0] if word.kind == "text" else word.value
    if reader.expected:
        return malformed_query(
            f"line {line}:{column}: mismatched input '{shown}' expecting '{reader.expected}'"
        )
    read = reader.text[: word.at].rstrip() + (" " if word.at else "") + shown
    return malformed_query(f"line {line}:{column}: no viable alternative at input '{read}'")


def _alter(rest: Form) -> Form:
    def form(reader: Reader) -> None:
        reader.expect("ALTER", "TABLE")
        reader.table_name("")
        rest(reader)

    return form


def _add_partition(reader: Reader) -> None:
    reader.expect("ADD")
    reader.accept("IF", "NOT", "EXISTS")
    reader.expect("PARTITION")
    reader.at -= 1
    while reader.accept("PARTITION"):
        reader.partition()
        if reader.accept("LOCATION"):
            reader.string()
        reader.accept(",")


def _drop_partition(reader: Reader) -> None:
    reader.expect("DROP")
    reader.accept("IF", "EXISTS")
    reader.expect("PARTITION")
    reader.partition()
    while reader.accept(","):
        reader.expect("PARTITION")
        reader.partition()


def _columns(*words: str) -> Form:
    def form(reader: Reader) -> None:
        if reader.accept("PARTITION"):
            reader.partition()
        reader.expect(*words)
        reader.columns()

    return form


def _properties(reader: Reader) -> None:
    if not reader.accept("UNSET"):
        reader.expect("SET")
        reader.expect("TBLPROPERTIES")
        reader.properties()
        return
    reader.expect("TBLPROPERTIES")
    reader.accept("IF", "EXISTS")
    reader.strings()


def _location(reader: Reader) -> None:
    if reader.accept("PARTITION"):
        reader.partition()
    reader.expect("SET", "LOCATION")
    reader.string()


def _create_table(reader: Reader) -> None:
    reader.expect("CREATE")
    external = reader.accept("EXTERNAL")
    reader.expect("TABLE")
    reader.accept("IF", "NOT", "EXISTS")
    reader.table_name("")
    if external:
        read_definition(reader)
    else:
        read_iceberg_definition(reader)


def _create_database(reader: Reader) -> None:
    reader.expect("CREATE")
    reader.next()
    reader.accept("IF", "NOT", "EXISTS")
    reader.database_name()
    if reader.accept("COMMENT"):
        reader.string()
    if reader.accept("LOCATION"):
        reader.string()
    if reader.accept("WITH", "DBPROPERTIES"):
        reader.properties()


def _alter_database(reader: Reader) -> None:
    reader.expect("ALTER")
    reader.next()
    reader.database_name()
    reader.expect("SET", "DBPROPERTIES")
    reader.properties()


def _named(*words: str, tolerant: bool = False, after: tuple[str, ...] = ()) -> Form:
    """`words [IF EXISTS] name [one of after]`."""

    def form(reader: Reader) -> None:
        reader.expect(*words)
        if tolerant:
            reader.accept("IF", "EXISTS")
        reader.table_name("")
        if after:
            reader.accept(*after)

    return form


def _drop_database(reader: Reader) -> None:
    reader.expect("DROP")
    reader.next()
    reader.accept("IF", "EXISTS")
    reader.database_name()
    if not reader.accept("CASCADE"):
        reader.accept("RESTRICT")


def _listed(*words: str) -> Form:
    """`words [IN database] [[LIKE] 'pattern']`."""

    def form(reader: Reader) -> None:
        reader.expect(*words)
        if reader.accept("IN") or reader.accept("FROM"):
            reader.database_name()
        if reader.accept("LIKE") or reader.peek() is not None:
            reader.string()

    return form


FORMS: dict[str, Form] = {
    "ALTER_TABLE_ADD_PARTITION": _alter(_add_partition),
    "ALTER_TABLE_DROP_PARTITION": _alter(_drop_partition),
    "ALTER_TABLE_ADD_COLUMN": _alter(_columns("ADD", "COLUMNS")),
    "ALTER_TABLE_REPLACE_COLUMN": _alter(_columns("REPLACE", "COLUMNS")),
    "ALTER_TABLE_PROPERTIES": _alter(_properties),
    "ALTER_TABLE_SET_LOCATION": _alter(_location),
    "ALTER_DATABASE": _alter_database,
    "CREATE_DATABASE": _create_database,
    "CREATE_TABLE": _create_table,
    "DROP_DATABASE": _drop_database,
    "DROP_TABLE": _named("DROP", "TABLE", tolerant=True, after=("PURGE",)),
    "MSCK_REPAIR": _named("MSCK", "REPAIR", "TABLE"),
    "SHOW_TABLES": _listed("SHOW", "TABLES"),
    "SHOW_VIEWS": _listed("SHOW", "VIEWS"),
    "SHOW_PARTITIONS": _named("SHOW", "PARTITIONS"),
    "SHOW_CREATE_TABLE": _named("SHOW", "CREATE", "TABLE"),
}
"""The form of each kind of statement that Hive alone reads."""
