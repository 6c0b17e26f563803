"""S3 Control, as far as it is about the account's public access block, which closes every bucket at once.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html (checked 2026-11)
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import access_denied
from local_aws.storage.sqlite import Database

OF_THE_ACCOUNT = ""
"""Where a bucket's name is, in the settings that are of all."""

PUBLIC_ACCESS = "public_access"
_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class AccountControl:
    """The account's own settings."""

    def __init__(self, database: Database) -> None:
        self._settings = BucketSettings(database, OF_THE_ACCOUNT)

    def put_public_access_block(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Store the block."""
        _check_account(request, caller)
        given = request["PublicAccessBlockConfiguration"]
        self._settings.put(PUBLIC_ACCESS, {flag: bool(given.get(flag, False)) for flag in _FLAGS})
        return {}

    def get_public_access_block(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The block as it was stored."""
        _check_account(request, caller)
        block = self._settings.get(PUBLIC_ACCESS)
        if block is None:
            message = "The public access block configuration was not found"
            raise AwsError(
                "NoSuchPublicAccessBlockConfiguration", message, 404, AccountId=request["AccountId"]
            )
        return {"PublicAccessBlockConfiguration": block}

    def delete_public_access_block(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove the block."""
        _check_account(request, caller)
        self._settings.delete(PUBLIC_ACCESS)
        return {"_status": 204}


def _check_account(request: dict[str, Any], caller: Caller) -> None:
    if request["AccountId"] != caller.account_id:
        raise access_denied()
