"""The tables that a crawler's Iceberg, Delta Lake and DynamoDB targets have now.

A place that holds no table of the format is named in the log and makes none; the others are crawled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from local_aws.errors import AwsError
from local_aws.glue.crawlers.definition import Definition
from local_aws.glue.crawlers.delta_target import delta_table
from local_aws.glue.crawlers.dynamodb_target import dynamodb_table
from local_aws.glue.crawlers.iceberg_target import IcebergTarget, iceberg_places, iceberg_table
from local_aws.glue.crawlers.lake_tables import UnreadableTable
from local_aws.glue.crawlers.plan import PlannedTable
from local_aws.glue.server_clients import Clients
from local_aws.s3.store import ObjectStore

Log = Callable[[str], None]


def tables_of_targets(
    definition: Definition, store: ObjectStore, clients: Clients, log: Log, check: Callable[[], None]
) -> Iterator[PlannedTable]:
    """The tables, each read when it is asked for.

    Raises:
        AwsError, ClientError: a bucket or a DynamoDB table that is not there.
    """
    for iceberg in definition.iceberg_targets:
        yield from _iceberg(definition, store, iceberg, log, check)
    for delta in definition.delta_targets:
        check()
        try:
            yield delta_table(store, delta, definition.name)
        except UnreadableTable as error:
            log(f"WARN : {error}; it is no table")
    for dynamodb in definition.dynamodb_targets:
        yield dynamodb_table(clients("dynamodb"), dynamodb, definition.name, check)


def _iceberg(
    definition: Definition, store: ObjectStore, target: IcebergTarget, log: Log, check: Callable[[], None]
) -> Iterator[PlannedTable]:
    bucket, found = target.target.bucket, False
    for folder, key in iceberg_places(store, target):
        check()
        try:
            yield iceberg_table(store, bucket, folder, key, definition.name)
            found = True
        except UnreadableTable as error:
            log(f"WARN : {error}; it is no table")
        except AwsError as error:
            # An expired file was deleted since it was listed; the next crawl finds its successor.
            if error.code != "NoSuchKey":
                raise
    if not found:
        log(f"WARN : There is no metadata of an Iceberg table below {target.target.uri}")
