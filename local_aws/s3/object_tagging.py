"""GetObjectTagging, PutObjectTagging, DeleteObjectTagging.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local_aws.caller import Caller
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.tags import OBJECT_LIMIT, tag_set, tags_of_set


class ObjectTagging:
    """Tags of objects; changing them leaves bytes, ETag and time alone."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def get_object_tagging(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The object's tags, none being an empty set."""
        head = self._store.head(request["Bucket"], request["Key"])
        return {"TagSet": tag_set(head.attributes.tags)}

    def put_object_tagging(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Replace all tags."""
        tags = tags_of_set(request.get("Tagging"), OBJECT_LIMIT)
        self._store.set_attributes(request["Bucket"], request["Key"], lambda old: replace(old, tags=tags))
        return {}

    def delete_object_tagging(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove all tags."""
        self._store.set_attributes(request["Bucket"], request["Key"], lambda old: replace(old, tags={}))
        return {"_status": 204}
