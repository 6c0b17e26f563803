"""Tables whose types are nested very deep, in Glue and in a Delta log."""

from __future__ import annotations

import json

import pytest

from local_aws.athena import StoreStorage
from tests.unit.local_athena.conftest import Lake

REFUSED = "types nested deeper than 60 levels are not supported here"


def glue_table(lake: Lake, type_: str) -> None:
    descriptor = {
        "Columns": [{"Name": "a", "Type": type_}],
        "Location": "s3://lake/t/",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    }
    lake.glue.create_table(DatabaseName="db", TableInput={"Name": "t", "StorageDescriptor": descriptor})


def delta_table(lake: Lake, action: str) -> None:
    path = lake.settings.state / "commit"
    path.write_text(action)
    StoreStorage(lake.store).write(f"s3://lake/d/_delta_log/{0:020}.json", path)


def nested(levels: int) -> str:
    type_ = '"integer"'
    for _ in range(levels):
        type_ = f'{{"type":"array","elementType":{type_},"containsNull":true}}'
    schema = f'{{"type":"struct","fields":[{{"name":"a","type":{type_}}}]}}'
    return json.dumps({"metaData": {"schemaString": schema}})


def test_a_type_of_sixty_levels_is_read(lake: Lake) -> None:
    glue_table(lake, "array<" * 60 + "int" + ">" * 60)
    assert lake.rows("SELECT a FROM t") == []


@pytest.mark.parametrize("levels", [61, 200, 5000])
def test_a_glue_type_that_is_nested_too_deep_is_named(lake: Lake, levels: int) -> None:
    glue_table(lake, "array<" * levels + "int" + ">" * levels)
    assert lake.reason("SELECT 1 FROM t").endswith(f"Table awsdatacatalog.db.t, column 'a': {REFUSED}")


@pytest.mark.parametrize("levels", [61, 500])
def test_a_delta_type_that_is_nested_too_deep_is_named(lake: Lake, levels: int) -> None:
    delta_table(lake, nested(levels))
    lake.rows("CREATE EXTERNAL TABLE d LOCATION 's3://lake/d/' TBLPROPERTIES ('table_type' = 'DELTA')")
    assert lake.reason("SELECT 1 FROM d").endswith(f"Table awsdatacatalog.db.d, column 'a': {REFUSED}")


def test_a_delta_log_that_is_nested_too_deep_is_named(lake: Lake) -> None:
    delta_table(lake, '{"add":' + "[" * 200_000 + "]" * 200_000 + "}")
    reason = lake.reason(
        "CREATE EXTERNAL TABLE d LOCATION 's3://lake/d/' TBLPROPERTIES ('table_type' = 'DELTA')"
    )
    assert "Malformed commit: s3://lake/d/_delta_log/" in reason
