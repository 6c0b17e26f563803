"""JSON SerDes: values of another type than their column's, and what OpenX's takes beyond JSON."""

from __future__ import annotations

import pytest

from local_athena.values.openx_json import lenient_object
from tests.unit.local_athena.conftest import Lake

HIVE, OPENX = "org.apache.hive.hcatalog.data.JsonSerDe", "org.openx.data.jsonserde.JsonSerDe"


def value(lake: Lake, serde: str, type_: str, line: str) -> str | None:
    """Column `t` of one line, or what its query fails with."""
    lake.rows(f"CREATE EXTERNAL TABLE j (t {type_}) ROW FORMAT SERDE '{serde}' LOCATION 's3://lake/j/'")
    lake.store.put("lake", "j/f", f"{line}\n".encode())
    done = lake.run("SELECT t FROM j")
    if done["Status"]["State"] == "FAILED":
        return str(done["Status"]["StateChangeReason"]).partition(":")[0]
    return lake.rows("SELECT t FROM j")[0][0]


@pytest.mark.parametrize("serde", [HIVE, OPENX])
@pytest.mark.parametrize(
    ("type_", "json", "answer"),
    [
        ("int", "1.9", "1"), ("int", "-1.9", "-1"), ("bigint", "1e3", "1000"), ("tinyint", "1.5", "1"),
        ("int", "true", "HIVE_BAD_DATA"), ("double", "false", "HIVE_BAD_DATA"), ("int", "null", None),
        ("tinyint", "300", "HIVE_BAD_DATA"), ("string", "1.90", "1.90"), ("string", "true", "true"),
        ("boolean", "true", "true"), ("boolean", "null", None), ("array<int>", "[1.9]", "[1]"),
    ],
)  # fmt: skip
def test_both_serdes_make_of_a_value(
    lake: Lake, serde: str, type_: str, json: str, answer: str | None
) -> None:
    assert value(lake, serde, type_, f'{{"t": {json}}}') == answer


@pytest.mark.parametrize(
    ("type_", "line", "answer"),
    [
        ("boolean", '{"t": 1}', "false"),
        ("boolean", '{"t": 1.0}', "false"),
        ("boolean", '{"t": "TRUE"}', "true"),
        ("boolean", '{"t": "yes"}', "false"),
        ("timestamp", '{"t": 1454612111000}', "2016-02-04 18:55:11.000"),
        ("timestamp", '{"t": 1454612111}', "2016-02-04 18:55:11.000"),
        ("timestamp", '{"t": "1454612111"}', "2016-02-04 18:55:11.000"),
        ("timestamp", '{"t": 1454612111.25}', "2016-02-04 18:55:11.250"),
        ("array<string>", '{"t": "x"}', "[x]"),
        ("array<int>", '{"t": 7}', "[7]"),
        ("array<struct<a:int>>", '{"t": {"a": 1}}', "[{a=1}]"),
        ("int", "{'t':3}", "3"),
        ("int", "{t:3}", "3"),
        ("int", '{"t":3} and more', "3"),
        ("int", '{"t"=3;"u"=>4,}', "3"),
        ("string", "{t:two words}", "two words"),
        ("string", '{"t":TRUE}', "true"),
        ("array<int>", '{"t":[1,,3]}', "[1, null, 3]"),
        ("int", '{"t"}', "HIVE_CURSOR_ERROR"),
        ("int", '"t":3}', "HIVE_CURSOR_ERROR"),
        ("int", '{"t":3', "HIVE_CURSOR_ERROR"),
    ],
)
def test_openx_takes_more(lake: Lake, type_: str, line: str, answer: str) -> None:
    assert value(lake, OPENX, type_, line) == answer


def test_hives_serde_takes_json_only(lake: Lake) -> None:
    assert value(lake, HIVE, "int", "{'t':3}") == "HIVE_CURSOR_ERROR"


def test_hives_serde_takes_no_number_for_a_boolean(lake: Lake) -> None:
    assert value(lake, HIVE, "boolean", '{"t": 1}') == "HIVE_BAD_DATA"


@pytest.mark.parametrize(
    "text", ["{" * 3000, "{a:" + "[" * 3000, "{'a", "{a:", "{a:'\\u12", "{a:'\\", "{[1]:2}", "{:1}"]
)
def test_what_is_no_object_is_told_as_such(text: str) -> None:
    with pytest.raises(ValueError, match=r"at \d+|invalid"):
        lenient_object(text, dict)
