"""Rules that compare the primary dataset with another, which the job gives by an alias."""

from __future__ import annotations

import re

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StructType

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation.dataset import named, type_in
from awsgluedq.evaluation.plan import Failing, Found, Measure, Plan, Rows, Unsupported, Verdict
from awsgluedq.evaluation.rules.joins import count_of, joined_with, keys_of
from awsgluedq.evaluation.rules.setting import Planner, Setting, judged, required

_AGGREGATE = re.compile(r"(sum|avg|SUM|AVG)\((.*)\)")


def row_count_match(rule: Rule, setting: Setting) -> Plan:
    """The rows of the primary dataset by those of another."""
    (alias,) = rule.values
    other = setting.data.other(alias, "Reference dataset '{}' not found in additional data sources")

    def judge(found: Found) -> Verdict:
        if not found["others"]:
            raise Failing(f"Reference dataset '{alias}' has no rows")
        ratio = found["rows"] / found["others"]
        return judged(ratio, required(rule), {f"Dataset.{alias}.RowCountMatch": ratio}, ".")

    return Plan({"rows": F.count(F.lit(1)), "others": other.count}, judge)


def schema_match(rule: Rule, setting: Setting) -> Plan:
    """The share of columns that another dataset has with the same type."""
    (alias,) = rule.values
    mine = _types(setting.data.frame.schema)
    theirs = _types(setting.data.other(alias, "Reference dataset '{}' not found").schema)
    metric = f"Dataset.{alias}.SchemaMatch"
    if not mine or not theirs:
        raise Failing("One or both DataFrames have no columns")
    if len(mine) != len(theirs):
        return _decided(Verdict(False, "Column counts do not match", {metric: 0.0}))
    ratio = sum(theirs.get(name) == kind for name, kind in mine.items()) / len(mine)
    verdict = judged(ratio, required(rule), {metric: ratio})
    reason = None if verdict.passed else f"{ratio * 100:.2f}% of columns passed the threshold"
    return _decided(Verdict(verdict.passed, reason, {metric: ratio}))


def aggregate_match(rule: Rule, setting: Setting) -> Plan:
    """A sum or average by another, of this dataset or of others."""
    (first, own), (second, other) = (_aggregate(text, setting) for text in rule.values)
    names = first if first == second else f"{first},{second}"

    def judge(found: Found) -> Verdict:
        one, two = found["first"], found["second"]
        if one is None or two is None:
            raise Failing("An aggregate has no values")
        ratio = 1.0 if one == two == 0 else 0.0 if two == 0 else one / two
        return judged(ratio, required(rule), {f"Column.{names}.AggregateMatch": ratio}, ".")

    return Plan({"first": own, "second": other}, judge)


def _aggregate(text: str, setting: Setting) -> tuple[str, Measure]:
    read = _AGGREGATE.fullmatch(text.strip())
    if read is None:
        raise Unsupported(f"{text} is no sum or average of a column")
    alias, _, column = read[2].rpartition(".")
    column = column.replace('"', "").strip()
    frame = setting.data.frame if alias in ("", "primary") else setting.data.other(alias)
    type_in(frame, column)
    aggregate = (F.sum if read[1].lower() == "sum" else F.avg)(named(column)).cast("double")
    return column, aggregate if frame is setting.data.frame else lambda: frame.agg(aggregate).first()[0]


def referential_integrity(rule: Rule, setting: Setting) -> Plan:
    """The share of rows whose values another dataset has."""
    mine = [name.strip() for name in rule.values[0].split(",")]
    alias, theirs = _reference(rule.values[1])
    other = setting.data.other(alias)
    _check_columns(setting.data.frame, mine)
    _check_columns(other, theirs)
    if len(mine) != len(theirs):
        raise Failing(f"{len(mine)} columns cannot be compared with {len(theirs)}")
    rows = joined_with(keys_of(other, theirs), mine)
    return _ratio(rule, setting, rows, f"Column.{alias}.ReferentialIntegrity")


def dataset_match(rule: Rule, setting: Setting) -> Plan:
    """The share of rows that another dataset has with the same key and the same values."""
    alias, keys, *matches = rule.values
    frame, other = setting.data.frame, setting.data.other(alias)
    key_pairs = _mapped(keys)
    mine = {name for name, _ in key_pairs}
    pairs = _mapped(matches[0]) if matches else [(name, name) for name in frame.columns if name not in mine]
    _check_columns(frame, [name for name, _ in (*key_pairs, *pairs)])
    _check_columns(other, [name for _, name in (*key_pairs, *pairs)])
    compared = [*key_pairs, *pairs]
    others = keys_of(other, [name for _, name in compared])
    rows = joined_with(others, [name for name, _ in compared], nulls_match=len(key_pairs))
    unique = {
        "primary": lambda: _has_twice(frame, [name for name, _ in key_pairs]),
        "reference": lambda: _has_twice(other, [name for _, name in key_pairs]),
    }
    whole = _ratio(rule, setting, rows, f"Dataset.{alias}.DatasetMatch")

    def judge(found: Found) -> Verdict:
        for name in unique:
            if found[name]:
                raise Failing(f"The key columns are not unique in the {name} dataset")
        return whole.judge(found)

    return Plan({**whole.measures, **unique}, judge, rows)


def _ratio(rule: Rule, setting: Setting, rows: Rows, metric: str) -> Plan:
    def judge(found: Found) -> Verdict:
        if not found["rows"]:
            raise Failing("Cannot evaluate: primary DataFrame is empty")
        ratio = found["matched"] / found["rows"]
        return judged(ratio, required(rule), {metric: ratio}, ".")

    matched = count_of(setting.data.frame, rows)
    return Plan({"rows": F.count(F.lit(1)), "matched": matched}, judge, rows)


def _has_twice(frame: DataFrame, names: list[str]) -> bool:
    counts = frame.groupBy(*map(named, names)).count()
    return bool(counts.where(F.col("count") > 1).take(1))


def _reference(text: str) -> tuple[str, list[str]]:
    """The alias and the columns of `alias.column` or `alias.{column,column}`."""
    if text.endswith("}") and ".{" in text:
        alias, _, names = text[:-1].partition(".{")
        return alias, [name.strip() for name in names.split(",")]
    alias, _, name = text.rpartition(".")
    return alias, [name]


def _mapped(text: str) -> list[tuple[str, str]]:
    """The pairs of `a->b,c`, a name alone being the same in both."""
    pairs = [one.partition("->") for one in text.split(",")]
    return [(mine.strip(), (theirs if arrow else mine).strip()) for mine, arrow, theirs in pairs]


def _check_columns(frame: DataFrame, names: list[str]) -> None:
    for name in names:
        type_in(frame, name)


def _types(schema: StructType) -> dict[str, str]:
    return {field.name: field.dataType.typeName() for field in schema}


def _decided(verdict: Verdict) -> Plan:
    return Plan({}, lambda _: verdict)


COMPARISONS: dict[str, Planner] = {
    "RowCountMatch": row_count_match,
    "SchemaMatch": schema_match,
    "AggregateMatch": aggregate_match,
    "ReferentialIntegrity": referential_integrity,
    "DatasetMatch": dataset_match,
}
