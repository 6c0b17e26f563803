"""Fields of several types: how they are seen, and how resolveChoice settles them."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

PROVIDERS = ({"id": 1, "name": "a"}, {"id": 2**40, "name": "b"}, {"id": "12", "name": "c"}, {"id": "x"})


def tree(frame: Any) -> list[str]:
    from awsglue.schema_text import tree_text

    return tree_text(frame.schema()).splitlines()[1:]


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.toDF().collect()]


def test_a_field_of_several_types_is_a_choice_and_nothing_is_widened(frame_of: Any) -> None:
    frame = frame_of({"z": 1, "a": 1.5, "l": [1, "x"]}, {"z": "text", "a": 2}, {"z": {"n": 1}})
    assert tree(frame) == [
        "|-- z: choice",
        "|    |-- int",
        "|    |-- string",
        "|    |-- struct",
        "|    |    |-- n: int",
        "|-- a: choice",
        "|    |-- double",
        "|    |-- int",
        "|-- l: array",
        "|    |-- element: choice",
        "|    |    |-- int",
        "|    |    |-- string",
    ]


def test_an_unresolved_choice_is_a_struct_in_a_dataframe(frame_of: Any) -> None:
    frame = frame_of({"id": 1}, {"id": "x"})
    assert frame.toDF().dtypes == [("id", "struct<int:int,string:string>")]
    assert [tuple(row) for row in frame.toDF().select("id.int", "id.string").collect()] == [
        (1, None),
        (None, "x"),
    ]


def test_cast_makes_what_has_no_such_form_null(frame_of: Any) -> None:
    cast = frame_of(*PROVIDERS).resolveChoice(specs=[("id", "cast:long")])
    assert tree(cast) == ["|-- id: long", "|-- name: string"]
    assert [row[0] for row in rows(cast)] == [1, 2**40, 12, None]


def test_project_keeps_only_the_values_of_the_type(frame_of: Any) -> None:
    projected = frame_of(*PROVIDERS).resolveChoice(specs=[("id", "project:string")])
    assert [row[0] for row in rows(projected)] == [None, None, "12", "x"]


def test_make_cols_puts_the_first_column_in_place_and_the_others_last(frame_of: Any) -> None:
    made = frame_of(*PROVIDERS).resolveChoice(choice="make_cols")
    assert tree(made) == [
        "|-- id_int: int", "|-- name: string", "|-- id_long: long", "|-- id_string: string",
    ]  # fmt: skip
    assert rows(made)[2] == (None, "c", None, "12")


def test_make_struct_names_the_types(frame_of: Any) -> None:
    made = frame_of({"id": 1}, {"id": "x"}).resolveChoice(choice="make_struct")
    assert tree(made) == ["|-- id: struct", "|    |-- int: int", "|    |-- string: string"]


def test_choices_are_resolved_inside_structs_and_arrays(frame_of: Any) -> None:
    frame = frame_of({"a": [{"v": 1}, {"v": "2"}, {}]}, {"a": [], "s": {"c": 1}}, {"s": {"c": "x"}})
    resolved = frame.resolveChoice(specs=[("a[].v", "cast:int"), ("s.c", "make_cols")])
    assert tree(resolved) == [
        "|-- a: array", "|    |-- element: struct", "|    |    |-- v: int",
        "|-- s: struct", "|    |-- c_int: int", "|    |-- c_string: string",
    ]  # fmt: skip
    assert [one["v"] for one in rows(resolved)[0][0]] == [1, 2, None]
    everywhere = frame.resolveChoice(choice="cast:string").toDF().dtypes
    assert everywhere == [("a", "array<struct<v:string>>"), ("s", "struct<c:string>")]


def test_match_catalog_takes_the_tables_types(frame_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from awsglue import catalog

    columns = [{"Name": "id", "Type": "bigint"}, {"Name": "more", "Type": "struct<price:double>"}]
    table = catalog.CatalogTable({"StorageDescriptor": {"Columns": columns}})
    monkeypatch.setattr(catalog, "find_table", lambda database, name: table)
    frame = frame_of({"ID": 1, "more": {"Price": 1}}, {"ID": "2", "more": {"Price": 2.5}})
    matched = frame.resolveChoice(choice="match_catalog", database="lake", table_name="orders")
    assert matched.toDF().dtypes == [("ID", "bigint"), ("more", "struct<Price:double>")]
    assert [(row.ID, row.more.Price) for row in matched.toDF().collect()] == [(1, 1.0), (2, 2.5)]
    with pytest.raises(ValueError, match="needs database and table_name"):
        frame.resolveChoice(choice="match_catalog")


def test_resolve_choice_takes_either_specs_or_a_choice(frame_of: Any) -> None:
    frame = frame_of({"id": 1})
    with pytest.raises(ValueError, match="both missing, add one"):
        frame.resolveChoice()
    with pytest.raises(ValueError, match="both specified, choose one"):
        frame.resolveChoice(specs=[("id", "cast:long")], choice="make_cols")
    for wrong in ("cast:nothing", "cast", "make_rows"):
        with pytest.raises(ValueError, match=r"nothing|make_rows|cast"):
            frame.resolveChoice(specs=[("id", wrong)]).toDF()


def test_to_df_takes_options_for_choices(frame_of: Any) -> None:
    from awsglue.dynamicframe import ResolveOption
    from pyspark.sql.types import LongType

    frame = frame_of({"id": 1, "c": 1}, {"id": "x", "c": "y"})
    resolved = frame.toDF([ResolveOption("id", "Cast", LongType()), ResolveOption("c", "KeepAsStruct")])
    assert resolved.dtypes == [("id", "bigint"), ("c", "struct<int:int,string:string>")]


def test_a_function_sees_the_value_of_a_choice_and_keeps_its_types(frame_of: Any, context: Any) -> None:
    frame = frame_of({"id": 1}, {"id": "x"}).rename_field("id", "key")
    kept = frame.map(lambda record: {**record, "kind": type(record["key"]).__name__})
    assert tree(kept) == ["|-- key: choice", "|    |-- int", "|    |-- string", "|-- kind: string"]
    assert [record["kind"] for record in kept._data.records.collect()] == ["int", "str"]


def test_a_union_of_different_types_is_a_choice(frame_of: Any, records_of: Any) -> None:
    one = frame_of({"id": 1, "s": {"a": 1}}, slices=1).select_fields(["id", "s"])
    two = frame_of({"id": "x", "s": {"b": 2}, "more": True}, slices=1).select_fields(["id", "s", "more"])
    both = one.union(other_frame=two)
    assert records_of(both) == [{"id": 1, "s": {"a": 1}}, {"id": "x", "s": {"b": 2}, "more": True}]
    assert tree(both)[:3] == ["|-- id: choice", "|    |-- int", "|    |-- string"]
