"""What Glue says of scripts that failed."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from local_aws.glue.jobs.process import JOB_PATH

sys.path.insert(0, str(JOB_PATH))

from run_failures import failure_message, without_places

SCRIPT = "/tmp/job.py"


class AnalysisException(Exception):
    """As PySpark names it."""


class GlueArgumentError(Exception):
    """As `awsglue.utils` names it."""


class Py4JJavaError(Exception):
    """As py4j names it; its text is py4j's."""


def said(statement: str, **names: object) -> str:
    try:
        exec(compile(f"\n{statement}", SCRIPT, "exec"), dict(names))
    except BaseException as error:
        return failure_message(error, SCRIPT, {"/state/s3": "s3:/", "/state": ""})
    raise AssertionError("it did not fail")


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("{}['a']", "Error Category: INVALID_ARGUMENT_ERROR; Failed Line Number: 2; KeyError: 'a'"),
        (
            "col",
            "Error Category: INVALID_ARGUMENT_ERROR; Failed Line Number: 2; NameError: name 'col' is not defined",
        ),
        (
            "import nada_",
            "Error Category: IMPORT_ERROR; Failed Line Number: 2; ModuleNotFoundError: No module named 'nada_'",
        ),
        ("1 +", "Error Category: SYNTAX_ERROR; SyntaxError: invalid syntax (job.py, line 2)"),
        ("1 / 0", "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 2; ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 2; SystemExit: 3"),
    ],
)  # fmt: skip
def test_python_s_errors_have_a_category_and_a_line(statement: str, message: str) -> None:
    assert said(statement) == message


def test_missing_arguments_and_queries_have_their_categories() -> None:
    missing = GlueArgumentError("the following arguments are required: --x")
    assert "INVALID_ARGUMENT_ERROR; Failed Line Number: 2; GlueArgumentError: the f" in said(
        "f()", f=raising(missing)
    )
    query = AnalysisException("[UNRESOLVED_COLUMN] no such column\n\n\tat a.b(C.java:1)")
    assert said("f()", f=raising(query)).endswith(
        "QUERY_ERROR; Failed Line Number: 2; AnalysisException: [UNRESOLVED_COLUMN] no such column"
    )


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        (
            "org.apache.spark.SparkException: Job aborted.\n\tat a.B.c(B.scala:1)\n"
            "Caused by: java.io.IOException: wrapped\n\tat d.E(F.java:2)\n"
            "Caused by: org.postgresql.util.PSQLException: ERROR: duplicate key\n  Detail: k\n\tat g.h(I.java:3)\n\t... 3 more",
            "An error occurred while calling o403.save. ERROR: duplicate key\n  Detail: k",
        ),
        ("java.lang.StackOverflowError\n\tat a.b(C.java)", "An error occurred while calling o403.save. java.lang.StackOverflowError"),
        (
            "org.apache.hadoop.mapred.InvalidInputException: Input path does not exist: laguna:/state/s3/lago/x\n\tat a.b(C.java)",
            "An error occurred while calling o403.save. Input path does not exist: s3://lago/x",
        ),
    ],
)  # fmt: skip
def test_java_s_errors_are_told_by_their_cause_alone(trace: str, message: str) -> None:
    error = Py4JJavaError(f"An error occurred while calling o403.save.\n: {trace}")
    assert (
        said("f()", f=raising(error))
        == f"Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 2; {message}"
    )


def test_folders_of_this_machine_are_not_told() -> None:
    places = {"/state/tmp/spark-1/staging": "s3:/", "/state/s3": "s3:/", "/state": ""}
    text = "file:/state/s3/lago/a file:///state/s3/lago/b /state/tmp/spark-1/staging/lago/_temporary /state/x"
    assert without_places(text, places) == "s3://lago/a s3://lago/b s3://lago/_temporary /x"
