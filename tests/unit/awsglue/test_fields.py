"""Operations on fields, and on frames as wholes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.spark


def dynamic(context: Any, sql: str) -> Any:
    from awsglue import DynamicFrame

    return DynamicFrame.fromDF(context.sql(sql), context, "rows")


def records(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.toDF().collect()]


def test_mappings_rename_cast_and_nest(context: Any) -> None:
    frame = dynamic(context, "select 1 Id, named_struct('b', '12', 'c', array(1)) a, '7' s, 2.5D d")
    mapped = frame.apply_mapping(
        [
            ("id", "int", "out.id", "long"), ("a.b", "string", "out.b", "int"), ("s", "text", "varchar(10)"),
            ("a", "struct", "kept", "struct"), ("a.c", "array", "list", "array"), ("s", "c", "char(3)"),
            ("d", "double", "none", "null"), ("a", "as_text", "string"), ("nope", "string", "nope", "string"),
        ]
    )  # fmt: skip
    assert records(mapped) == [
        {
            "out": {"id": 1, "b": 12}, "text": "7", "kept": {"b": "12", "c": [1]}, "list": [1], "c": "7",
            "none": 2.5, "as_text": '{"b":"12","c":[1]}',
        }
    ]  # fmt: skip
    assert dict(mapped.toDF().dtypes)["out"] == "struct<id:bigint,b:int>"
    with pytest.raises(ValueError, match="length 2, 3, or 4"):
        frame.apply_mapping([("a",)])
    assert records(frame.apply_mapping([("Id", "n")], case_sensitive=True)) == [{"n": 1}]


def test_a_struct_is_mapped_to_another_by_name(context: Any) -> None:
    frame = dynamic(context, "select named_struct('z', 1, 'a', 'x') s")
    mapped = frame.apply_mapping([("s", "struct", "s", "struct<a:string,z:long,new:int>")])
    assert records(mapped) == [{"s": {"a": "x", "z": 1, "new": None}}]


def test_fields_are_selected_dropped_and_renamed_at_any_depth(context: Any) -> None:
    frame = dynamic(
        context, "select 1 id, named_struct('x', 1, 'y', 2) s, array(named_struct('p', 1, 'q', 2)) l, 3 `a.b`"
    )
    assert records(frame.select_fields(["s.x", "`a.b`"])) == [{"s": {"x": 1}, "a.b": 3}]
    assert records(frame.drop_fields(["s.x", "l.p", "`a.b`"])) == [{"id": 1, "s": {"y": 2}, "l": [{"q": 2}]}]
    assert records(frame.drop_fields(["s.x", "s.y", "l", "id"])) == [{"a.b": 3}]
    renamed = frame.rename_field("s.x", "s.new").rename_field("id", "key").rename_field("l[].p", "l[].r")
    assert records(renamed) == [{"key": 1, "s": {"new": 1, "y": 2}, "l": [{"r": 1, "q": 2}], "a.b": 3}]
    moved = frame.select_fields(["id", "s"]).rename_field("id", "s.id").rename_field("s.y", "y")
    assert records(moved) == [{"s": {"x": 1, "id": 1}, "y": 2}]


def test_column_operations_on_a_dataframe_stay_one_select(context: Any) -> None:
    frame = dynamic(context, "select id, id * 2 twice from range(3)").rename_field("twice", "t")
    mapped = frame.apply_mapping([("t", "bigint", "t", "int")]).toDF()
    plan = mapped._jdf.queryExecution().optimizedPlan().toString()
    assert plan.count("Project") == 1
    assert "Python" not in plan
    assert "ExternalRDD" not in plan


def test_frames_join_and_taken_names_get_a_dot(context: Any) -> None:
    one = dynamic(context, "select 1 id, named_struct('k', 'a') s, 'l' v")
    two = dynamic(context, "select 1 id, 'a' k, 'r' v, true more")
    joined = one.join(["id", "s.k"], ["id", "k"], two)
    assert records(joined) == [
        {"id": 1, "s": {"k": "a"}, "v": "l", ".id": 1, "k": "a", ".v": "r", "more": True}
    ]
    assert records(one.join("id", "id", one).select_fields(["id", "`.v`"])) == [{"id": 1, ".v": "l"}]
    with pytest.raises(ValueError, match="no key 'nope'"):
        one.join(["nope"], ["id"], two).toDF()


def test_rows_and_fields_are_split(context: Any) -> None:
    frame = dynamic(context, "select * from values (1, 'a'), (12, 'b'), (null, 'c') t(age, n)")
    rows = frame.split_rows({"age": {">": 10, "<": 20}}, "some", "rest")
    assert [row["n"] for row in records(rows["some"])] == ["b"]
    assert [row["n"] for row in records(rows["rest"])] == ["a", "c"]
    fields = frame.split_fields(["n"], "one", "two")
    assert [fields[name].toDF().columns for name in ("one", "two")] == [["n"], ["age"]]
    assert fields["one"].name == "one"


def test_a_stage_replaces_the_records_of_its_keys(context: Any) -> None:
    source = dynamic(context, "select * from values (1, 'old'), (2, 'kept'), (2, 'twice') t(id, v)")
    stage = dynamic(context, "select * from values (1, 'new'), (3, 'added') t(id, v)")
    merged = source.mergeDynamicFrame(stage, ["id"])
    assert sorted((row["id"], row["v"]) for row in records(merged)) == [
        (1, "new"), (2, "kept"), (2, "twice"), (3, "added"),
    ]  # fmt: skip


def test_a_sample_is_written_and_the_records_go_on(context: Any, tmp_path: Path) -> None:
    frame = dynamic(context, "select id from range(10)").spigot(f"file://{tmp_path}/s", {"topk": 2})
    lines = [
        line for part in sorted((tmp_path / "s").glob("part-*")) for line in part.read_text().splitlines()
    ]
    assert lines == ['{"id": 0}', '{"id": 1}']
    assert frame.count() == 10


def test_relationalize_makes_tables_that_join_by_keys(frame_of: Any) -> None:
    frame = frame_of(
        {"id": "x", "in": {"a": 1, "b": {"c": True}}, "l": [{"v": 1, "tags": ["p", "q"]}, {"v": 2}]},
        {"id": "y", "l": []},
        {"id": "z"},
    )
    tables = frame.relationalize("root", "s3://staging/")
    assert list(tables.keys()) == ["root", "root_l", "root_l_l.val.tags"]
    root = records(tables["root"])
    assert list(root[0]) == ["id", "in.a", "in.b.c", "l"]
    assert [(row["id"], row["in.a"], row["l"] is None) for row in root] == [
        ("x", 1, False), ("y", None, False), ("z", None, True),
    ]  # fmt: skip
    items = records(tables["root_l"])
    assert [(row["id"], row["index"], row["l.val.v"]) for row in items] == [
        (root[0]["l"], 0, 1), (root[0]["l"], 1, 2),
    ]  # fmt: skip
    tags = records(tables["root_l_l.val.tags"])
    assert [(row["index"], row["l.val.tags.val"]) for row in tags] == [(0, "p"), (1, "q")]
    assert {row["id"] for row in tags} == {items[0]["l.val.tags"]}
    assert tables.select("nope").count() == 0


def test_unnest_flattens_structs_and_keys_arrays(frame_of: Any) -> None:
    flat = frame_of({"a": {"b": {"c": 1}}, "l": [1]}).unnest().toDF()
    assert flat.dtypes == [("a.b.c", "int"), ("l", "bigint")]


def test_text_is_unboxed_and_what_cannot_be_read_is_an_error(frame_of: Any, records_of: Any) -> None:
    frame = frame_of({"n": 1, "t": '{"a": {"b": 2}}'}, {"n": 2, "t": "{bad"}, {"n": 3})
    unboxed = frame.unbox("t", "json")
    assert records_of(unboxed) == [{"n": 1, "t": {"a": {"b": 2}}}, {"n": 3}]
    assert unboxed.stageErrorsCount() == 1
    assert records_of(frame_of({"t": "x|2"}).unbox("t", "csv", separator="|")) == [
        {"t": {"col0": "x", "col1": "2"}}
    ]
    with pytest.raises(NotImplementedError, match="avro"):
        frame.unbox("t", "avro")


def test_dynamodb_json_loses_its_types(frame_of: Any, records_of: Any) -> None:
    item = {
        "map": {"M": {"in": {"M": {"name": {"S": "x"}}}}},
        "n": {"N": "1"}, "ss": {"SS": ["a"]}, "yes": {"BOOL": True}, "no": {"NULL": True},
        "l": {"L": [{"S": "p"}, {"S": "q"}]}, "mixed": {"L": [{"S": "p"}, {"N": "1"}]},
    }  # fmt: skip
    frame = frame_of({"Item": item})
    shared = {
        "n": "1", "ss": ["a"], "yes": True, "no": None, "l": ["p", "q"], "mixed": [{"S": "p"}, {"N": "1"}],
    }  # fmt: skip
    assert records_of(frame.unnest_ddb_json()) == [{"map.in.name": "x", **shared}]
    assert records_of(frame.simplify_ddb_json()) == [{"map": {"in": {"name": "x"}}, **shared}]


def test_a_frame_shows_its_records_without_what_they_lack(
    frame_of: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    frame_of({"b": 1, "a": "é"}, {"a": None}).show()
    assert capsys.readouterr().out.splitlines() == ['{"b": 1, "a": "é"}', '{"a": null}']


def test_a_known_schema_is_taken_without_a_look(frame_of: Any) -> None:
    from awsglue.gluetypes import Field, LongType, StructType

    known = frame_of({"n": 1, "more": 2}).with_frame_schema(StructType([Field("n", LongType())]))
    assert known.toDF().dtypes == [("n", "bigint")]
