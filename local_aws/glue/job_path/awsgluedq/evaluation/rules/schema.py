"""Rules that the columns' names and types decide, and the count of rows."""

from __future__ import annotations

from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation.plan import Failing, Plan, Verdict
from awsgluedq.evaluation.rules.setting import Planner, Setting, judged, required


def row_count(rule: Rule, setting: Setting) -> Plan:
    """How many rows there are."""
    condition = required(rule)
    rows = F.count(setting.data.within(rule, F.lit(1)))
    return Plan(
        {"rows": rows},
        lambda found: judged(found["rows"], condition, {"Dataset.*.RowCount": float(found["rows"])}),
    )


def column_count(rule: Rule, setting: Setting) -> Plan:
    """How many columns there are."""
    count = float(len(setting.data.frame.columns))
    verdict = judged(count, required(rule), {"Dataset.*.ColumnCount": count})
    return Plan({}, lambda _: verdict)


def column_exists(rule: Rule, setting: Setting) -> Plan:
    """Whether a column is there."""
    try:
        setting.data.type_of(rule.values[0])
        verdict = Verdict(True)
    except Failing as missing:
        verdict = Verdict(False, str(missing))
    return Plan({}, lambda _: verdict)


def column_names_match_pattern(rule: Rule, setting: Setting) -> Plan:
    """Whether every column's name has a match of a regular expression."""
    pattern = setting.data.pattern(rule.values[0])
    names = setting.data.frame.columns
    others = [name for name in names if not pattern.matcher(name).find()]
    ratio = (len(names) - len(others)) / len(names) if names else 0.0
    reason = f"Columns that do not match the pattern: {', '.join(others)}" if others else None
    verdict = Verdict(not others, reason, {"Dataset.*.ColumnNamesPatternMatchRatio": ratio})
    return Plan({}, lambda _: verdict)


SCHEMA_RULES: dict[str, Planner] = {
    "RowCount": row_count,
    "ColumnCount": column_count,
    "ColumnExists": column_exists,
    "ColumnNamesMatchPattern": column_names_match_pattern,
}
