from __future__ import annotations

import pytest
from awsglue.formats import read_options, spark_format, write_options


def test_csv_is_read_without_header_and_written_with_one() -> None:
    assert read_options("csv", {})["header"] == "false"
    assert write_options("csv", {})["header"] == "true"


def test_glues_options_become_sparks() -> None:
    given = {"separator": ";", "withHeader": True, "quoteChar": -1, "multiLine": "true"}
    expected = {"sep": ";", "header": "true", "quote": "", "escape": "", "multiLine": "true"}
    assert read_options("csv", given) == expected
    assert write_options("glueparquet", {"compression": "gzip", "useGlueParquetWriter": True}) == {
        "compression": "gzip"
    }


@pytest.mark.parametrize(("name", "option"), [("json", "jsonPath"), ("csv", "attachFilename")])
def test_an_option_that_would_change_the_data_is_refused_by_name(name: str, option: str) -> None:
    with pytest.raises(NotImplementedError, match=option):
        read_options(name, {option: "x"})


def test_a_format_spark_lacks_is_refused_by_name() -> None:
    with pytest.raises(NotImplementedError, match="ion"):
        spark_format("ion")
    with pytest.raises(NotImplementedError, match="writing the format 'xml'"):
        write_options("xml", {})


def test_xml_has_the_options_of_its_reader() -> None:
    given = {"rowTag": "r", "treatEmptyValuesAsNulls": True, "ignoreSurroundingSpaces": "True"}
    assert read_options("xml", given) == {"rowTag": "r", "nullValue": "", "ignoreSurroundingSpaces": "true"}
