"""The names and parameters of AWS's `awsglue`, compared with ours one by one; what is absent says so."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs" / "support" / "awsglue.md").read_text(encoding="utf-8")
TABLE = [
    line
    for line in (HERE / "aws_signatures.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SHARED = "transformation_ctx='', info='', stageThreshold=0, totalThreshold=0"
OURS = {
    "dynamicframe.DynamicFrame": {"stages"},
    "gluetypes.MapType": {"keyType"},
    "gluetypes.Field": {"optional"},
}
"""Parameters at the end that only Laguna's own code passes."""
ABSENT_OF_CONTEXT = (
    "add_ingestion_time_columns", "begin_transaction", "cancel_transaction", "commit_transaction",
    "forEachBatch", "getSampleStreamingDynamicFrame", "get_catalog_schema_as_spark_schema",
    "start_transaction", "transition_s3_path", "transition_table",
)  # fmt: skip
ABSENT_MODULES = ("data_sink", "dataframereader", "devutils", "streaming_data_source")


@pytest.mark.parametrize("line", TABLE)
def test_a_name_has_the_parameters_that_aws_gives_it(line: str) -> None:
    name, _, parameters = line.removesuffix(")").partition("(")
    expected = _same_nothing(parameters.replace("*t", SHARED))
    found = _parameters(_found(name), OURS.get(name, set()))
    assert _as_aws(found, parameters) == expected


def _found(name: str) -> Any:
    module, *rest = name.split(".")
    found: Any = importlib.import_module(f"awsglue.{module}")
    for part in rest:
        found = getattr(found, part)
    return found


def _parameters(found: Any, ours: set[str]) -> list[inspect.Parameter]:
    if inspect.isclass(found) and found.__module__.startswith("awsglue.transforms."):
        found = found.__call__
    try:
        listed = list(inspect.signature(found).parameters.values())
    except ValueError:  # a class that only adds to a built-in one
        return [
            inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL),
            inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD),
        ]
    return [one for one in listed if one.name not in {"self", *ours}]


def _as_aws(found: list[inspect.Parameter], expected: str) -> str:
    texts = []
    for one in found:
        stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else f"={_default(one.default)}"
        # The names after stars are nobody's contract.
        texts.append(stars if stars else f"{one.name}{default}")
    return _same_nothing(", ".join(texts))


def _default(value: Any) -> str:
    return "{}" if value in ((), {}) else repr(value)


def _same_nothing(parameters: str) -> str:
    """AWS's defaults are `{}` and `[]` where ours are None or (): all of them are nothing."""
    parts = [part.strip().replace("={}", "=None") for part in parameters.split(",") if part.strip()]
    return ", ".join(
        "**" if part.startswith("**") else "*" if part.startswith("*") else part for part in parts
    )


@pytest.mark.parametrize("name", ABSENT_OF_CONTEXT)
def test_what_glue_context_lacks_is_refused_by_name_and_on_the_support_page(name: str) -> None:
    from awsglue.context import GlueContext

    context = object.__new__(GlueContext)
    with pytest.raises(NotImplementedError, match=name):
        getattr(context, name)
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", ABSENT_MODULES)
def test_modules_that_are_not_there_are_on_the_support_page(name: str) -> None:
    with pytest.raises(ImportError):
        importlib.import_module(f"awsglue.{name}")
    assert f"`awsglue.{name}`" in PAGE


def test_awsglue_itself_has_the_frame() -> None:
    import awsglue
    from awsglue.dynamicframe import DynamicFrame

    assert awsglue.DynamicFrame is DynamicFrame


def test_a_transform_describes_itself() -> None:
    from awsglue.transforms import ApplyMapping, describe_transform, get_transform

    names = [one["name"] for one in ApplyMapping.describeArgs()]
    assert names[:3] == ["frame", "mappings", "case_sensitive"]
    assert get_transform("applymapping") == ApplyMapping()
    assert '"name": "ApplyMapping"' in describe_transform("ApplyMapping")
    assert describe_transform("nope") == "{}"


def test_types_are_written_and_read_as_json() -> None:
    from awsglue.gluetypes import (
        ArrayType,
        ChoiceType,
        DecimalType,
        Field,
        LongType,
        MapType,
        StringType,
        StructType,
        from_json,
        mergeDataTypes,
    )

    either = ChoiceType([LongType(), StringType()])
    kind = StructType(
        [Field("a", ArrayType(either)), Field("m", MapType(DecimalType(9, 2))), Field("s", StructType())]
    )
    assert from_json(kind.jsonValue()) == kind
    assert mergeDataTypes(LongType(), StringType()) == either
    assert mergeDataTypes(either, LongType()) == either
    assert mergeDataTypes(DecimalType(4, 2), DecimalType(5, 0)) == DecimalType(7, 2)
