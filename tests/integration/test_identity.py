"""Who asks, on a real server: users' keys, sessions, nobody; and who services act as."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

ACCOUNT = "000000000000"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def as_key(aws: LocalAws, service: str, key: dict[str, Any], **more: Any) -> Any:
    return boto3.client(
        service,
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
        config=Config(retries={"max_attempts": 0}, **more),
    )


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def new_user(aws: LocalAws, name: str, path: str = "/") -> dict[str, Any]:
    iam = aws.client("iam")
    iam.create_user(UserName=name, Path=path)
    key: dict[str, Any] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


def new_role(aws: LocalAws, name: str) -> str:
    role = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]
    return str(role["Arn"])


def test_test_is_the_account_s_own_user(aws: LocalAws) -> None:
    who = aws.client("sts").get_caller_identity()
    assert (who["UserId"], who["Account"], who["Arn"]) == (ACCOUNT, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")


def test_a_user_s_key_is_the_user_s_until_it_is_switched_off_or_deleted(own_aws: LocalAws) -> None:
    key = new_user(own_aws, "ana", "/team/")
    iam = own_aws.client("iam")
    sts = as_key(own_aws, "sts", key)
    user = iam.get_user(UserName="ana")["User"]
    who = sts.get_caller_identity()
    assert (who["Arn"], who["UserId"]) == (f"arn:aws:iam::{ACCOUNT}:user/team/ana", user["UserId"])
    as_key(own_aws, "s3", key).create_bucket(Bucket="of-ana")
    as_key(own_aws, "s3", key).put_object(Bucket="of-ana", Key="año/k", Body=b"x" * 100_000)
    as_key(own_aws, "glue", key).create_database(DatabaseInput={"Name": "of_ana"})
    wrong = {**key, "SecretAccessKey": "wrong"}
    assert refusal(as_key(own_aws, "s3", wrong).list_buckets) == "SignatureDoesNotMatch"
    assert refusal(as_key(own_aws, "glue", wrong).get_databases) == "InvalidSignatureException"
    assert refusal(as_key(own_aws, "iam", wrong).list_users) == "SignatureDoesNotMatch"
    iam.update_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"
    iam.update_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"], Status="Active")
    assert sts.get_caller_identity()["Account"] == ACCOUNT
    iam.delete_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"])
    assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"
    assert refusal(as_key(own_aws, "s3", key).list_buckets) == "InvalidAccessKeyId"


def test_keys_and_sessions_outlive_a_restart(own_aws: LocalAws, tmp_path: Any) -> None:
    from local_aws import control

    key = new_user(own_aws, "ben")
    arn = new_role(own_aws, "reader")
    session = as_key(own_aws, "sts", key).assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    control.stop(own_aws.settings)
    control.start(own_aws.settings)
    assert as_key(own_aws, "sts", key).get_caller_identity()["Arn"].endswith(":user/ben")
    who = as_key(own_aws, "sts", session).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/session"
    assert refusal(as_key(own_aws, "sts", {**key, "SecretAccessKey": "x"}).get_caller_identity) == (
        "SignatureDoesNotMatch"
    )


def test_sessions_of_sts_are_known_by_all_services(aws: LocalAws) -> None:
    arn = new_role(aws, "sessions-role")
    sts = aws.client("sts")
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="me@x", DurationSeconds=900)
    role_id = aws.client("iam").get_role(RoleName="sessions-role")["Role"]["RoleId"]
    assert answer["AssumedRoleUser"] == {
        "AssumedRoleId": f"{role_id}:me@x",
        "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/sessions-role/me@x",
    }
    session = answer["Credentials"]
    assert as_key(aws, "sts", session).get_caller_identity()["UserId"] == f"{role_id}:me@x"
    as_key(aws, "s3", session).create_bucket(Bucket="of-a-session")
    assert as_key(aws, "sqs", session).list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
    without_token = {name: session[name] for name in ("AccessKeyId", "SecretAccessKey")}
    assert refusal(as_key(aws, "s3", without_token).list_buckets) == "InvalidAccessKeyId"
    assert refusal(as_key(aws, "s3", {**session, "SessionToken": "x"}).list_buckets) == "InvalidToken"
    assert refusal(lambda: sts.assume_role(RoleArn=arn + "x", RoleSessionName="me")) == "AccessDenied"
    longest = {"RoleArn": arn, "RoleSessionName": "me", "DurationSeconds": 7200}
    assert refusal(lambda: sts.assume_role(**longest)) == "ValidationError"


def test_session_tokens_are_of_who_asks_for_them(aws: LocalAws) -> None:
    key = new_user(aws, "carla")
    sts = as_key(aws, "sts", key)
    session = sts.get_session_token()["Credentials"]
    assert as_key(aws, "sts", session).get_caller_identity()["Arn"].endswith(":user/carla")
    assert refusal(as_key(aws, "sts", session).get_session_token) == "AccessDenied"
    federated = sts.get_federation_token(Name="dan")
    who = as_key(aws, "sts", federated["Credentials"]).get_caller_identity()
    assert who["Arn"] == federated["FederatedUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/dan"
    assert sts.get_access_key_info(AccessKeyId=key["AccessKeyId"])["Account"] == ACCOUNT


@pytest.mark.parametrize("service", ["glue", "athena", "iam", "cloudformation", "sqs", "dynamodb", "sts"])
def test_nobody_reaches_no_service_but_s3(aws: LocalAws, service: str) -> None:
    client = aws.client(service, signature_version=UNSIGNED)
    calls: dict[str, Callable[[], Any]] = {
        "glue": lambda: client.get_databases(),
        "athena": lambda: client.list_work_groups(),
        "iam": lambda: client.list_users(),
        "cloudformation": lambda: client.list_stacks(),
        "sqs": lambda: client.list_queues(),
        "dynamodb": lambda: client.list_tables(),
        "sts": lambda: client.get_caller_identity(),
    }
    assert refusal(calls[service]).startswith("MissingAuthenticationToken")


def test_nobody_reads_and_writes_no_bucket_without_a_policy(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="private-lake")
    s3.put_object(Bucket="private-lake", Key="k", Body=b"1")
    nobody = aws.client("s3", signature_version=UNSIGNED)
    for call in (
        nobody.list_buckets,
        lambda: nobody.create_bucket(Bucket="of-nobody"),
        lambda: nobody.get_object(Bucket="private-lake", Key="k"),
        lambda: nobody.put_object(Bucket="private-lake", Key="k", Body=b"2"),
        lambda: nobody.list_objects_v2(Bucket="private-lake"),
        lambda: nobody.delete_object(Bucket="private-lake", Key="k"),
        lambda: nobody.get_bucket_policy(Bucket="private-lake"),
    ):
        assert refusal(call) == "AccessDenied"
    assert s3.get_object(Bucket="private-lake", Key="k")["Body"].read() == b"1"


def test_a_public_bucket_is_public_as_far_as_its_policy_and_the_blocks_say(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="open-lake")
    for key in ("open/k", "open/secret", "closed/k"):
        s3.put_object(Bucket="open-lake", Key=key, Body=b"1")
    arn = "arn:aws:s3:::open-lake"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/open/*"},
            {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": f"{arn}/open/secret"},
            {
                "Effect": "Allow",
                "Principal": {"AWS": ["*"]},
                "Action": ["s3:List*"],
                "Resource": arn,
                "Condition": {"StringLike": {"s3:prefix": ["open/*"]}},
            },
        ],
    }
    s3.delete_public_access_block(Bucket="open-lake")
    s3.put_bucket_policy(Bucket="open-lake", Policy=json.dumps(policy))
    nobody = aws.client("s3", signature_version=UNSIGNED)
    assert nobody.get_object(Bucket="open-lake", Key="open/k")["Body"].read() == b"1"
    listed = nobody.list_objects_v2(Bucket="open-lake", Prefix="open/")
    assert [found["Key"] for found in listed["Contents"]] == ["open/k", "open/secret"]
    for call in (
        lambda: nobody.get_object(Bucket="open-lake", Key="open/secret"),
        lambda: nobody.get_object(Bucket="open-lake", Key="closed/k"),
        lambda: nobody.list_objects_v2(Bucket="open-lake"),
        lambda: nobody.put_object(Bucket="open-lake", Key="open/k", Body=b"2"),
        lambda: nobody.copy_object(Bucket="open-lake", Key="open/c", CopySource="open-lake/closed/k"),
    ):
        assert refusal(call) == "AccessDenied"
    restricted = {"RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="open-lake", PublicAccessBlockConfiguration=restricted)
    assert refusal(lambda: nobody.get_object(Bucket="open-lake", Key="open/k")) == "AccessDenied"
    assert s3.get_object(Bucket="open-lake", Key="open/secret")["Body"].read() == b"1"


def to_loopback(request: Any, **_: Any) -> None:
    """Send to 127.0.0.1 what was signed for `<account>.127.0.0.1`, as S3 Control's endpoints are called."""
    request.headers["Host"] = request.url.split("/")[2].replace("127.0.0.1", "localhost")
    request.url = request.url.replace(f"{ACCOUNT}.", "")


