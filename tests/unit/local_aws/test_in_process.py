"""The in-process client is boto3's to its users."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.in_process import InProcessClient


class Glue:
    def get_tables(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        if request["DatabaseName"] == "missing":
            raise AwsError("EntityNotFoundException", "Database missing not found.")
        if "NextToken" not in request:
            return {"TableList": [{"Name": "a"}], "NextToken": "more"}
        return {"TableList": [{"Name": "b"}]}


@pytest.fixture
def glue() -> InProcessClient:
    return InProcessClient("glue", Glue(), Caller("000000000000", "us-east-1"))


def test_an_error_is_a_client_error(glue: InProcessClient) -> None:
    with pytest.raises(ClientError, match="Database missing not found") as caught:
        glue.get_tables(DatabaseName="missing")
    assert caught.value.response["Error"]["Code"] == "EntityNotFoundException"


def test_a_paginator_follows_tokens(glue: InProcessClient) -> None:
    pages = glue.get_paginator("get_tables").paginate(DatabaseName="d")
    assert [table["Name"] for page in pages for table in page["TableList"]] == ["a", "b"]
