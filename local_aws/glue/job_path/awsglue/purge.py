"""Deletes old objects below a path.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3

from awsglue.missing import not_there

DEFAULT_HOURS = 168
EXCLUDED_CLASSES = ("GLACIER", "DEEP_ARCHIVE")
KNOWN = frozenset({"retentionPeriod", "excludeStorageClasses"})


def purge_s3_path(path: str, options: Mapping[str, Any]) -> None:
    """Delete the objects below `path` that are older than `retentionPeriod` hours."""
    refused = [name for name in options if name not in KNOWN]
    if refused:
        raise not_there(f"purge_s3_path with {refused[0]}")
    limit = datetime.now(UTC) - timedelta(hours=float(options.get("retentionPeriod", DEFAULT_HOURS)))
    excluded = set(options.get("excludeStorageClasses", EXCLUDED_CLASSES))
    location = urlsplit(path)
    s3 = boto3.client("s3")
    pages = s3.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=location.netloc, Prefix=location.path.lstrip("/")):
        old = [
            {"Key": found["Key"]}
            for found in page.get("Contents", ())
            if found["LastModified"] <= limit and found.get("StorageClass") not in excluded
        ]
        if old:
            s3.delete_objects(Bucket=location.netloc, Delete={"Objects": old, "Quiet": True})
