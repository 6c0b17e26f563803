"""Make `sample_csv/`: three load dates of suppliers, clients and transactions, with every kind of dirt.

    python -m scripts.make_sample_csv [FOLDER]

The same seed gives the same bytes, which a test checks: to change the samples is to change this script.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from scripts.sample_data import dirt
from scripts.sample_data.clean_rows import Row, make_parties, make_transaction
from scripts.sample_data.dirt import TextRow

SEED = 20250725
LOAD_DATES = (date(2025, 7, 25), date(2025, 7, 26), date(2025, 7, 27))
CLIENTS = 660
TRANSACTIONS_PER_FILE = 1_700

CLIENTES = (
    "cliente_id", "tipo_identificacion", "identificacion", "nombre", "ciudad", "segmento", "fecha_registro",
)  # fmt: skip
PROVEEDORES = ("proveedor_id", "nombre_proveedor", "tipo_energia", "fecha_registro")
TRANSACCIONES = (
    "transaccion_id", "tipo_transaccion", "id_cliente_proveedor", "cantidad_comprada_kwh", "precio_kwh_cop",
    "tipo_energia", "fecha_transaccion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """How one system writes a file."""

    columns: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    header: Callable[[str], str] = str

    def write(self, path: Path, rows: Iterable[TextRow], broken: Iterable[str] = ()) -> None:
        """Write a header, the rows, and lines that are no rows."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerow(self.header(column) for column in self.columns)
        writer.writerows([row[column] for column in self.columns] for row in rows)
        text.writelines(f"{line}{self.line_end}" for line in broken)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.getvalue().encode(self.encoding))


def _spaced_title(column: str) -> str:
    return f" {column.replace('_', ' ').title()} "


def main(folder: Path) -> None:
    """Write all files below `folder`."""
    random = Random(SEED)  # noqa: S311 (not for secrets)
    parties = make_parties(random, CLIENTS)
    days = [folder / day.isoformat() for day in LOAD_DATES]
    _write_proveedores(random, days, parties.suppliers)
    _write_clientes(random, days, parties.clients)
    numbers = iter(range(1, 4 * TRANSACTIONS_PER_FILE + 1))
    files = (
        (days[0] / "transacciones.csv", LOAD_DATES[0], Export(TRANSACCIONES)),
        (days[1] / "transacciones_norte.csv", LOAD_DATES[1],
         Export(TRANSACCIONES, "latin-1", ";", "\r\n", str.upper)),
        (days[1] / "transacciones_sur.csv", LOAD_DATES[1], Export(TRANSACCIONES[::-1], "utf-8-sig")),
        (days[2] / "transacciones.csv", LOAD_DATES[2],
         Export((*TRANSACCIONES, "operador"), "utf-8", ";", "\r\n", _spaced_title)),
    )  # fmt: skip
    for path, until, export in files:
        rows = [
            make_transaction(random, number, parties, until)
            for number, _ in zip(numbers, range(TRANSACTIONS_PER_FILE), strict=False)
        ]
        export.write(path, _spoiled_transactions(random, rows), _broken_lines(export))
    _write_useless_files(days[2])


def _write_proveedores(random: Random, days: list[Path], rows: list[Row]) -> None:
    parts = (rows[:22], rows[22:36], rows[36:])
    exports = (
        Export(PROVEEDORES, "utf-8-sig"),
        Export(PROVEEDORES[::-1], "latin-1", ";", "\r\n", str.upper),
        Export(PROVEEDORES),
    )
    for day, part, export in zip(days, parts, exports, strict=True):
        texts = [dirt.dirty_row(random, row) for row in part]
        refused = [
            dirt.without_id("proveedor_id", texts[0]),
            dirt.bad_date(random, "fecha_registro", _renamed("proveedor_id", "PRV-9", texts[1])),
            dirt.bad_category(random, "tipo_energia", _renamed("proveedor_id", "PRV-8", texts[2])),
        ]
        older = [_older(part[3], "fecha_registro")]
        export.write(day / "proveedores.csv", _shuffled(random, [*texts, *refused, *older, texts[4]]))


