"""Spark's Hive client on the Glue Data Catalog: a metastore inside the job's process.

Spark's external catalogs are Java classes; the one that it brings for a catalog elsewhere speaks Hive's
metastore protocol. See docs/decisions/spark-on-the-data-catalog.md.
"""

from laguna_metastore.server import serve

__all__ = ["serve"]
