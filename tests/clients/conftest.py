"""What the clients of Athena share: a bucket and a database on the server that AWS_ENDPOINT_URL names.

Run by tests/integration/test_athena_clients.py in an environment of the clients' own, unmodified packages.
"""

from __future__ import annotations

import uuid

import boto3
import pytest


@pytest.fixture(scope="session")
def bucket() -> str:
    name = f"clients-{uuid.uuid4().hex[:8]}"
    boto3.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="session")
def staging(bucket: str) -> str:
    return f"s3://{bucket}/results/"


@pytest.fixture(scope="session")
def database() -> str:
    name = f"clientes_{uuid.uuid4().hex[:8]}"
    boto3.client("glue").create_database(DatabaseInput={"Name": name})
    return name