def _write_clientes(random: Random, days: list[Path], rows: list[Row]) -> None:
    parts = (rows[:280], rows[280:400], rows[400:520], rows[520:])
    with_phone = (*CLIENTES, "telefono", "correo")
    files = (
        (days[0] / "clientes.csv", Export(CLIENTES)),
        (days[1] / "clientes_costa.csv", Export(CLIENTES[::-1], "latin-1", ";", "\r\n")),
        (days[1] / "clientes_interior.csv", Export(CLIENTES, "utf-8-sig", ";", "\n", _spaced_title)),
        (days[2] / "clientes.csv", Export(tuple(c for c in with_phone if c != "ciudad"), header=str.upper)),
    )
    for part, (path, export) in zip(parts, files, strict=True):
        texts = [_with_contact(random, dirt.dirty_row(random, row)) for row in part]
        if export.encoding != "latin-1":
            texts[5]["ciudad"] = "Medelli\u0301n"  # The accent as a mark of its own, as macOS writes it.
        spoiled = _spoiled_clients(random, part, texts)
        export.write(path, _shuffled(random, [*texts, *spoiled]), _broken_lines(export))


def _spoiled_clients(random: Random, rows: list[Row], texts: list[TextRow]) -> list[TextRow]:
    spoiled = [dirt.without_id("cliente_id", row) for row in texts[:3]]
    for number, row in enumerate(texts[10:16]):
        other = _renamed("cliente_id", f"CLI-9{number:04d}", row)
        has_bad_date = number % 2 == 0
        spoiled.append(
            dirt.bad_date(random, "fecha_registro", other)
            if has_bad_date
            else dirt.bad_category(random, "segmento", other)
        )
    older = [_with_contact(random, _older(row, "fecha_registro")) for row in rows[20:26]]
    same_day = [{**row, "nombre": f"{row['nombre']} (bis)"} for row in texts[30:33]]
    return [*spoiled, *older, *same_day, *texts[40:46]]


def _spoiled_transactions(random: Random, rows: list[Row]) -> list[TextRow]:
    texts = [
        dirt.dirty_row(random, row) | {"operador": random.choice(("norte", "centro", "sur"))} for row in rows
    ]
    for at, row in enumerate(texts):
        texts[at] = _maybe_refused(random, row)
    older = [
        {**texts[at], **_older(rows[at], "fecha_transaccion")} for at in random.sample(range(len(rows)), 15)
    ]
    return _shuffled(random, [*texts, *older, *random.sample(texts, 20)])


def _maybe_refused(random: Random, row: TextRow) -> TextRow:
    """One row in thirty, made useless in one of the ways."""
    ways: tuple[Callable[[], TextRow], ...] = (
        lambda: dirt.without_id("transaccion_id", row),
        lambda: dirt.bad_date(random, "fecha_transaccion", row),
        lambda: dirt.bad_number(random, random.choice(dirt.NUMBERS), row),
        lambda: dirt.not_positive(random, random.choice(dirt.NUMBERS), row),
        lambda: dirt.bad_category(random, random.choice(("tipo_energia", "tipo_transaccion")), row),
    )
    return random.choice(ways)() if random.random() < 1 / 30 else row


def _older(row: Row, column: str) -> TextRow:
    """The same id at an earlier date, as plain text."""
    day = row[column]
    assert isinstance(day, date)
    return {name: str(value) for name, value in (row | {column: day - timedelta(days=40)}).items()}


def _renamed(column: str, identifier: str, row: TextRow) -> TextRow:
    return row | {column: identifier}


def _with_contact(random: Random, row: TextRow) -> TextRow:
    phone = f"3{random.randrange(10**8, 10**9)}"
    return row | {"telefono": phone, "correo": f"{row['cliente_id'].strip().lower()}@correo.co"}


def _shuffled(random: Random, rows: list[TextRow]) -> list[TextRow]:
    random.shuffle(rows)
    return rows


def _broken_lines(export: Export) -> list[str]:
    """A blank line, which is no row; a row cut short, one too long, and one whose quote is never closed."""
    fields = [f"ROTA-{column}" for column in export.columns]
    line = export.delimiter
    return [
        "",
        line.join(fields[:-2]),
        line.join([*fields, "de más"]),
        line.join([f'"{fields[0]}', *fields[1:]]),
    ]


def _write_useless_files(day: Path) -> None:
    """Files that are rejected whole: without a byte, no text, and without the price."""
    (day / "clientes_vacio.csv").write_bytes(b"")
    (day / "proveedores_logo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(64)))
    columns = tuple(column for column in TRANSACCIONES if column != "precio_kwh_cop")
    row = dict.fromkeys(columns, "x")
    Export(columns).write(day / "transacciones_sin_precio.csv", [row, row])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "sample_csv"))
