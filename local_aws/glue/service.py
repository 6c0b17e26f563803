"""Glue, put together: one object a region with the operations of all its parts."""

from __future__ import annotations

from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.s3.store import ObjectStore
from local_aws.services import Parts
from local_aws.settings import Settings


def make_glue(settings: Settings, region: str, store: ObjectStore) -> Parts:
    """The Glue of one region, reading and writing objects through `store`."""
    catalog = CatalogStore(settings, region)
    tags = Tags(catalog)
    return Parts(*catalog_parts(catalog, tags))
