"""How each rule type is evaluated: a function that plans it, by the name of the type."""

from __future__ import annotations

from awsgluedq.dqdl.model import Rule
from awsgluedq.dqdl.rule_types import RULE_TYPES
from awsgluedq.evaluation.plan import Plan, Unsupported
from awsgluedq.evaluation.rules.comparisons import COMPARISONS
from awsgluedq.evaluation.rules.custom_sql import custom_sql
from awsgluedq.evaluation.rules.schema import SCHEMA_RULES
from awsgluedq.evaluation.rules.setting import Planner, Setting
from awsgluedq.evaluation.rules.statistics import STATISTICS
from awsgluedq.evaluation.rules.uniqueness import UNIQUENESS
from awsgluedq.evaluation.rules.values import VALUES

PLANNERS: dict[str, Planner] = {
    **SCHEMA_RULES,
    **STATISTICS,
    **UNIQUENESS,
    **VALUES,
    **COMPARISONS,
    "CustomSql": custom_sql,
}


def plan(rule: Rule, setting: Setting) -> Plan:
    """How a rule is evaluated.

    Raises:
        Failing: it fails already.
    """
    setting.data.check_where(rule)
    refused = RULE_TYPES[rule.type].refused
    if refused:
        raise Unsupported(f"{rule.type}: {refused}")
    return PLANNERS[rule.type](rule, setting)
