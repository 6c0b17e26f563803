"""Iceberg's partition fields: several of one column, and those that say the same twice."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Lake

REST = "LOCATION 's3://lake/i/' TBLPROPERTIES ('table_type'='ICEBERG')"


def test_several_transforms_of_one_column_place_each_row(lake: Lake) -> None:
    lake.rows(
        f"CREATE TABLE i (ts timestamp, s string) PARTITIONED BY (day(ts), bucket(2, ts), s, truncate(s, 1)) {REST}"  # noqa: E501
    )
    lake.rows(
        "INSERT INTO i VALUES (timestamp '2020-01-01 01:00:00', 'abc'), (timestamp '2020-01-01 02:00:00', 'ab')"  # noqa: E501
    )
    lake.rows("INSERT INTO i VALUES (null, null)")
    assert lake.rows("SELECT s FROM i WHERE ts = timestamp '2020-01-01 02:00:00' AND s = 'ab'") == [["ab"]]
    assert lake.rows('SELECT partition.s, partition.s_trunc, partition.ts_day FROM "i$partitions" ORDER BY 1') == [  # noqa: E501
        ["ab", "a", "2020-01-01"], ["abc", "a", "2020-01-01"], [None, None, None],
    ]  # fmt: skip
    lake.rows("DELETE FROM i WHERE s = 'abc'")
    assert lake.rows("SELECT count(*) FROM i") == [["2"]]


@pytest.mark.parametrize(
    "fields", ["day(ts), hour(ts)", "s, s", "bucket(2, s), bucket(4, s)", "month(ts), year(ts)"]
)
def test_two_fields_of_which_one_tells_the_other_are_refused(lake: Lake, fields: str) -> None:
    reason = lake.reason(f"CREATE TABLE i (ts timestamp, s string) PARTITIONED BY ({fields}) {REST}")
    assert reason.startswith("INVALID_TABLE_PROPERTY: Cannot add redundant partition: ")
    assert lake.rows("SHOW TABLES") == []


def test_data_lies_where_the_property_says_and_goes_with_the_table(lake: Lake) -> None:
    lake.store.put("lake", "else/other", b"x")
    lake.rows(
        "CREATE TABLE i (n int) LOCATION 's3://lake/i/' TBLPROPERTIES ('table_type'='ICEBERG', "
        "'write.data.path'='s3://lake/else/', 'write_compression'='gzip')"
    )
    lake.rows("INSERT INTO i VALUES (1)")
    assert (lake.rows('SELECT "$path" FROM i')[0][0] or "").startswith("s3://lake/else/")
    lake.rows("ALTER TABLE i UNSET TBLPROPERTIES ('write_compression')")
    assert "INVALID_TABLE_PROPERTY" in lake.reason("ALTER TABLE i SET TBLPROPERTIES ('write.data.path'='x')")
    lake.rows("DROP TABLE i")
    assert [item.key for item in lake.store.list_files("lake", "else/")] == ["else/other"]
