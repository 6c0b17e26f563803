"""docs/support/data-quality.md says what the table of rule types says, and no rule type is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from awsgluedq.dqdl.rule_types import RULE_TYPES
from awsgluedq.dqdl.support_page import page
from awsgluedq.evaluation.rules import PLANNERS

WRITTEN = Path(__file__).parents[4] / "docs" / "support" / "data-quality.md"


def test_the_page_is_written_from_the_table() -> None:
    assert page() == WRITTEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RULE_TYPES)
def test_a_rule_type_is_evaluated_or_says_why_not(name: str) -> None:
    assert (name in PLANNERS) != bool(RULE_TYPES[name].refused)
