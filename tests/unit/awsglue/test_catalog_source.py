"""Tables of the catalog: columns by name, in the catalog's types where the values fit them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.spark

JSON, LAZY, CSV = "JsonSerDe", "LazySimpleSerDe", "OpenCSVSerde"
Table = Callable[..., Any]


@pytest.fixture
def table(context: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Reads a table of files below tmp_path; `partitions` are their values and folders."""
    from awsglue import catalog, catalog_source

    def read(serde: str, columns: dict[str, str], partitions: Any = (), **more: Any) -> Any:
        keys = more.pop("keys", {})
        storage = {
            "Location": f"file://{tmp_path}/",
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
            "SerdeInfo": {"SerializationLibrary": f"x.{serde}", "Parameters": more.pop("settings", {})},
        }
        found = catalog.CatalogTable(
            {
                "Name": "t",
                "StorageDescriptor": storage,
                "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in keys.items()],
                "Parameters": more.pop("parameters", {}),
            }
        )
        listed = [catalog.Partition(values, f"file://{tmp_path}/{folder}") for values, folder in partitions]
        monkeypatch.setattr(catalog_source, "find_table", lambda database, name: found)
        monkeypatch.setattr(catalog_source, "find_partitions", lambda *_: listed)
        return context.create_dynamic_frame.from_catalog(database="lake", table_name="t", **more)

    return read


def records(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.toDF().collect()]


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_json_is_read_by_name_at_every_depth(table: Table, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"o": {"zeta": "Z", "alpha": "A"}, "l": [{"b": 1, "a": 2}], "m": {"k": 1}}')
    frame = table(
        JSON,
        {
            "o": "struct<alpha:string,zeta:string>",
            "l": "array<struct<a:bigint,b:int>>",
            "m": "map<string,int>",
        },
    )
    assert records(frame) == [{"o": {"alpha": "A", "zeta": "Z"}, "l": [{"a": 2, "b": 1}], "m": {"k": 1}}]


@pytest.mark.parametrize("name", ["parquet", "orc"])
def test_columnar_files_are_read_by_name_at_every_depth(
    table: Table, context: Any, tmp_path: Path, name: str
) -> None:
    rows = context.sql(
        "select named_struct('zeta', 'Z', 'alpha', 'A') o, array(named_struct('b', 1, 'a', 2)) l,"
        " map('k', named_struct('y', 1, 'x', 2)) m"
    )
    rows.write.mode("append").format(name).save(f"file://{tmp_path}")
    serde = {"parquet": "ParquetHiveSerDe", "orc": "OrcSerde"}[name]
    frame = table(
        serde,
        {
            "o": "struct<alpha:string,zeta:string>",
            "l": "array<struct<a:bigint,b:int>>",
            "m": "map<string,struct<x:int,y:int>>",
        },
    )
    expected = {"o": {"alpha": "A", "zeta": "Z"}, "l": [{"a": 2, "b": 1}], "m": {"k": {"x": 2, "y": 1}}}
    assert records(frame) == [expected]


def test_names_keep_the_case_of_the_data(table: Table, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"serialNumber": 1, "in": {"timeStamp": 2}}')
    frame = table(JSON, {"serialnumber": "int", "in": "struct<timestamp:int>", "other": "int"})
    assert records(frame.select_fields(["serialNumber", "in.timeStamp"])) == [
        {"serialNumber": 1, "in": {"timeStamp": 2}}
    ]
    assert "other" not in frame._data.records.first()


def test_a_path_that_names_nothing_is_said(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from awsglue import log

    said: list[str] = []
    monkeypatch.setattr(log, "warn", said.append)
    write(tmp_path / "a.json", '{"serialNumber": 1}')
    table(JSON, {"serialnumber": "int"}).select_fields(["serialnumber"]).toDF()
    assert said == ["select_fields: the records have no field 'serialnumber'; they have: serialNumber"]


def test_a_text_that_is_not_of_its_columns_type_makes_a_choice(table: Table, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "1,2025-01-02,x", "dos,,y", " 3 ,2025-02-03,z")
    frame = table(LAZY, {"id": "bigint", "d": "date", "t": "varchar(5)"}, settings={"field.delim": ","})
    assert frame.toDF().dtypes == [
        ("id", "struct<long:bigint,string:string>"),
        ("d", "date"),
        ("t", "string"),
    ]
    cast = frame.resolveChoice(specs=[("id", "cast:long")])
    assert [row["id"] for row in records(cast)] == [1, None, 3]
    assert [row["id"]["string"] for row in records(frame)] == [None, "dos", None]


def test_a_struct_under_a_column_of_text_is_its_json(table: Table, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"s": {"x": 1}}', '{"s": "plain"}', '{"s": [1, 2]}')
    assert [row["s"] for row in records(table(JSON, {"s": "string"}))] == ['{"x":1}', "plain", "[1,2]"]


def test_fields_are_split_and_quoted_as_the_serde_says(table: Table, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "1\x01a,b", "2\x01c")
    assert records(table(LAZY, {"n": "int", "t": "string"})) == [{"n": 1, "t": "a,b"}, {"n": 2, "t": "c"}]
    write(tmp_path / "a.csv", '"1","say ""hi"""')
    assert records(table(CSV, {"n": "int", "t": "string"})) == [{"n": 1, "t": 'say "hi"'}]


def test_parquet_of_int_and_bigint_is_of_the_catalogs_type(
    table: Table, context: Any, tmp_path: Path
) -> None:
    context.sql("select 1 n").write.parquet(f"file://{tmp_path}/k=a")
    context.sql("select 2L n").write.parquet(f"file://{tmp_path}/k=b")
    partitions = [({"k": "a"}, "k=a"), ({"k": "b"}, "k=b")]
    frame = table("ParquetHiveSerDe", {"n": "bigint"}, partitions, keys={"k": "string"})
    assert frame.toDF().dtypes == [("n", "bigint"), ("k", "string")]
    assert sorted(row["n"] for row in records(frame)) == [1, 2]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("(year == '2019' and month == '08')", [2]),
        ('month in ("07", "08") and year = 2019', [1, 2]),
        ("concat(year, '-', month) >= date_format(to_date('2019-08-01'), 'yyyy-MM')", [2, 3]),
        ("", [1, 2, 3]),
        ("year > '2030'", []),
    ],
)
def test_a_push_down_predicate_is_spark_sql_on_the_partition_keys(
    table: Table, tmp_path: Path, predicate: str, expected: list[int]
) -> None:
    places = [
        ("2019", "07", "year=2019/month=07"),
        ("2019", "08", "year=2019/month=08"),
        ("2020", "01", "odd"),
    ]
    for n, (_, _, folder) in enumerate(places, 1):
        write(tmp_path / folder / "a.json", f'{{"n": {n}}}')
    partitions = [({"year": year, "month": month}, folder) for year, month, folder in places]
    frame = table(
        JSON,
        {"n": "int"},
        partitions,
        keys={"year": "string", "month": "string"},
        push_down_predicate=predicate,
    )
    assert sorted(row["n"] for row in records(frame)) == expected
