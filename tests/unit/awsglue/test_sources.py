"""What is read from files: values, their types and their order as the data have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.spark


@pytest.fixture
def read(context: Any, tmp_path: Path) -> Any:
    def from_options(format: str = "json", path: Path = tmp_path, **options: Any) -> Any:
        format_options = options.pop("format_options", {})
        return context.create_dynamic_frame.from_options(
            connection_type="s3", connection_options={"paths": [f"file://{path}"], **options},
            format=format, format_options=format_options,
        )  # fmt: skip

    return from_options


def tree(frame: Any) -> list[str]:
    from awsglue.schema_text import tree_text

    return tree_text(frame.schema()).splitlines()[1:]


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_json_keeps_the_order_of_the_data_and_ints_that_fit(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"zeta": 1, "alpha": 3000000000, "ñ": 1.5, "in": {"z": 1, "a": "x"}}')
    frame = read()
    assert tree(frame) == [
        "|-- zeta: int", "|-- alpha: long", "|-- ñ: double",
        "|-- in: struct", "|    |-- z: int", "|    |-- a: string",
    ]  # fmt: skip
    assert [row.asDict(recursive=True) for row in frame.toDF().collect()] == [
        {"zeta": 1, "alpha": 3000000000, "ñ": 1.5, "in": {"z": 1, "a": "x"}}
    ]


def test_a_bad_line_of_json_is_an_error_record(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"n": 1}', "{bad", "", '"text"', '{"n": "x"}')
    frame = read("JSON")
    assert tree(frame) == ["|-- n: choice", "|    |-- int", "|    |-- string"]
    assert (frame.count(), frame.errorsCount()) == (2, 2)
    errors = frame.errorsAsDynamicFrame().toDF().select("error.input", "error.source").collect()
    assert [row[0] for row in errors] == ["{bad", '"text"']
    assert errors[0][1].endswith("/a.json")


def test_files_of_nothing_have_no_records_and_no_fields(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json")
    assert (read().count(), tree(read()), read().toDF().columns) == (0, [], [])
    read().apply_mapping([("a", "b")]).write("s3", {"path": f"file://{tmp_path}/out"}, "parquet")
    assert not (tmp_path / "out").exists()


def test_json_over_several_lines_is_read_when_the_script_says_so(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", "[", '{"n":', "1}, {", '"n": 2}', "]")
    write(tmp_path / "b.json", '{"n":', "3}", '{"n": 4}')
    frame = read(format_options={"multiline": True})
    assert sorted(row.n for row in frame.toDF().collect()) == [1, 2, 3, 4]


def test_recurse_reads_files_at_every_depth_and_their_partition_folders(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"n": 1}')
    write(tmp_path / "x=07" / "b.json", '{"n": 2}')
    write(tmp_path / "x=a%20b" / "deep" / "c.json", '{"n": 3}')
    frame = read(recurse=True).toDF()
    assert sorted(map(tuple, frame.select("n", "x").collect())) == [(1, None), (2, "07"), (3, "a b")]


def test_only_missing_keys_are_missing_in_what_a_function_gets(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"k": 5}', '{"j": 1}', '{"k": 0}', '{"k": null}')
    frame = read()
    frame.toDF()
    assert frame.filter(lambda record: record["k"] != 0).count() == 2


def test_fields_that_are_null_everywhere_are_dropped_nested_ones_too(read: Any, tmp_path: Path) -> None:
    from awsglue.transforms import DropNullFields

    write(
        tmp_path / "a.json", '{"a": null, "b": {"c": null, "d": 1}, "e": [{"f": null, "g": 1}], "h.i": null}'
    )
    dropped = DropNullFields.apply(frame=read())
    assert dropped.toDF().dtypes == [("b", "struct<d:int>"), ("e", "array<struct<g:int>>")]


def test_csv_reads_quotes_inside_quotes(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,t", '1,"say ""hi"""', '2,"a,b"')
    frame = read("csv", format_options={"withHeader": True})
    assert list(map(tuple, frame.toDF().collect())) == [("1", 'say "hi"'), ("2", "a,b")]


