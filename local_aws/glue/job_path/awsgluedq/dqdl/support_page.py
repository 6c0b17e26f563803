# ruff: noqa: E501
"""docs/support/data-quality.md, written from the table of rule types.

Written by the command that the page names, in the folder local_aws/glue/job_path; a test
compares it with the code.
"""

from __future__ import annotations

import sys

from awsgluedq.dqdl.model import Kind
from awsgluedq.dqdl.rule_types import MANY, RULE_TYPES, RuleType

ABOVE = """\
# Data quality: DQDL rulesets

Written by `python -m awsgluedq.dqdl.support_page`; a test compares it with the code.

`from awsgluedq.transforms import EvaluateDataQuality` works in jobs (`apply`, and `process_rows` with `rowLevelOutcomes`,
`ruleOutcomes`, `originalData`); rulesets and their runs on catalog tables work by the API. The parser is ours: a ruleset that
cannot be read fails with line, column and word. Everything that one pass over the data can give is computed in one pass; each set
of columns whose distinct values count, each comparison and each statement of SQL takes a pass of its own.

| rule type | state | parameters | compares | threshold | where | rows | metrics | notes |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
BELOW = """
What a row of the table says: *compares* is what its condition may be of, *rows* whether `rowLevelOutcomes` tells which rows fail.

| part of DQDL | state | what is missing or different |
| --- | --- | --- |
| `and`, `or`, parentheses, `compositeRuleEvaluation.method` | real | `and` binds closer than `or`; a composite with a rule of ratios or a threshold is decided by its rules |
| `=`, `!=`, `>`, `>=`, `<`, `<=`, `between`, `in`, `matches`, `not` | real | `between` is without its bounds, as on AWS. Arithmetic goes from left to right |
| `NULL`, `EMPTY`, `WHITESPACES_ONLY`, dates, `now()` | real | |
| `where`, `rowLevelConfiguration.filteredRowLabel` | real | Spark SQL; a wrong one raises IllegalArgumentException, as on AWS |
| comments, constants, labels, `Metadata`, `DataSources` | real | `DataSources` is read, and the frames are those of the call |
| dynamic rules, `last(…)` | refused | the rule fails and says so: results of earlier runs are not kept |
| `Analyzers`, observations, anomalies | partial | read and checked; no statistics are gathered |
| `publishAggregatedMetrics.status` | real | |
| `performanceTuning.caching` | real | `CACHE_INPUT` keeps the frame in memory and on disk |
| `enableDataQualityCloudWatchMetrics` | real | `glue.data.quality.rules.passed` and `.failed` in `Glue Data Quality` |
| `enableDataQualityResultsPublishing` | partial | taken; a job's results are not in `ListDataQualityResults` |
| `resultsS3Prefix`, `ResultsS3Prefix` | real | a JSON object a rule in `year=…/month=…/day=…`, as AWS documents the table of them |
| events on EventBridge | absent | |
| `StartDataQualityRulesetEvaluationRun` | partial | a run is a Glue job's process and sees the Data Catalog; `ConnectionName`, `PreProcessingQuery`, row-level and profiling results are refused |
| recommendation runs, evaluation configurations, statistics, models | absent | |

Texts of `FailureReason` are AWS's where its documentation or its open source has them. Rows without any value of a rule's columns
are left out of uniqueness, distinct values and entropy.
"""


def page() -> str:
    """The page as Markdown."""
    return ABOVE + "".join(f"{_row(name, one)}\n" for name, one in RULE_TYPES.items()) + BELOW


def _row(name: str, one: RuleType) -> str:
    compared = ", ".join(kind.value for kind in Kind if kind in one.conditions and kind is not Kind.NOTHING)
    cells = [
        f"`{name}`",
        "refused" if one.refused else "real",
        _count(*one.parameters),
        compared or "nothing",
        *("yes" if has else "" for has in (one.threshold, one.where, one.rows)),
        one.metrics,
        one.refused or one.note,
    ]
    return f"| {' | '.join(cells)} |"


def _count(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least} or more" if most == MANY else f"{least} to {most}"


if __name__ == "__main__":
    sys.stdout.write(page())
