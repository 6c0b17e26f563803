"""Other libraries than botocore sign their own way, and a user's key is verified for each of them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from pyarrow import fs

from local_aws.s3.endpoint.duckdb_access import EndpointAccess
from tests.conftest import LocalAws

BUCKET = "signed-by-others"
KEY = "año=2025/a b+c&d=e~(1)/x.csv"


@pytest.fixture(scope="module")
def key(aws: LocalAws) -> dict[str, Any]:
    iam, s3 = aws.client("iam"), aws.client("s3")
    iam.create_user(UserName="signer")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"a,b\n1,2\n")
    made: dict[str, Any] = iam.create_access_key(UserName="signer")["AccessKey"]
    return made


@pytest.fixture(params=["right", "wrong"])
def secret(request: pytest.FixtureRequest, key: dict[str, Any]) -> str:
    return str(key["SecretAccessKey"]) if request.param == "right" else "wrong"


@pytest.fixture
def database(aws: LocalAws, key: dict[str, Any], secret: str) -> Iterator[duckdb.DuckDBPyConnection]:
    access = EndpointAccess(
        lambda: aws.endpoint, "us-east-1", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=secret
    )
    with duckdb.connect(config={"allow_unsigned_extensions": "true"}) as connection:
        access.prepare(connection)
        yield connection


def test_duckdb(database: duckdb.DuckDBPyConnection, secret: str) -> None:
    read = f"SELECT a, b FROM read_csv('s3://{BUCKET}/{KEY}')"
    write = f"COPY (SELECT 1 AS a) TO 's3://{BUCKET}/out/ñ b+.parquet'"
    if secret == "wrong":
        for sql in (read, write):
            with pytest.raises(duckdb.Error, match=r"403|SignatureDoesNotMatch"):
                database.execute(sql)
        return
    assert database.execute(read).fetchall() == [(1, 2)]
    database.execute(write)


def test_aws_s_library_for_c(aws: LocalAws, key: dict[str, Any], secret: str) -> None:
    files = fs.S3FileSystem(
        access_key=key["AccessKeyId"],
        secret_key=secret,
        endpoint_override=aws.endpoint.removeprefix("http://"),
        scheme="http",
        region="us-east-1",
    )

    def use() -> bytes:
        with files.open_output_stream(f"{BUCKET}/{KEY},'!*.copy") as output:
            output.write(files.open_input_file(f"{BUCKET}/{KEY}").read() * 1_000_000)
        return bytes(files.open_input_file(f"{BUCKET}/{KEY},'!*.copy").read(4))

    if secret == "wrong":
        with pytest.raises(OSError, match=r"SIGNATURE_DOES_NOT_MATCH|ACCESS_DENIED|403"):
            use()
        return
    assert use() == b"a,b\n"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl(aws: LocalAws, key: dict[str, Any], secret: str) -> None:
    curl = ["curl", "-s", "--user", f"{key['AccessKeyId']}:{secret}", "--aws-sigv4"]
    form = "Action=GetCallerIdentity&Version=2011-06-15"
    asked = subprocess.run(
        [*curl, "aws:amz:us-east-1:sts", "-d", form, f"{aws.endpoint}/"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (":user/signer</Arn>" in asked.stdout) == (secret != "wrong")
    assert ("<Code>SignatureDoesNotMatch</Code>" in asked.stdout) == (secret == "wrong")
