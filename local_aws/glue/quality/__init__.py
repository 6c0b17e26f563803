"""Data quality by the API: rulesets, runs that evaluate them on catalog tables, and the results.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-data-quality-api.html
"""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog import Tags
from local_aws.glue.jobs import JobRunner, RunStore
from local_aws.glue.quality.evaluation_runs import EvaluationRuns
from local_aws.glue.quality.results import Results
from local_aws.glue.quality.rulesets import Rulesets
from local_aws.glue.quality.store import QualityStore
from local_aws.settings import Settings

__all__ = ["quality_parts"]


def quality_parts(
    settings: Settings, region: str, runs: RunStore, runner: JobRunner, catalog: Any, tags: Tags
) -> tuple[Any, ...]:
    """The classes that together have the operations of data quality.

    Args:
        settings: where state is.
        region: the region's name.
        runs: the runs of jobs, among which evaluations are carried out.
        runner: what carries them out.
        catalog: a client of the region's catalog.
        tags: of the region's Glue.
    """
    store = QualityStore(runs.database)
    folder = settings.state / "glue" / "quality" / region
    results = Results(store, folder, runs)
    rulesets = Rulesets(store, settings.account_id, catalog, tags)
    evaluations = EvaluationRuns(store, folder, runs, runner, rulesets, results, catalog)
    return rulesets, evaluations, results
