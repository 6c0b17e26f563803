from __future__ import annotations

import pytest

from local_aws.glue.jobs.arguments import (
    Unsupported,
    check_supported,
    notes,
    script_arguments,
    sees_data_catalog,
    variables,
)


def test_the_script_sees_glues_own_arguments_and_the_runs() -> None:
    seen = script_arguments("clientes", "jr_1", "j_1", {"--load_date": "pending", "--flag": ""})
    assert seen[:2] == ["--job-bookmark-option", "job-bookmark-disable"]
    assert seen[2:8] == ["--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_1", "--JOB_NAME", "clientes"]
    assert seen[8:] == ["--load_date", "pending", "--flag"]


def test_the_script_does_not_see_what_glue_acts_on() -> None:
    given = {
        "--extra-py-files": "s3://a/b.zip",
        "--conf": "a=b",
        "--enable-metrics": "true",
        "--TempDir": "s3://t/",
    }
    assert script_arguments("n", "r", "j", given)[8:] == ["--TempDir", "s3://t/"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("--datalake-formats", "iceberg,hudi"),
        ("--job-language", "scala"),
        ("--conf", "spark.a"),
    ],
)
def test_what_would_silently_not_happen_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Unsupported, match=name):
        check_supported({name: value})


def test_what_changes_nothing_is_passed_over_and_said() -> None:
    given = {"--enable-metrics": "true", "--enable-auto-scaling": "true", "--enable-spark-ui": "false"}
    check_supported(given)
    assert [note.split()[0] for note in notes(given)] == ["--enable-metrics", "--enable-auto-scaling"]


@pytest.mark.parametrize(("value", "seen"), [("true", True), ("", True), ("false", False), ("False", False)])
def test_spark_sees_the_data_catalog_where_the_argument_is_there_and_not_false(
    value: str, seen: bool
) -> None:
    assert sees_data_catalog({"--enable-glue-datacatalog": value}) is seen
    assert not sees_data_catalog({})


def test_environment_variables_may_be_quoted() -> None:
    assert variables('A=1,B="x,y",C=') == {"A": "1", "B": "x,y", "C": ""}
