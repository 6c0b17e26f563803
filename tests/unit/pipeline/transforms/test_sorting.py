"""Which lines are written, rejected or counted as duplicates."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from pipeline.transforms.clientes import CLIENTES
from pipeline.transforms.csv_files import lines_schema
from pipeline.transforms.csv_lines import AFTER, Line
from pipeline.transforms.proveedores import PROVEEDORES
from pipeline.transforms.sorting import rows_to_reject, rows_to_write, sort_lines
from pipeline.transforms.table import Table
from pipeline.transforms.transacciones import TRANSACCIONES

pytestmark = pytest.mark.spark

SIN_ID, REPETIDO = "sin identificador", "repetido"


def line(
    key: str, number: int, *values: str | None, extra: str | None = None, problem: str | None = None
) -> Line:
    return (key, number, *values, extra, f"fila {values}", problem, None)


def sort(
    spark: SparkSession, table: Table, lines: list[Line], partitions: int = 1
) -> tuple[DataFrame, DataFrame, int]:
    """What is written, what is rejected, and the number of duplicates."""
    frame = spark.createDataFrame(lines, lines_schema(table.layout)).drop("informe")
    found = sort_lines(frame, table, partitions).persist()
    duplicates = found.where("duplicada").count()
    return rows_to_write(found, table), rows_to_reject(found, table), duplicates


def motivos(rejected: DataFrame) -> list[tuple[str, int, str]]:
    return [(row["archivo"], row["linea"], row["motivo"]) for row in rejected.collect()]


def test_good_rows_are_written_in_their_types_in_the_order_of_the_file(spark: SparkSession) -> None:
    written, rejected, duplicates = sort(
        spark,
        TRANSACCIONES,
        [
            line("f", 3, "t2", "Venta ", "cli-1", "1.234,5678", "450", "SOLAR", "26/07/2025"),
            line(
                "f", 2, " t1", "COMPRA", "prv-1 ", "2,5", "310,005", "Hidroelectrica", "2025-07-25T10:00:00Z"
            ),
        ],
    )
    assert written.dtypes == [
        ("transaccion_id", "string"),
        ("tipo_transaccion", "string"),
        ("id_cliente_proveedor", "string"),
        ("cantidad_comprada_kwh", "decimal(18,3)"),
        ("precio_kwh_cop", "decimal(18,2)"),
        ("tipo_energia", "string"),
        ("fecha_transaccion", "date"),
    ]
    day = datetime.date(2025, 7, 25)
    assert [tuple(row) for row in written.collect()] == [
        ("T1", "compra", "PRV-1", Decimal("2.500"), Decimal("310.01"), "hidroeléctrica", day),
        ("T2", "venta", "CLI-1", Decimal("1234.568"), Decimal("450.00"), "solar", day.replace(day=26)),
    ]
    assert (rejected.count(), duplicates) == (0, 0)


TRANSACTION = ("t1", "venta", "c1", "1", "2", "solar", "2025-07-25")
BAD_TRANSACTIONS = (
    ({0: " "}, "transaccion_id: sin identificador"),
    ({2: "\xa0"}, "id_cliente_proveedor: sin identificador"),
    ({6: "31/02/2025"}, "fecha_transaccion: fecha ilegible"),
    ({3: "N/D"}, "cantidad_comprada_kwh: número ilegible"),
    ({4: ""}, "precio_kwh_cop: número ilegible"),
    ({3: "0,0004"}, "cantidad_comprada_kwh: no es mayor que cero"),
    ({4: "-1"}, "precio_kwh_cop: no es mayor que cero"),
    ({1: "permuta"}, "tipo_transaccion: categoría desconocida"),
    ({5: ""}, "tipo_energia: categoría desconocida"),
    ({0: "", 6: "x", 3: "x", 1: "x"}, "transaccion_id: sin identificador"),
    ({3: "0", 4: "x"}, "precio_kwh_cop: número ilegible"),
)


def test_a_refused_row_has_the_first_reason_and_every_column_as_it_was(spark: SparkSession) -> None:
    lines = []
    for number, (changes, _) in enumerate(BAD_TRANSACTIONS):
        values = [f"t{number}", *TRANSACTION[1:]]
        for at, value in changes.items():
            values[at] = value
        lines.append(line("f", number, *values, extra='{"x": "1"}'))
    written, rejected, _ = sort(spark, TRANSACCIONES, lines)
    assert motivos(rejected) == [("f", number, motivo) for number, (_, motivo) in enumerate(BAD_TRANSACTIONS)]
    assert [tuple(row) for row in rejected.drop("motivo").collect()] == [
        (*values[2:9], "f", number, '{"x": "1"}', values[10]) for number, values in enumerate(lines)
    ]
    assert {kind for _, kind in rejected.drop("linea").dtypes} == {"string"}
    assert written.count() == 0


def test_a_lacking_segment_is_null_and_an_unknown_one_is_refused(spark: SparkSession) -> None:
    rows = (
        line("f", 2, "c1", None, None, None, None, None, "2025-07-25"),
        line("f", 3, "c2", "CC", "1", " Ana  \n Ruiz ", "bogota", "INDUSTRIAL", "2025-07-25"),
        line("f", 4, "c3", "CC", "1", "Ana", "bogota", "oficial", "2025-07-25"),
        line("f", 5, "c4", "CC", "1", "Ana", "bogota", "", "2025-07-25"),
    )
    written, rejected, _ = sort(spark, CLIENTES, list(rows))
    assert [tuple(row)[:-1] for row in written.collect()] == [
        ("C1", None, None, None, None, None),
        ("C2", "CC", "1", "Ana Ruiz", "Bogotá", "industrial"),
    ]
    unknown = "segmento: categoría desconocida"
    assert motivos(rejected) == [("f", 4, unknown), ("f", 5, unknown)]


def test_of_a_repeated_id_the_latest_row_stays_and_then_the_last_in_the_files(spark: SparkSession) -> None:
    def supplier(key: str, number: int, identifier: str, name: str, day: str, kind: str = "solar") -> Line:
        return line(key, number, identifier, name, kind, day)

    written, rejected, duplicates = sort(
        spark,
        PROVEEDORES,
        [
            supplier("b", 2, "P1", "older", "2025-07-24"),
            supplier("a", 2, "p1 ", "latest", "25/07/2025"),
            supplier("a", 3, "P2", "first file", "2025-07-25"),
            supplier("b", 3, "P2", "last file", "2025-07-25"),
            supplier("b", 4, "P3", "before", "2025-07-25"),
            supplier("b", 10, "P3", "after", "2025-07-25"),
            supplier("b", 5, "P4", "good", "2025-07-20"),
            supplier("b", 6, "P4", "later but refused", "2025-07-25", "carbón"),
            # The same line again, after another of that day, is the last in the file.
            supplier("b", 7, "P5", "twice", "2025-07-25"),
            supplier("b", 8, "P5", "between", "2025-07-25"),
            supplier("b", 9, "P5", "twice", "2025-07-25"),
        ],
    )
    assert {row["proveedor_id"]: row["nombre_proveedor"] for row in written.collect()} == {
        "P1": "latest", "P2": "last file", "P3": "after", "P4": "good", "P5": "twice",
    }  # fmt: skip
    repeated = "proveedor_id: repetido"
    assert motivos(rejected) == [
        ("a", 3, repeated),
        ("b", 2, repeated),
        ("b", 4, repeated),
        ("b", 6, "tipo_energia: categoría desconocida"),
        ("b", 8, repeated),
    ]
    assert duplicates == 1


def test_exact_duplicates_count_as_one_whether_good_or_refused(spark: SparkSession) -> None:
    good = ("P1", "uno", "solar", "2025-07-25")
    bad = ("P2", "dos", "carbón", "2025-07-25")
    nothing = (None, None, None, None)
    written, rejected, duplicates = sort(
        spark,
        PROVEEDORES,
        [
            *(line("a", number, *good) for number in (2, 3)),
            line("b", 2, *good),
            *(line("a", number, *bad) for number in (4, 5)),
            *(line("a", number, *nothing, problem="fila: faltan campos") for number in (6, 7)),
            ("a", 8, *nothing, None, "otra", "fila: faltan campos", None),
            # Not exact: another extra column, a space more.
            line("a", 9, "P3", "tres", "solar", "2025-07-25", extra='{"x": "1"}'),
            line("a", 10, "P3", "tres", "solar", "2025-07-25", extra='{"x": "2"}'),
            line("a", 11, "P4", "cuatro", "solar", "2025-07-25"),
            line("a", 12, "P4", "cuatro ", "solar", "2025-07-25"),
        ],
    )
    assert sorted(row["proveedor_id"] for row in written.collect()) == ["P1", "P3", "P4"]
    assert motivos(rejected) == [
        ("a", 5, "tipo_energia: categoría desconocida"),
        ("a", 7, "fila: faltan campos"),
        ("a", 8, "fila: faltan campos"),
        ("a", 9, "proveedor_id: repetido"),
        ("a", 11, "proveedor_id: repetido"),
    ]
    assert duplicates == 4


POOLS = (
    ("t1", "T1 ", "t2", "t3", "", " ", "t4", "t5", "t6"),
    ("venta", "COMPRA", "permuta"),
    ("c1", "C2", "c3", ""),
    ("1,5", "1.5", "0", "-1", "N/D", "7"),
    ("450", "450,00", "x", "310"),
    ("solar", "EOLICA", "carbón"),
    ("2025-07-25", "24/07/2025", "2025-07-23T10:00:00", "31/02/2025", "25-07-2025"),
)
WEIGHTS = (
    (2, 2, 2, 2, 1, 1, 2, 2, 2),
    (8, 8, 1),
    (8, 8, 8, 1),
    (8, 8, 1, 1, 1, 8),
    (8, 8, 1, 8),
    (8, 8, 1),
    (8, 8, 8, 1, 8),
)


def expected_fates(lines: list[Line]) -> dict[tuple[Any, Any], str]:
    """Written, duplicate or the column and kind of fault, of each line, by the rules in plain Python."""
    last: dict[Any, Line] = {}
    for entry in sorted(lines, key=lambda entry: entry[:2]):  # type: ignore[arg-type, return-value]
        last[(entry[2:10] if entry[11] is None else entry[10])] = entry
    kept = {id(entry) for entry in last.values()}
    fates, good = {}, []
    for entry in lines:
        place, values = (entry[0], entry[1]), [str(value) for value in entry[2:9]]
        if id(entry) not in kept:
            fates[place] = "duplicada"
        elif entry[11] is not None:
            fates[place] = str(entry[11])
        elif fault := _fault(values):
            fates[place] = fault
        else:
            good.append((values[0].strip().upper(), _day(values[6]), place))
            fates[place] = "escrita"
    best = {identifier: place for identifier, _, place in sorted(good)}
    return fates | {place: "transaccion_id: repetido" for who, _, place in good if best[who] != place}


def _day(text: str) -> str | None:
    parts = re.split(r"[-/T]", text)
    year, month, day = parts[:3] if len(parts[0]) == 4 else parts[2::-1]
    return None if (month, day) == ("02", "31") else f"{year}-{month}-{day}"


def _fault(values: list[str]) -> str | None:
    known = {"venta", "compra", "solar", "eolica"}
    numbers = {"cantidad_comprada_kwh": values[3], "precio_kwh_cop": values[4]}
    readable = {name: re.fullmatch(r"-?\d+([.,]\d+)?", text) for name, text in numbers.items()}
    faults = [
        (not values[0].strip(), "transaccion_id: sin identificador"),
        (not values[2].strip(), "id_cliente_proveedor: sin identificador"),
        (_day(values[6]) is None, "fecha_transaccion: fecha ilegible"),
        *((not found, f"{name}: número ilegible") for name, found in readable.items()),
        *((numbers[name] in {"0", "-1"}, f"{name}: no es mayor que cero") for name in numbers),
        (values[1].lower() not in known, "tipo_transaccion: categoría desconocida"),
        (values[5].lower() not in known, "tipo_energia: categoría desconocida"),
    ]
    return next((fault for is_so, fault in faults if is_so), None)


@pytest.mark.parametrize("seed", range(3))
def test_every_line_of_random_dirt_is_written_or_rejected_or_a_duplicate(
    spark: SparkSession, seed: int
) -> None:
    random = Random(seed)
    lines: list[Line] = []
    for number in range(1_500):
        key = random.choice(("raw/a.csv", "raw/b.csv", "raw/B.csv"))
        values = [random.choices(pool, weights)[0] for pool, weights in zip(POOLS, WEIGHTS, strict=True)]
        values[0] += str(random.randrange(40)) if values[0].strip() else ""
        if random.random() < 0.02:
            lines.append((key, number, *[None] * 8, random.choice("xyz"), "fila: faltan campos", None))
        else:
            lines.append(line(key, number, *values, extra=random.choice((None, "{}"))))
    random.shuffle(lines)
    assert len(lines[0]) == 2 + len(POOLS) + len(AFTER)

    written, rejected, duplicates = sort(spark, TRANSACCIONES, lines, partitions=random.randrange(1, 4))
    fates = expected_fates(lines)
    count = Counter(fates.values())
    assert sorted(motivos(rejected)) == sorted(
        (*place, fate) for place, fate in fates.items() if fate not in {"escrita", "duplicada"}
    )
    assert (written.count(), duplicates) == (count["escrita"], count["duplicada"])
    assert written.count() + rejected.count() + duplicates == len(lines)
    assert written.select("transaccion_id").distinct().count() == written.count()
