"""Glue, put together: one object a region with the operations of all its parts."""

from __future__ import annotations

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.crawlers import crawler_parts
from local_aws.glue.crawlers.cloudwatch import cloudwatch_sink
from local_aws.glue.jobs import make_jobs
from local_aws.in_process import InProcessClient
from local_aws.s3.store import ObjectStore
from local_aws.services import Parts
from local_aws.settings import Settings
from local_aws.spark import WarmSpark


def make_glue(settings: Settings, region: str, store: ObjectStore, spark: WarmSpark) -> Parts:
    """The Glue of one region, reading and writing objects through `store` and running jobs on `spark`."""
    catalog = CatalogStore(settings, region)
    tags = Tags(catalog)
    catalog_operations = catalog_parts(catalog, tags)
    client = InProcessClient("glue", Parts(*catalog_operations), Caller(settings.account_id, region))
    crawlers = crawler_parts(catalog.database, store, client, tags, cloudwatch_sink(settings, region))
    jobs, job_runs, _ = make_jobs(settings, region, store, spark, tags)
    return Parts(*catalog_operations, *crawlers, jobs, job_runs)
