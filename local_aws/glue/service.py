"""Glue, put together: one object a region with the operations of all its parts."""

from __future__ import annotations

from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.jobs import make_jobs
from local_aws.s3.store import ObjectStore
from local_aws.services import Parts
from local_aws.settings import Settings
from local_aws.spark import WarmSpark


def make_glue(settings: Settings, region: str, store: ObjectStore, spark: WarmSpark) -> Parts:
    """The Glue of one region, reading and writing objects through `store` and running jobs on `spark`."""
    catalog = CatalogStore(settings, region)
    tags = Tags(catalog)
    jobs, job_runs, _ = make_jobs(settings, region, store, spark, tags)
    return Parts(*catalog_parts(catalog, tags), jobs, job_runs)
