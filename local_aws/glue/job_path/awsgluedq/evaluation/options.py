"""The options of an evaluation: what each may be, and what it is when it is not said.

https://docs.aws.amazon.com/glue/latest/dg/tutorial-data-quality.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHOICES = {
    "performanceTuning.caching": ("CACHE_NOTHING", "CACHE_INPUT"),
    "observations.scope": ("NONE", "ALL"),
    "compositeRuleEvaluation.method": ("COLUMN", "ROW"),
    "rowLevelConfiguration.filteredRowLabel": ("PASSED", "SKIPPED"),
    "rowLevelConfiguration.ruleWithLabels": ("DISABLED", "ENABLED"),
    "publishAggregatedMetrics.status": ("DISABLED", "ENABLED"),
    "dataQualityResultsPublishing.strategy": ("STRICT", "BEST_EFFORT"),
}
"""What an option may be; the first is its default."""


@dataclass(frozen=True, slots=True)
class Options:
    """What changes an evaluation. Observations are never made, as no statistics are kept."""

    cache: bool = False
    composite_by_row: bool = False
    skip_filtered_rows: bool = False
    labels_of_rows: bool = False
    aggregated: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> Options:
        """The options that a script gives.

        Raises:
            ValueError: one is unknown, or has a value that it cannot have.
        """
        for name, value in (given or {}).items():
            if name not in CHOICES:
                raise ValueError(f"Unknown option of EvaluateDataQuality: {name}")
            if str(value).upper() not in CHOICES[name]:
                raise ValueError(f"{name} must be one of {', '.join(CHOICES[name])}, not {value}")

        def has(name: str) -> bool:
            return str((given or {}).get(name, "")).upper() == CHOICES[name][1]

        return cls(
            cache=has("performanceTuning.caching"),
            composite_by_row=has("compositeRuleEvaluation.method"),
            skip_filtered_rows=has("rowLevelConfiguration.filteredRowLabel"),
            labels_of_rows=has("rowLevelConfiguration.ruleWithLabels"),
            aggregated=has("publishAggregatedMetrics.status"),
        )
