"""The Glue Data Catalog: databases, tables, partitions and what belongs to them, in SQLite."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog.catalog_settings import CatalogSettings
from local_aws.glue.catalog.column_statistics import ColumnStatistics
from local_aws.glue.catalog.connections import Connections
from local_aws.glue.catalog.databases import Databases
from local_aws.glue.catalog.partition_indexes import PartitionIndexes
from local_aws.glue.catalog.partition_reads import PartitionReads
from local_aws.glue.catalog.partitions import Partitions
from local_aws.glue.catalog.search_tables import Search
from local_aws.glue.catalog.security_configurations import SecurityConfigurations
from local_aws.glue.catalog.store import CatalogStore
from local_aws.glue.catalog.table_versions import TableVersions
from local_aws.glue.catalog.tables import Tables
from local_aws.glue.catalog.tags import Tags
from local_aws.glue.catalog.user_defined_functions import UserDefinedFunctions

__all__ = ["CatalogStore", "Connections", "Tags", "catalog_parts"]


def catalog_parts(store: CatalogStore, tags: Tags, connections: Connections | None = None) -> tuple[Any, ...]:
    """The classes that together have the catalog's operations; `connections` if others need them, too."""
    return (
        PartitionReads(store),
        Tables(store),
        Databases(store, tags),
        Partitions(store),
        TableVersions(store),
        PartitionIndexes(store),
        ColumnStatistics(store),
        UserDefinedFunctions(store),
        Search(store),
        CatalogSettings(store),
        connections or Connections(store, tags),
        SecurityConfigurations(store),
        tags,
    )
