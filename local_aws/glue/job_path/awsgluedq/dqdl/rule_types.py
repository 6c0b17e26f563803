"""The rule types of DQDL, one entry each: what they take, and what is computed of them here.

The parser checks rules against this table, and docs/support/data-quality.md is written from it.
https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from awsgluedq.dqdl.model import Kind

NOTHING = frozenset({Kind.NOTHING})
NUMBER = frozenset({Kind.NUMBER})
MANY = 100
"""Parameters that a rule of any number of columns may have."""


@dataclass(frozen=True, slots=True)
class RuleType:
    """A rule type. `parameters` are their least and greatest number."""

    parameters: tuple[int, int]
    conditions: frozenset[Kind]
    metrics: str
    rows: bool = False
    """Whether it tells which rows fail."""
    threshold: bool = False
    where: bool = False
    analyzer: bool = False
    ratio: bool = False
    """Its outcome is a ratio of rows, so that it cannot be a part of a composite that rows decide."""
    tags: frozenset[str] = frozenset()
    refused: str = ""
    """Why it is not evaluated here."""
    note: str = ""


def _of_column(conditions: frozenset[Kind], metric: str, **members: Any) -> RuleType:
    return RuleType((1, 1), conditions, _metrics(metric), where=True, **members)


def _metrics(names: str) -> str:
    return ", ".join(f"`Column.[Column].{name}`" for name in names.split())


_FILES = "files are not read apart from their data"
_UNIQUENESS = "`Column.[Column].Uniqueness` or `Multicolumn.[Columns].Uniqueness`"

RULE_TYPES: dict[str, RuleType] = {
    "AggregateMatch": RuleType(
        (2, 2), NUMBER, "`Column.[Column].AggregateMatch`", note="`sum` and `avg` of a dataset's column"
    ),
    "ColumnCorrelation": RuleType(
        (2, 2), NUMBER, "`Multicolumn.[Column1,Column2].ColumnCorrelation`", where=True, analyzer=True
    ),
    "ColumnCount": RuleType((0, 0), NUMBER, "`Dataset.*.ColumnCount`", analyzer=True),
    "ColumnDataType": _of_column(
        frozenset({Kind.TEXT}),
        "ColumnDataType.Compliance",
        threshold=True,
        tags=frozenset({"format"}),
        note="`=` and `!=` with Boolean, Date, Timestamp, Integer, Double, Float, Long, Decimal(p,s); "
        'dates `with format = "…"`',
    ),
    "ColumnExists": RuleType((1, 1), NOTHING, ""),
    "ColumnLength": _of_column(
        NUMBER, "MinimumLength MaximumLength LengthCompliance", rows=True, analyzer=True
    ),
    "ColumnNamesMatchPattern": RuleType((1, 1), NOTHING, "`Dataset.*.ColumnNamesPatternMatchRatio`"),
    "ColumnValues": _of_column(
        frozenset({Kind.NUMBER, Kind.TEXT, Kind.DATE}),
        "Minimum Maximum PatternMatch ColumnValues.Compliance",
        rows=True,
        threshold=True,
        analyzer=True,
        tags=frozenset({"ignoreCase"}),
        note='`with ignoreCase = "true"` for texts. Dates are compared by day, or by time where the rule has '
        "hours or minutes. The least and the greatest value are its metrics where it compares "
        "numbers by order and has no threshold",
    ),
    "Completeness": _of_column(NUMBER, "Completeness", rows=True, analyzer=True, ratio=True),
    "CustomSql": RuleType(
        (1, 1),
        frozenset({Kind.NOTHING, Kind.NUMBER}),
        "`Dataset.*.CustomSQL`, or `Dataset.*.CustomSQL.Compliance` for rows",
        rows=True,
        threshold=True,
        note="Spark SQL on `primary`, the aliases of other datasets, and what the job's Spark sees",
    ),
    "DataFreshness": _of_column(frozenset({Kind.DURATION}), "DataFreshness.Compliance", rows=True),
    "DatasetMatch": RuleType((2, 3), NUMBER, "`Dataset.[Alias].DatasetMatch`", rows=True, ratio=True),
    "DetectAnomalies": RuleType(
        (1, MANY), NOTHING, "", refused="it needs the statistics of earlier runs, which are not kept"
    ),
    "DistinctValuesCount": _of_column(NUMBER, "DistinctValuesCount", analyzer=True),
    "Entropy": _of_column(NUMBER, "Entropy", analyzer=True),
    "FileFreshness": RuleType(
        (0, 1), frozenset({Kind.DATE, Kind.TEXT}), "", threshold=True, refused=_FILES, tags=frozenset("*")
    ),
    "FileMatch": RuleType(
        (0, 2), frozenset({Kind.NOTHING, Kind.TEXT}), "", refused=_FILES, tags=frozenset("*")
    ),
    "FileSize": RuleType(
        (0, 1), frozenset({Kind.SIZE, Kind.NUMBER}), "", threshold=True, refused=_FILES, tags=frozenset("*")
    ),
    "FileUniqueness": RuleType((0, 1), NUMBER, "", refused=_FILES, tags=frozenset("*")),
    "IsComplete": _of_column(NOTHING, "Completeness", rows=True),
    "IsPrimaryKey": RuleType(
        (1, MANY), NOTHING, f"{_UNIQUENESS}, `Column.[Column].Completeness`", rows=True, where=True
    ),
    "IsUnique": RuleType((1, MANY), NOTHING, _UNIQUENESS, rows=True, where=True),
    "Mean": _of_column(NUMBER, "Mean", analyzer=True),
    "ReferentialIntegrity": RuleType(
        (2, 2), NUMBER, "`Column.[Alias].ReferentialIntegrity`", rows=True, ratio=True
    ),
    "RowCount": RuleType((0, 0), NUMBER, "`Dataset.*.RowCount`", where=True, analyzer=True),
    "RowCountMatch": RuleType((1, 1), NUMBER, "`Dataset.[Alias].RowCountMatch`"),
    "SchemaMatch": RuleType((1, 1), NUMBER, "`Dataset.[Alias].SchemaMatch`"),
    "StandardDeviation": _of_column(NUMBER, "StandardDeviation", analyzer=True),
    "Sum": _of_column(NUMBER, "Sum", analyzer=True),
    "UniqueValueRatio": _of_column(NUMBER, "UniqueValueRatio", rows=True, analyzer=True),
    "Uniqueness": RuleType((1, MANY), NUMBER, _UNIQUENESS, rows=True, where=True, analyzer=True, ratio=True),
}
