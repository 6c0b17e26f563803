"""Column statistics that are computed from a table's data, by hand or by schedule."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog import CatalogStore
from local_aws.glue.statistics.runner import Query, StatisticsRunner
from local_aws.glue.statistics.settings import TaskSettings
from local_aws.glue.statistics.store import TaskStore
from local_aws.glue.statistics.tasks import StatisticsTasks

__all__ = ["Query", "statistics_parts"]


def statistics_parts(catalog: CatalogStore, glue: Any, query: Query) -> tuple[Any, ...]:
    """The classes that together have the operations of column statistics tasks.

    `glue` is a boto3-shaped client of the catalog, and `query` answers SQL over its tables.
    """
    store = TaskStore(catalog.database)
    runner = StatisticsRunner(store, glue, query)
    tasks = StatisticsTasks(catalog, store, runner)
    return tasks, TaskSettings(catalog, store, tasks)