def test_csv_without_quote_characters_has_none(read: Any, context: Any, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.json", '{"id": 1, "t": "a,b"}', '{"id": 2, "t": " \\"q\\" \\n#", "u": null}')
    frame = read(path=tmp_path / "in").coalesce(1)
    context.write_dynamic_frame.from_options(
        frame=frame, connection_type="s3", connection_options={"path": f"file://{tmp_path}/out"},
        format="csv", format_options={"quoteChar": -1},
    )  # fmt: skip
    (written,) = (tmp_path / "out").glob("part-*")
    assert written.read_bytes() == b'id,t,u\n1,a,b,\n2, "q" \n#,\n'


def test_json_is_written_with_the_values_of_a_choice(read: Any, context: Any, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.json", '{"id": 1, "k": "x"}', '{"id": "é", "k": "x"}')
    context.write_dynamic_frame.from_options(
        frame=read(path=tmp_path / "in").coalesce(1), connection_type="s3", format="json",
        connection_options={"path": f"file://{tmp_path}/out", "partitionKeys": ["k"]},
    )  # fmt: skip
    (written,) = (tmp_path / "out" / "k=x").glob("part-*")
    assert written.read_text() == '{"id":1}\n{"id":"é"}\n'


def test_parquet_files_of_different_types_are_a_choice(read: Any, context: Any, tmp_path: Path) -> None:
    context.sql("select 1 n, 'a' t").write.parquet(f"file://{tmp_path}/p/k=1")
    context.sql("select 2L n, 'b' t").write.parquet(f"file://{tmp_path}/p/k=2")
    frame = read("Parquet", path=tmp_path / "p")
    assert tree(frame)[:3] == ["|-- n: choice", "|    |-- int", "|    |-- long"]
    cast = frame.resolveChoice(specs=[("n", "cast:long")]).toDF()
    assert sorted(map(tuple, cast.collect())) == [(1, "a", "1"), (2, "b", "2")]


def test_an_option_that_changes_nothing_is_taken_and_any_other_refused(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"n": 1}')
    assert read(groupFiles="inPartition", useGlueDataCatalog=True, mode="append").count() == 1
    with pytest.raises(NotImplementedError, match="attachFilename"):
        read(attachFilename="f")


def test_of_two_folders_of_one_key_the_innermost_is_the_partition(read: Any, tmp_path: Path) -> None:
    write(tmp_path / "x=1" / "a.json", '{"n": 1}')
    write(tmp_path / "x=1" / "x=2" / "b.json", '{"n": 2}')
    write(tmp_path / "x=1" / "y=__HIVE_DEFAULT_PARTITION__" / "c.json", '{"n": 3}')
    frame = read(path=tmp_path / "x=1", recurse=True).toDF()
    assert sorted(map(tuple, frame.select("n", "x", "y").collect())) == [
        (1, "1", None), (2, "2", None), (3, "1", None),
    ]  # fmt: skip


def test_a_source_is_told_its_format_and_a_sample_is_the_first_records(context: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "1;x", "2;y", "3;z")
    paths = {"paths": [f"file://{tmp_path}"]}
    source = context.getSource("s3", paths=[f"file://{tmp_path}"])
    source.setFormat("csv", separator=";")
    assert [list(row) for row in source.getFrame().toDF().collect()] == [["1", "x"], ["2", "y"], ["3", "z"]]
    sample = context.create_sample_dynamic_frame_from_options("s3", paths, 2, format="csv")
    assert [row[0] for row in sample] == ["1;x", "2;y"]


def test_a_data_frame_is_written_as_a_dynamic_frame_is(context: Any, tmp_path: Path) -> None:
    frame = context.spark_session.createDataFrame([(1, "ñ")], "id int, n string")
    path = {"path": f"file://{tmp_path}/out"}
    assert context.write_data_frame.from_options(frame, "s3", path, "json") is frame
    written = [file.read_text() for file in (tmp_path / "out").glob("part-*")]
    assert "".join(written) == '{"id":1,"n":"ñ"}\n'


def test_a_sample_is_not_taken_for_read(
    context: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from awsglue import bookmarks

    write(tmp_path / "a.json", '{"n": 1}', '{"n": 2}')
    monkeypatch.setattr(bookmarks, "current", object())
    sample = context.create_sample_dynamic_frame_from_options(
        "s3", {"paths": [f"file://{tmp_path}"]}, 1, format="json", transformation_ctx="source"
    )
    assert [row.n for row in sample] == [1]


def test_how_a_sample_is_taken_does_not_say_how_many_records_it_has(context: Any, tmp_path: Path) -> None:
    write(tmp_path / "a.json", '{"a": 1}', '{"a": 2}', '{"a": 3}')
    sample = context.create_sample_dynamic_frame_from_options(
        "s3", {"paths": [f"file://{tmp_path}"]}, sample_options={"maxSamplePartitions": 1}, format="json"
    )
    assert [row[0] for row in sample] == [1, 2, 3]
