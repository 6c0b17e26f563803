from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from laguna.deployment.bucket_names import refuse_taken_names
from laguna.errors import BucketNameTaken


class S3:
    """Answers HeadBucket with a status; 200 is a bucket of this account in eu-west-1."""

    def __init__(self, status: int) -> None:
        self.status = status

    def head_bucket(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        metadata = {"HTTPStatusCode": self.status, "HTTPHeaders": {}}
        if self.status == 200:
            return {"BucketRegion": "eu-west-1", "ResponseMetadata": metadata}
        code = {"Error": {"Code": str(self.status), "Message": ""}, "ResponseMetadata": metadata}
        raise ClientError(code, "HeadBucket")  # type: ignore[arg-type]


def test_names_that_nobody_has_are_fine() -> None:
    refuse_taken_names(S3(404), ("source-x", "datalake-x"))


def test_a_name_of_another_account_is_refused() -> None:
    with pytest.raises(BucketNameTaken, match="'source-x' is taken by another account"):
        refuse_taken_names(S3(403), ("source-x", "datalake-x"))


def test_a_bucket_that_outlived_its_stack_says_how_to_go_on() -> None:
    with pytest.raises(
        BucketNameTaken, match="'source-x' exists already in eu-west-1 and is in no stack; delete it"
    ):
        refuse_taken_names(S3(200), ("source-x",))


def test_any_other_answer_is_not_taken_for_either() -> None:
    with pytest.raises(ClientError):
        refuse_taken_names(S3(400), ("source-x",))