def test_the_account_s_block_closes_every_bucket(own_aws: LocalAws) -> None:
    s3 = own_aws.client("s3")
    s3.create_bucket(Bucket="open-lake")
    s3.put_object(Bucket="open-lake", Key="k", Body=b"1")
    s3.delete_public_access_block(Bucket="open-lake")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::open-lake/*",
    }
    s3.put_bucket_policy(
        Bucket="open-lake", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    nobody = own_aws.client("s3", signature_version=UNSIGNED)
    assert nobody.get_object(Bucket="open-lake", Key="k")["Body"].read() == b"1"
    control = own_aws.client("s3control")
    control.meta.events.register("before-send", to_loopback)
    block = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    missing = lambda: control.get_public_access_block(AccountId=ACCOUNT)  # noqa: E731
    assert refusal(missing) == "NoSuchPublicAccessBlockConfiguration"
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=block)
    assert control.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"] == block
    assert refusal(lambda: nobody.get_object(Bucket="open-lake", Key="k")) == "AccessDenied"
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert refusal(lambda: s3.put_bucket_policy(Bucket="open-lake", Policy=policy)) == "AccessDenied"
    control.delete_public_access_block(AccountId=ACCOUNT)
    assert nobody.get_object(Bucket="open-lake", Key="k")["Body"].read() == b"1"


def status_of(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_a_host_of_the_setting_and_a_foreign_one(own_aws: LocalAws) -> None:
    health = f"{own_aws.endpoint}/_laguna/health"
    assert status_of(health) == 200
    assert status_of(health, Host="evil.example.com") == 403
    for host in ("localhost.localstack.cloud:4566", "host.docker.internal:4566", "lake.s3.localhost:4566"):
        assert status_of(health, Host=host) == 200


SCRIPT = """
import boto3
print("it is " + boto3.client("sts").get_caller_identity()["Arn"])
"""


def test_a_job_acts_as_a_session_of_its_role(own_aws: LocalAws) -> None:
    new_role(own_aws, "worker")
    jobs = Jobs(own_aws, "scripts-of-jobs")
    made_up = jobs.create(SCRIPT, "pythonshell")
    jobs.glue.create_job(
        Name="real", Role="worker", Command=jobs.glue.get_job(JobName=made_up)["Job"]["Command"]
    )
    for name, arn in (
        ("real", f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/GlueJobRunnerSession"),
        (made_up, f"arn:aws:iam::{ACCOUNT}:root"),
    ):
        run = jobs.wait(name, jobs.start(name))
        assert run["JobRunState"] == "SUCCEEDED", run
        assert f"it is {arn}" in jobs.output(run)


def test_a_stack_acts_as_its_caller_and_a_machine_as_its_role(own_aws: LocalAws) -> None:
    key = new_user(own_aws, "eva")
    arn = new_role(own_aws, "worker")
    stacks = as_key(own_aws, "cloudformation", key)
    template = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "of-a-stack"}}}}
    stacks.create_stack(StackName="s", TemplateBody=json.dumps(template))
    stacks.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1})
    with closing(sqlite3.connect(own_aws.settings.state / "sts" / "sessions.sqlite")) as sessions:
        acted = {row[0] for row in sessions.execute("SELECT arn FROM sessions")}
    assert acted == {f"arn:aws:iam::{ACCOUNT}:user/eva"}
    machines = own_aws.client("stepfunctions")
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity", "End": True}
    definition = json.dumps({"StartAt": "Who", "States": {"Who": task}})
    for role, expected in (
        (arn, f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/states"),
        (f"arn:aws:iam::{ACCOUNT}:role/made-up", f"arn:aws:iam::{ACCOUNT}:root"),
    ):
        name = f"m{len(expected)}"
        machine = machines.create_state_machine(name=name, definition=definition, roleArn=role)[
            "stateMachineArn"
        ]
        execution = machines.start_execution(stateMachineArn=machine)["executionArn"]
        deadline = time.monotonic() + 60
        while (found := machines.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert json.loads(found["output"])["Arn"] == expected
