"""Bucket policies, ACLs and object lock, as documents. A policy decides what nobody may do (`guard.py`); who
signed may do everything, so what would have to be enforced to be true (a foreign ACL) is refused.
"""

from __future__ import annotations

import json
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.account_control import OF_THE_ACCOUNT
from local_aws.s3.acl import check_object_acl, owner_only_acl
from local_aws.s3.bucket_policy import check_policy, is_public
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import access_denied
from local_aws.s3.folder_store import FolderStore


class Access:
    """Who may, on paper."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def _settings(self, request: dict[str, Any]) -> BucketSettings:
        self._store.bucket_folder(request["Bucket"])
        return BucketSettings(self._store.database, request["Bucket"])

    def put_bucket_policy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Store a policy; a public one is denied while the public access block says so."""
        settings = self._settings(request)
        policy = check_policy(request.get("Policy") or "", request["Bucket"])
        blocks = any(
            (held.get("public_access") or {}).get("BlockPublicPolicy", False)
            for held in (settings, BucketSettings(self._store.database, OF_THE_ACCOUNT))
        )
        if blocks and is_public(policy):
            user, resource = caller.who.arn, f"arn:aws:s3:::{request['Bucket']}"
            raise access_denied(
                f'User: {user} is not authorized to perform: s3:PutBucketPolicy on resource: "{resource}" '
                "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public "
                "Access."
            )
        settings.put("policy", request["Policy"])
        return {"_status": 204}

    def get_bucket_policy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The policy as it was stored."""
        return {"Policy": self._policy(request)}

    def delete_bucket_policy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove the policy."""
        self._settings(request).delete("policy")
        return {"_status": 204}

    def get_bucket_policy_status(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Whether the policy is public."""
        return {"PolicyStatus": {"IsPublic": is_public(json.loads(self._policy(request)))}}

    def _policy(self, request: dict[str, Any]) -> str:
        policy = self._settings(request).get("policy")
        if policy is None:
            message = "The bucket policy does not exist"
            raise AwsError("NoSuchBucketPolicy", message, 404, BucketName=request["Bucket"])
        return str(policy)

    def get_bucket_acl(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The owner has full control, nobody else has any."""
        self._settings(request)
        return owner_only_acl(caller.account_id)

    def put_bucket_acl(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Accept the list that there is already."""
        check_object_acl("PutBucketAcl", request, self._settings(request))
        return {}

    def get_object_acl(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The owner has full control, nobody else has any."""
        self._store.head(request["Bucket"], request["Key"])
        return owner_only_acl(caller.account_id)

    def put_object_acl(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Accept the list that there is already."""
        settings = self._settings(request)
        self._store.head(request["Bucket"], request["Key"])
        check_object_acl("PutObjectAcl", request, settings)
        return {}

    def get_object_lock_configuration(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """No bucket has one: it needs object versions."""
        self._settings(request)
        message = "Object Lock configuration does not exist for this bucket"
        raise AwsError("ObjectLockConfigurationNotFoundError", message, 404, BucketName=request["Bucket"])
