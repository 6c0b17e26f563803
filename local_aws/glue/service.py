"""Glue, put together: one object a region with the operations of all its parts."""

from __future__ import annotations

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Connections, Tags, catalog_parts
from local_aws.glue.connection_test import ConnectionTest
from local_aws.glue.crawlers import make_crawlers
from local_aws.glue.crawlers.services import cloudwatch_sink
from local_aws.glue.jobs import make_jobs
from local_aws.glue.quality import quality_parts
from local_aws.glue.server_clients import server_clients
from local_aws.glue.statistics import Query, statistics_parts
from local_aws.glue.workflows import trigger_parts
from local_aws.identity.role_sessions import RoleSessions
from local_aws.in_process import InProcessClient
from local_aws.s3.store import ObjectStore
from local_aws.services import Parts
from local_aws.settings import Settings
from local_aws.spark import WarmSpark


def make_glue(
    settings: Settings,
    region: str,
    store: ObjectStore,
    spark: WarmSpark,
    roles: RoleSessions,
    query: Query,
) -> Parts:
    """The Glue of one region, reading and writing objects through `store` and running jobs on `spark`.

    Jobs act as sessions of their roles, which `roles` gives; `query` answers Athena's SQL over the catalog's
    tables.
    """
    catalog = CatalogStore(settings, region)
    tags = Tags(catalog)
    connections = Connections(catalog, tags)
    catalog_operations = catalog_parts(catalog, tags, connections)
    caller = Caller(settings.account_id, region)
    client = InProcessClient("glue", Parts(*catalog_operations), caller)
    clients = server_clients(settings, region)
    crawlers, crawls = make_crawlers(
        catalog.database, store, client, tags, cloudwatch_sink(clients), clients, caller
    )

    def secret(name: str) -> str:
        return str(clients("secretsmanager").get_secret_value(SecretId=name)["SecretString"])

    test = ConnectionTest(connections, spark, secret)
    runs, jobs, job_runs, bookmarks, runner = make_jobs(settings, region, store, spark, tags, roles)
    triggers = trigger_parts(runs.database, job_runs, runner, crawls, tags)
    quality = quality_parts(settings, region, runs, runner, client, tags)
    statistics = statistics_parts(catalog, client, query)
    parts = (
        *catalog_operations,
        test,
        *crawlers,
        jobs,
        job_runs,
        bookmarks,
        *triggers,
        *quality,
        *statistics,
    )
    return Parts(*parts)
