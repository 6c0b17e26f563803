"""DQDL, the language of data quality rulesets: its text as typed values, and back. No Spark is needed for it.

https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
"""

from awsgluedq.dqdl.errors import InvalidRuleset
from awsgluedq.dqdl.model import Analyzer, Composite, Condition, Rule, Ruleset
from awsgluedq.dqdl.parser import parse

__all__ = ["Analyzer", "Composite", "Condition", "InvalidRuleset", "Rule", "Ruleset", "parse"]
