"""moto's services through the gateway, and through the death of either process."""

import json
import os
import signal
import subprocess
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from tests.conftest import LocalAws

GLUE_MAY_ASSUME = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "glue.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
GLUE_SERVICE_ROLE = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"


def killed_and_restarted(aws: LocalAws) -> None:
    server = control.status(aws.settings)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    while _is_running(server.pid):
        time.sleep(0.01)
    control.start(aws.settings)


def _is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


def pid_of_motos_process(aws: LocalAws) -> int:
    server = control.status(aws.settings)
    assert server is not None
    search = ["pgrep", "-P", str(server.pid), "-f", "local_aws.moto_host"]
    return int(subprocess.run(search, capture_output=True, text=True, check=True).stdout)


def make_some_of_everything(aws: LocalAws) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=GLUE_MAY_ASSUME)
    iam.attach_role_policy(RoleName="job", PolicyArn=GLUE_SERVICE_ROLE)
    iam.create_user(UserName="ana")
    iam.create_access_key(UserName="ana")
    aws.client("ssm").put_parameter(Name="/lake/bucket", Value="b", Type="String")
    aws.client("secretsmanager").create_secret(Name="warehouse", SecretString="contraseña")
    aws.client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    aws.client("sns").create_topic(Name="done")
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/jobs")
    logs.create_log_stream(logGroupName="/jobs", logStreamName="run")
    now = int(time.time() * 1000)
    events = [{"timestamp": now + i, "message": f"línea {i}"} for i in range(3)]
    logs.put_log_events(logGroupName="/jobs", logStreamName="run", logEvents=events)
    aws.client("stepfunctions").create_state_machine(
        name="m",
        definition=json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}),
        roleArn="arn:aws:iam::000000000000:role/job",
    )


def some_of_everything(aws: LocalAws) -> dict[str, Any]:
    iam, logs, ssm = aws.client("iam"), aws.client("logs"), aws.client("ssm")
    role = iam.get_role(RoleName="job")["Role"]
    key = iam.list_access_keys(UserName="ana")["AccessKeyMetadata"][0]
    return {
        "role": (role["RoleId"], role["Arn"], role["AssumeRolePolicyDocument"]),
        "policies": iam.list_attached_role_policies(RoleName="job")["AttachedPolicies"],
        "key": key["AccessKeyId"],
        "parameter": ssm.get_parameter(Name="/lake/bucket")["Parameter"]["Value"],
        "secret": aws.client("secretsmanager").describe_secret(SecretId="warehouse")["ARN"],
        "rule": aws.client("events").describe_rule(Name="nightly")["Arn"],
        "topics": aws.client("sns").list_topics()["Topics"],
        "log": [
            (event["timestamp"], event["message"])
            for event in logs.get_log_events(logGroupName="/jobs", logStreamName="run")["events"]
        ],
        "machine": aws.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"],
    }


def test_everything_is_there_again_after_the_server_was_killed(own_aws: LocalAws) -> None:
    make_some_of_everything(own_aws)
    created = own_aws.client("iam").get_role(RoleName="job")["Role"]["CreateDate"]
    before = some_of_everything(own_aws)

    killed_and_restarted(own_aws)

    assert some_of_everything(own_aws) == before
    # moto reads the clock a little after the journal does, and not equally much each time.
    again = own_aws.client("iam").get_role(RoleName="job")["Role"]["CreateDate"]
    assert abs((again - created).total_seconds()) < 5


def test_what_kms_encrypted_and_signed_is_read_after_the_server_was_killed(own_aws: LocalAws) -> None:
    kms = own_aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    secret = kms.encrypt(KeyId=key, Plaintext=b"precio")["CiphertextBlob"]
    signed = {"KeyId": signing, "Message": b"factura", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**signed)["Signature"]

    killed_and_restarted(own_aws)

    kms = own_aws.client("kms")
    assert kms.decrypt(CiphertextBlob=secret)["Plaintext"] == b"precio"
    assert kms.verify(**signed, Signature=signature)["SignatureValid"]


def test_motos_process_is_started_again_when_it_dies(own_aws: LocalAws) -> None:
    make_some_of_everything(own_aws)
    before = some_of_everything(own_aws)
    pid = pid_of_motos_process(own_aws)

    os.kill(pid, signal.SIGKILL)
    while _is_running(pid):
        time.sleep(0.01)

    assert some_of_everything(own_aws) == before


def test_motos_process_ends_with_a_killed_server(own_aws: LocalAws) -> None:
    own_aws.client("sts").get_caller_identity()
    server = control.status(own_aws.settings)
    assert server is not None
    pid = pid_of_motos_process(own_aws)
    os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _is_running(pid):
        assert time.monotonic() < deadline, "moto's process outlived the server"
        time.sleep(0.05)


def test_a_queue_keeps_what_was_not_deleted(own_aws: LocalAws) -> None:
    sqs = own_aws.client("sqs")
    url = sqs.create_queue(QueueName="files", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    for body in ("a", "b", "c"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])

    killed_and_restarted(own_aws)

    left = own_aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert sorted(message["Body"] for message in left) == sorted({"a", "b", "c"} - {received["Body"]})


def test_the_account_is_the_one_of_the_local_aws(aws: LocalAws) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == aws.settings.account_id


def test_regions_are_kept_apart(aws: LocalAws) -> None:
    aws.client("ssm", region="eu-west-1").put_parameter(Name="only-there", Value="v", Type="String")
    with pytest.raises(ClientError) as caught:
        aws.client("ssm").get_parameter(Name="only-there")
    assert caught.value.response["Error"]["Code"] == "ParameterNotFound"


def test_a_long_poll_gets_a_message_that_is_sent_while_it_waits(aws: LocalAws) -> None:
    url = aws.client("sqs").create_queue(QueueName="long-poll")["QueueUrl"]
    sender = threading.Timer(0.3, lambda: aws.client("sqs").send_message(QueueUrl=url, MessageBody="at last"))
    sender.start()
    received = aws.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    sender.join()
    assert [message["Body"] for message in received] == ["at last"]


def test_log_events_are_paged_filtered_and_tailed(aws: LocalAws) -> None:
    logs = aws.client("logs")
    where = {"logGroupName": "/paging", "logStreamName": "run"}
    logs.create_log_group(logGroupName=where["logGroupName"])
    logs.create_log_stream(**where)
    now = int(time.time() * 1000)
    lines = [f"line {i:03}" for i in range(250)]
    events = [{"timestamp": now + i, "message": line} for i, line in enumerate(lines)]
    logs.put_log_events(**where, logEvents=events)

    read, token = [], None
    while True:
        more = {"nextToken": token} if token else {}
        page = logs.get_log_events(**where, startFromHead=True, limit=100, **more)
        read += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert read == lines

    logs.put_log_events(**where, logEvents=[{"timestamp": now + 1000, "message": "new"}])
    tail = logs.get_log_events(**where, startFromHead=True, nextToken=token)["events"]
    assert [event["message"] for event in tail] == ["new"]

    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName="/paging", filterPattern='"line 01"'
    )
    assert [event["message"] for page in pages for event in page["events"]] == lines[10:20]
