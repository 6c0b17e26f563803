"""The S3 service: its parts, and what is checked of every request before any of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from local_aws.caller import Caller
from local_aws.s3.access import Access
from local_aws.s3.bucket_configuration import BucketConfiguration
from local_aws.s3.buckets import Buckets
from local_aws.s3.copies import Copies
from local_aws.s3.errors import access_denied, unsupported
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.listings import Listings
from local_aws.s3.multipart import Multipart
from local_aws.s3.object_headers import check_key
from local_aws.s3.object_reads import ObjectReads
from local_aws.s3.object_tagging import ObjectTagging
from local_aws.s3.object_writes import ObjectWrites
from local_aws.s3.presigned import check_presigned, metadata_in_query
from local_aws.s3.uploads import Uploads
from local_aws.services import Parts
from local_aws.settings import Settings


class S3Service:
    """S3 on a `FolderStore`, for all regions."""

    def __init__(self, settings: Settings, store: FolderStore) -> None:
        uploads = Uploads(store.root / ".uploads", store.database)
        self._parts = Parts(
            Buckets(store),
            ObjectReads(store),
            ObjectWrites(store),
            Copies(store),
            Multipart(store, uploads, settings.endpoint),
            Listings(store, uploads),
            ObjectTagging(store),
            Access(store),
            BucketConfiguration(store),
        )

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        guarded = _guarded(getattr(self._parts, operation))
        setattr(self, operation, guarded)  # found without us the next time
        return guarded

    def close(self) -> None:
        """Nothing is kept open between requests."""


def _guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """`handler` behind the checks, `async` when it is."""
    if inspect.iscoroutinefunction(handler):

        @wraps(handler)
        async def serve_async(request: dict[str, Any], caller: Caller) -> Any:
            _check(request, caller)
            return await handler(request, caller)

        return serve_async

    def serve(request: dict[str, Any], caller: Caller) -> Any:
        _check(request, caller)
        return handler(request, caller)

    return serve


def _check(request: dict[str, Any], caller: Caller) -> None:
    query = request.get("_query") or {}
    check_presigned(query, datetime.now(UTC))
    metadata = metadata_in_query(query)
    if metadata:
        request["Metadata"] = metadata | (request.get("Metadata") or {})
    for name in ("ExpectedBucketOwner", "ExpectedSourceBucketOwner"):
        if request.get(name) not in (None, caller.account_id):
            raise access_denied()
    if "Key" in request:
        check_key(request["Key"])
    if request.get("VersionId") not in (None, "null"):
        raise unsupported("versionId", "object versions are not kept; only versionId=null can be read")
