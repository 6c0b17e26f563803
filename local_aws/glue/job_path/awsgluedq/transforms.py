"""`EvaluateDataQuality`, as the scripts of Glue Studio call it.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-EvaluateDataQuality.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms import GlueTransform

from awsgluedq.dqdl import parse
from awsgluedq.evaluation.evaluate import evaluate
from awsgluedq.evaluation.options import Options
from awsgluedq.evaluation.row_outcomes import row_outcomes
from awsgluedq.evaluation.rule_outcomes import decided_by_rows, row_counts, rule_outcomes, totals
from awsgluedq.publishing import check_options, publish

Frames = Mapping[str, DynamicFrame]


class EvaluateDataQuality(GlueTransform):
    """Evaluates the rules of a DQDL ruleset on a frame."""

    DATA_QUALITY_RULE_OUTCOMES_KEY = "ruleOutcomes"
    """By which scripts of Glue Studio find the outcomes, to fail when a rule does."""

    def __call__(
        self,
        frame: DynamicFrame,
        ruleset: str,
        publishing_options: Mapping[str, Any] | None = None,
        additional_data_sources: Frames | None = None,
        additional_options: Mapping[str, Any] | None = None,
    ) -> DynamicFrame:
        """The outcomes of the rules, a record each; `apply` gives the same.

        Raises:
            InvalidRuleset: the ruleset is not DQDL.
        """
        found = self.process_rows(
            frame, ruleset, publishing_options, additional_options, additional_data_sources
        )
        return found[self.DATA_QUALITY_RULE_OUTCOMES_KEY]

    def process_rows(
        self,
        frame: DynamicFrame,
        ruleset: str,
        publishing_options: Mapping[str, Any] | None = None,
        additional_options: Mapping[str, Any] | None = None,
        additional_data_sources: Frames | None = None,
    ) -> DynamicFrameCollection:
        """The frame itself, the rules' outcomes, and the frame's rows with theirs, by name.

        Raises:
            InvalidRuleset: the ruleset is not DQDL.
        """
        options, rules, started = Options.of(additional_options), parse(ruleset), datetime.now(UTC)
        check_options(publishing_options or {})
        data = frame.toDF()
        if options.cache:
            data = data.persist()
        others = {alias: other.toDF() for alias, other in (additional_data_sources or {}).items()}
        outcomes = evaluate(rules, data, others, options)
        if options.composite_by_row:
            outcomes = decided_by_rows(data, outcomes)
        counts, whole = row_counts(data, outcomes) if options.aggregated else (None, None)
        tables = {
            "rowLevelOutcomes": row_outcomes(data, outcomes, options),
            self.DATA_QUALITY_RULE_OUTCOMES_KEY: rule_outcomes(data, outcomes, counts),
        }
        if whole is not None:
            tables["aggregatedMetrics"] = totals(data, outcomes, whole)
        publish(outcomes, publishing_options or {}, started)
        context = frame.glue_ctx
        frames = {name: DynamicFrame.fromDF(table, context, name) for name, table in tables.items()}
        return DynamicFrameCollection({**frames, "originalData": frame}, context)
