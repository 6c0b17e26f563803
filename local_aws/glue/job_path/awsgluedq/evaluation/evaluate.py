"""Evaluates a ruleset: plans its rules, measures once, judges each, and joins the outcomes of composites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame

from awsgluedq.dqdl.model import Composite, Rule, Ruleset
from awsgluedq.evaluation.dataset import Dataset
from awsgluedq.evaluation.measures import measure
from awsgluedq.evaluation.options import Options
from awsgluedq.evaluation.plan import Failing, Found, Plan, Rows, Verdict
from awsgluedq.evaluation.rules import plan
from awsgluedq.evaluation.rules.setting import Setting

PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule, its verdict, and how rows fare in it; a composite has the outcomes of its parts."""

    rule: Rule | Composite
    verdict: Verdict
    rows: Rows | None = None
    parts: tuple[Outcome, ...] = ()

    @property
    def tells_rows(self) -> bool:
        """Whether it tells which rows fail."""
        return all(part.tells_rows for part in self.parts) if self.parts else self.rows is not None


def evaluate(
    ruleset: Ruleset, frame: DataFrame, others: Mapping[str, DataFrame], options: Options
) -> list[Outcome]:
    """The outcomes of a ruleset's rules, in their order.

    Raises:
        IllegalArgumentException: a where clause is not Spark SQL, or not on these columns.
    """
    data = Dataset(frame, others, filtered_rows_pass=not options.skip_filtered_rows)
    rules = list(dict.fromkeys(leaf for rule in ruleset.rules for leaf in leaves(rule)))
    with _views({PRIMARY: frame, **others}, frame):
        setting = Setting(data, datetime.now(UTC))
        plans = [_planned(rule, setting) for rule in rules]
        found = measure(frame, plans)
        verdicts = [_judged(one, findings) for one, findings in zip(plans, found, strict=True)]
    outcomes = {
        rule: Outcome(rule, verdict, one.rows)
        for rule, one, verdict in zip(rules, plans, verdicts, strict=True)
    }
    return [_composed(rule, outcomes) for rule in ruleset.rules]


def leaves(rule: Rule | Composite) -> Iterator[Rule]:
    """The rules that a composite is made of."""
    if isinstance(rule, Rule):
        yield rule
    else:
        for part in rule.rules:
            yield from leaves(part)


def _planned(rule: Rule, setting: Setting) -> Plan:
    try:
        return plan(rule, setting)
    except Failing as why:
        verdict = Verdict(False, str(why))
        return Plan({}, lambda _: verdict)


def _judged(one: Plan, found: Found) -> Verdict:
    failed = next((value for value in found.values() if isinstance(value, Failing)), None)
    if failed is not None:
        return Verdict(False, str(failed))
    try:
        return one.judge(found)
    except Failing as why:
        return Verdict(False, str(why))


def _composed(rule: Rule | Composite, outcomes: Mapping[Rule, Outcome]) -> Outcome:
    if isinstance(rule, Rule):
        return outcomes[rule]
    parts = tuple(_composed(one, outcomes) for one in rule.rules)
    passed = [part.verdict.passed for part in parts]
    reasons = [part.verdict.reason for part in parts if part.verdict.reason]
    metrics = {name: metric for part in parts for name, metric in part.verdict.metrics.items()}
    whole = all(passed) if rule.operator == "and" else any(passed)
    return Outcome(rule, Verdict(whole, "\n".join(reasons) or None, metrics), None, parts)


@contextmanager
def _views(frames: Mapping[str, DataFrame], frame: DataFrame) -> Iterator[None]:
    """The frames as views of their aliases while rules are evaluated; views of the job come back."""
    session = frame.sparkSession
    # The catalog's own list would ask the metastore for every table there is.
    views = session._jsparkSession.sessionState().catalog()
    before = {name: session.table(_quoted(name)) for name in frames if views.getTempView(name).isDefined()}
    for name, one in frames.items():
        one.createOrReplaceTempView(_quoted(name))
    try:
        yield
    finally:
        for name in frames:
            session.catalog.dropTempView(name)
        for name, one in before.items():
            one.createOrReplaceTempView(_quoted(name))


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
