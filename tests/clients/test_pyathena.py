"""PyAthena: DB-API, dictionaries, pandas, threads, asyncio and SQLAlchemy.

Its Arrow cursor opens S3 by pyarrow without any endpoint, so it can read results of real AWS only.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyathena
import pytest
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.error import OperationalError
from pyathena.pandas.cursor import PandasCursor
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, inspect, select

VALUES = (
    "SELECT CAST(1 AS bigint) n, 'ñ' t, true b, 1.5 d, DECIMAL '2.50' m, DATE '2025-01-02' f, "
    "TIMESTAMP '2025-01-02 03:04:05.678' s, CAST(NULL AS varchar) v, ARRAY[1, 2] l"
)


@pytest.fixture
def connect(staging: str, database: str) -> Any:
    def connection(**more: Any) -> Any:
        return pyathena.connect(s3_staging_dir=staging, schema_name=database, poll_interval=0.05, **more)

    return connection


def test_values_come_as_pythons_own(connect: Any) -> None:
    row = connect().cursor().execute(VALUES).fetchone()
    moment = datetime(2025, 1, 2, 3, 4, 5, 678000)
    assert row[:8] == (1, "ñ", True, 1.5, Decimal("2.50"), date(2025, 1, 2), moment, None)


def test_description_parameters_and_pages(connect: Any) -> None:
    cursor = connect().cursor()
    cursor.execute(
        "SELECT n, n * 2 AS doble FROM UNNEST(sequence(1, 2500)) AS t(n) WHERE n > %(low)d", {"low": 10}
    )
    assert [column[:2] for column in cursor.description] == [("n", "bigint"), ("doble", "bigint")]
    rows = cursor.fetchall()
    assert (len(rows), rows[0], rows[-1]) == (2490, (11, 22), (2500, 5000))


def test_qmark_parameters(connect: Any) -> None:
    cursor = connect().cursor()
    cursor.execute("SELECT ? AS a, ? AS b", ["'x'", "2"], paramstyle="qmark")
    assert cursor.fetchall() == [("x", 2)]


def test_rows_as_dictionaries(connect: Any) -> None:
    assert connect(cursor_class=DictCursor).cursor().execute("SELECT 1 AS a, 'x' AS b").fetchall() == [
        {"a": 1, "b": "x"}
    ]


def test_tables_are_made_filled_and_dropped(connect: Any, staging: str) -> None:
    cursor = connect().cursor()
    cursor.execute(f"CREATE EXTERNAL TABLE hechos (n int, t string) LOCATION '{staging}hechos/'")
    cursor.execute("INSERT INTO hechos VALUES (1, 'uno'), (2, NULL)")
    assert cursor.rowcount == 2
    assert sorted(cursor.execute("SELECT * FROM hechos").fetchall()) == [(1, "uno"), (2, None)]
    cursor.execute("DROP TABLE hechos")
    with pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor.execute("SELECT * FROM hechos")


@pytest.mark.parametrize("unload", [False, True])
def test_pandas(connect: Any, unload: bool) -> None:
    frame = (
        connect(cursor_class=PandasCursor)
        .cursor(unload=unload)
        .execute("SELECT n, CAST(n AS varchar) AS t FROM UNNEST(sequence(1, 3)) AS u(n)")
        .as_pandas()
    )
    assert sorted(frame["n"].tolist()) == [1, 2, 3]
    assert sorted(frame["t"].astype(str).tolist()) == ["1", "2", "3"]


def test_many_queries_at_once(connect: Any) -> None:
    cursor = connect(cursor_class=AsyncCursor).cursor(max_workers=8)
    futures = [cursor.execute(f"SELECT {i} AS n")[1] for i in range(50)]
    assert sorted(future.result().fetchall()[0][0] for future in futures) == list(range(50))


def test_asyncio(staging: str, database: str) -> None:
    async def run() -> Any:
        async with (
            await pyathena.aio_connect(s3_staging_dir=staging, schema_name=database) as connection,
            connection.cursor() as cursor,
        ):
            await cursor.execute("SELECT 1 AS n")
            return await cursor.fetchall()

    assert asyncio.run(run()) == [(1,)]


def test_a_running_query_is_cancelled(connect: Any) -> None:
    cursor = connect(cursor_class=AsyncCursor).cursor()
    query_id, future = cursor.execute(
        "SELECT count(*) FROM UNNEST(sequence(1, 9000)) a(x), UNNEST(sequence(1, 9000)) b(y), "
        "UNNEST(sequence(1, 900)) c(z) WHERE x * y * z % 7 = 3"
    )
    cursor.cancel(query_id).result()
    assert future.result().state == "CANCELLED"


def test_sqlalchemy_makes_reflects_and_reads_a_table(staging: str, database: str) -> None:
    engine = create_engine(
        f"awsathena+rest://:@athena.us-east-1.amazonaws.com:443/{database}"
        f"?s3_staging_dir={staging}&poll_interval=0.05"
    )
    table = Table(
        "por_alchemy", MetaData(), Column("id", Integer), Column("nombre", String),
        awsathena_location=f"{staging}alchemy/", awsathena_file_format="PARQUET",
    )  # fmt: skip
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(table.insert().values(id=1, nombre="uno"))
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
        assert "por_alchemy" in inspect(engine).get_table_names(schema=database)
        assert [c["name"] for c in inspect(engine).get_columns("por_alchemy", schema=database)] == [
            "id",
            "nombre",
        ]
        table.drop(connection)


def test_sqlalchemy_reads_what_a_table_and_a_view_are_made_of(staging: str, database: str) -> None:
    engine = create_engine(
        f"awsathena+rest://:@athena.us-east-1.amazonaws.com:443/{database}"
        f"?s3_staging_dir={staging}&poll_interval=0.05"
    )
    table = Table(
        "descrita", MetaData(), Column("id", Integer, comment="la clave"), comment="una tabla",
        awsathena_location=f"{staging}descrita/", awsathena_file_format="PARQUET",
    )  # fmt: skip
    with engine.connect() as connection:
        table.create(connection)
        connection.exec_driver_sql("CREATE VIEW vista AS SELECT id FROM descrita")
    found = inspect(engine)
    assert found.get_table_comment("descrita", schema=database) == {"text": "una tabla"}
    assert found.get_columns("descrita", schema=database)[0]["comment"] == "la clave"
    options = found.get_table_options("descrita", schema=database)
    assert options["awsathena_location"] == f"{staging}descrita"
    assert found.get_view_definition("vista", schema=database) == (
        f"CREATE VIEW {database}.vista AS\nSELECT id\nFROM\n  descrita"
    )


def test_rows_are_counted_and_numbers_cast_as_they_are_written(connect: Any, staging: str) -> None:
    cursor = connect().cursor()
    cursor.execute(
        f"CREATE TABLE contadas (id int, d decimal(8, 4)) LOCATION '{staging}contadas/' "
        "TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    cursor.execute("INSERT INTO contadas VALUES (1, %(d)s), (2, 15.7563)", {"d": Decimal("0.5")})
    assert cursor.rowcount == 2
    cursor.execute("DELETE FROM contadas WHERE d > 15")
    assert cursor.rowcount == 1
    assert cursor.execute("SELECT * FROM contadas").fetchall() == [(1, Decimal("0.5000"))]


def test_an_unload_without_rows_is_an_empty_frame(connect: Any) -> None:
    cursor = connect(cursor_class=PandasCursor).cursor(unload=True)
    assert cursor.execute("SELECT 1 AS n WHERE false").as_pandas().empty
