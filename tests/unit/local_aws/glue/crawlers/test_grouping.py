"""Which folders are tables and which are partitions."""

from __future__ import annotations

import pytest

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.grouping import File, FoundTable, Grouping, tables_of, tree_of
from local_aws.glue.crawlers.hive_types import Column
from local_aws.glue.crawlers.names import distinct_keys, table_name
from local_aws.glue.crawlers.schemas import combined


def csv(names: str, *, header: bool = True) -> Classified:
    columns = tuple(Column(name, "string") for name in names)
    return Classified(Format("csv", has_header=header), columns, 10)


A, B, C = csv("abcd"), csv("wxyz"), csv("mnop")


def found(files: dict[str, Classified | None], root: str = "raw", **grouping: object) -> list[FoundTable]:
    tree = tree_of(root, [File(key, 10, schema) for key, schema in files.items()])
    return tables_of(tree, Grouping(**grouping))  # type: ignore[arg-type]


def shape(tables: list[FoundTable]) -> dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    return {table.path: (table.keys, [one.values for one in table.partitions]) for table in tables}


def test_unlike_folders_are_tables_of_their_own() -> None:
    files = {"raw/a/year=1/x": A, "raw/b/year=1/x": B, "raw/c/year=1/x": C}
    assert shape(found(files)) == {f"raw/{name}": (("year",), [("1",)]) for name in "abc"}


def test_look_alike_folders_are_one_table_whose_first_key_holds_their_names() -> None:
    files = {"raw/sold/p1/x": A, "raw/bought/p2/x": A}
    keys = ("partition_0", "partition_1")
    assert shape(found(files)) == {"raw": (keys, [("sold", "p1"), ("bought", "p2")])}


def test_unlike_year_folders_are_tables_named_after_them() -> None:
    files = {"raw/year=2017/x": A, "raw/year=2018/x": B}
    tables = found(files)
    assert [table.path for table in tables] == ["raw/year=2017", "raw/year=2018"]
    assert [table_name("", table.path.rpartition("/")[2]) for table in tables] == ["year_2017", "year_2018"]


def test_one_strange_day_does_not_split_a_table() -> None:
    files = {"raw/day=1/x": A, "raw/day=2/x": B, "raw/day=3/x": A}
    assert shape(found(files)) == {"raw": (("day",), [("1",), ("2",), ("3",)])}


def test_files_without_a_schema_have_no_vote_but_their_folder_is_a_partition() -> None:
    files = {"raw/day=1/x": A, "raw/day=2/noise": None, "raw/day=2/noise2": None}
    assert shape(found(files)) == {"raw": (("day",), [("1",), ("2",)])}
    assert found({"raw/day=1/noise": None}) == []


def test_a_file_without_header_is_like_one_with_as_many_columns() -> None:
    nameless = csv("0123", header=False)
    assert len(found({"raw/day=1/x": nameless, "raw/day=2/x": A})) == 1
    merged = combined([nameless, A])
    assert [column.name for column in merged.columns] == ["a", "b", "c", "d"]


def test_unlike_files_in_one_folder_are_a_table_each() -> None:
    tables = found({"raw/one.csv": A, "raw/two.csv": B, "raw/noise": None})
    assert [(table.path, table.is_file) for table in tables] == [("raw/one.csv", True), ("raw/two.csv", True)]


def test_a_target_that_is_a_file_is_a_table() -> None:
    tables = found({"raw/one.csv": A}, root="raw/one.csv")
    assert [(table.path, table.is_file) for table in tables] == [("raw/one.csv", True)]


def test_folders_without_a_name_keep_their_place() -> None:
    assert shape(found({"raw//day=1/x": A, "raw//day=2/x": A})) == {"raw/": (("day",), [("1",), ("2",)])}


def test_a_whole_bucket_can_be_a_table() -> None:
    assert shape(found({"a.csv": A, "b.csv": A}, root="")) == {"": ((), [])}


def test_values_are_decoded_and_mixed_folder_names_get_a_positional_key() -> None:
    files = {"raw/ciudad=a%3Ab/x": A, "raw/other/x": A}
    assert shape(found(files)) == {"raw": (("partition_0",), [("a:b",), ("other",)])}


def test_files_at_an_unusual_depth_stay_outside_a_partitioned_table() -> None:
    files = {"raw/day=1/x": A, "raw/day=2/x": A, "raw/day=3/deep/x": A}
    assert shape(found(files)) == {"raw": (("day",), [("1",), ("2",)])}


def test_files_without_a_schema_do_not_choose_the_depth() -> None:
    files = {"raw/day=1/x": A, "raw/n1": None, "raw/n2": None}
    assert shape(found(files)) == {"raw": (("day",), [("1",)])}


def test_a_table_level_is_absolute() -> None:
    files = {"raw/eu/sold/x": A, "raw/eu/bought/x": A, "raw/us/sold/x": A}
    assert [table.path for table in found(files)] == ["raw"]
    assert [table.path for table in found(files, level=3)] == ["raw/eu", "raw/us"]
    assert [table.path for table in found(files, level=4)] == ["raw/eu/sold", "raw/eu/bought", "raw/us/sold"]


def test_compatible_schemas_can_be_combined_however_unlike() -> None:
    files = {"raw/a/x": A, "raw/b/x": B}
    assert [table.path for table in found(files, combine_compatible=True)] == ["raw"]


@pytest.mark.parametrize(
    ("keys", "columns", "expected"),
    [
        (("year", "month"), {"id"}, ("year", "month")),
        (("year", "month"), {"year"}, ("partition_0", "month")),
        (("day", "day"), set(), ("day", "partition_1")),
    ],
)
def test_no_key_has_the_name_of_a_column_or_of_another_key(
    keys: tuple[str, ...], columns: set[str], expected: tuple[str, ...]
) -> None:
    assert distinct_keys(keys, columns) == expected


def test_table_names_are_cut_and_cleaned() -> None:
    assert table_name("Pre-", "Año 2025.csv") == "pre_año_2025_csv"
    assert len(table_name("", "x" * 300)) == 128
