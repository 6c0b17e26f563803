"""Stacks through a running server: what CloudFormation says is there, the other services' APIs show too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from tests.conftest import REGION, LocalAws

LAKE = Path(__file__).parents[2] / "infra" / "datalake.yaml"
DEADLINE = 90
AES256 = {"SSEAlgorithm": "AES256"}


class Stacks:
    """CloudFormation of a server, each operation waited for."""

    def __init__(self, aws: LocalAws) -> None:
        self.api = aws.client("cloudformation")

    def create(self, name: str, resources: dict[str, Any], **more: Any) -> str:
        self.api.create_stack(StackName=name, TemplateBody=body(resources, more), **more)
        return self.settled(name)

    def update(self, name: str, resources: dict[str, Any], **more: Any) -> str:
        self.api.update_stack(StackName=name, TemplateBody=body(resources, more), **more)
        return self.settled(name)

    def delete(self, name: str, **more: Any) -> str:
        stack_id = self.describe(name)["StackId"]
        self.api.delete_stack(StackName=name, **more)
        return self.settled(stack_id)

    def describe(self, name: str) -> dict[str, Any]:
        [stack] = self.api.describe_stacks(StackName=name)["Stacks"]
        return dict(stack)

    def settled(self, name: str) -> str:
        """The status once nothing is in progress."""
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            status = str(self.describe(name)["StackStatus"])
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.05)
        raise AssertionError(f"{name} is still in progress")

    def outputs(self, name: str) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.describe(name).get("Outputs", [])}

    def failures(self, name: str) -> dict[str, str]:
        """The reasons of CREATE_FAILED and the like, by logical id."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=name)
        events = [event for page in pages for event in page["StackEvents"]]
        return {
            event["LogicalResourceId"]: event["ResourceStatusReason"]
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event
        }

    def physical_id(self, name: str, logical_id: str) -> str:
        answer = self.api.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])


def body(resources: dict[str, Any], more: dict[str, Any]) -> str:
    sections = {key: more.pop(key) for key in ("Outputs",) if key in more}
    return json.dumps({"Resources": resources, **sections})


@pytest.fixture(scope="module")
def stacks(aws: LocalAws) -> Stacks:
    return Stacks(aws)


@pytest.fixture
def trust() -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "glue.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def bucket(name: str | None = None, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {**({"BucketName": name} if name else {}), **properties}}


def database(name: str, description: str = "d") -> dict[str, Any]:
    given = {
        "CatalogId": {"Ref": "AWS::AccountId"},
        "DatabaseInput": {"Name": name, "Description": description},
    }
    return {"Type": "AWS::Glue::Database", "Properties": given}


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_a_bucket_is_made_as_its_properties_say(aws: LocalAws, stacks: Stacks) -> None:
    refuse_all = {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}
    resources = {
        "Bucket": bucket(
            "cfn-configured",
            VersioningConfiguration={"Status": "Enabled"},
            BucketEncryption={
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": AES256}]
            },
            PublicAccessBlockConfiguration={"BlockPublicAcls": "true"},
            LifecycleConfiguration={"Rules": [{"Status": "Enabled", "Prefix": "t/", "ExpirationInDays": 1}]},
            CorsConfiguration={"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            NotificationConfiguration={"EventBridgeConfiguration": {}},
            Tags=[{"Key": "zone", "Value": "raw"}],
        ),
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{**refuse_all, "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}}],
                },
            },
        },
    }
    assert (
        stacks.create("cfn-bucket", resources, Tags=[{"Key": "team", "Value": "data"}]) == "CREATE_COMPLETE"
    )
    s3, name = aws.client("s3"), {"Bucket": "cfn-configured"}
    assert s3.get_bucket_versioning(**name)["Status"] == "Enabled"
    assert s3.get_bucket_encryption(**name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert s3.get_public_access_block(**name)["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    assert s3.get_bucket_lifecycle_configuration(**name)["Rules"][0]["Expiration"] == {"Days": 1}
    assert s3.get_bucket_cors(**name)["CORSRules"][0]["AllowedMethods"] == ["GET"]
    tags = {one["Key"]: one["Value"] for one in s3.get_bucket_tagging(**name)["TagSet"]}
    assert tags == {"zone": "raw", "team": "data"}
    policy = json.loads(s3.get_bucket_policy(**name)["Policy"])
    assert policy["Statement"][0]["Resource"] == "arn:aws:s3:::cfn-configured/*"
    assert stacks.update("cfn-bucket", {"Bucket": bucket("cfn-configured")}) == "UPDATE_COMPLETE"
    for gone in (s3.get_bucket_policy, s3.get_bucket_cors, s3.get_bucket_lifecycle_configuration):
        with pytest.raises(ClientError):
            gone(**name)
    assert stacks.delete("cfn-bucket") == "DELETE_COMPLETE"
    with pytest.raises(ClientError):
        s3.head_bucket(**name)


def test_a_bucket_with_objects_cannot_be_deleted_until_it_is_empty(aws: LocalAws, stacks: Stacks) -> None:
    stacks.create("cfn-full", {"Bucket": bucket("cfn-full")})
    s3 = aws.client("s3")
    s3.put_object(Bucket="cfn-full", Key="a", Body=b"1")
    assert stacks.delete("cfn-full") == "DELETE_FAILED"
    assert "The bucket you tried to delete is not empty" in stacks.failures("cfn-full")["Bucket"]
    s3.delete_object(Bucket="cfn-full", Key="a")
    assert stacks.delete("cfn-full") == "DELETE_COMPLETE"


def test_a_failed_stack_leaves_nothing_behind(aws: LocalAws, stacks: Stacks, trust: dict[str, Any]) -> None:
    resources = {
        "Bucket": bucket("cfn-rolled-back"),
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Table": {
            "Type": "AWS::Glue::Table",
            "DependsOn": ["Bucket", "Role"],
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseName": "cfn_no_such_database",
                "TableInput": {"Name": "t"},
            },
        },
    }
    roles = len(aws.client("iam").list_roles()["Roles"])
    status = stacks.create("cfn-failing", resources, Capabilities=["CAPABILITY_IAM"])
    assert status == "ROLLBACK_COMPLETE"
    assert "EntityNotFoundException" in stacks.failures("cfn-failing")["Table"]
    assert len(aws.client("iam").list_roles()["Roles"]) == roles
    with pytest.raises(ClientError):
        aws.client("s3").head_bucket(Bucket="cfn-rolled-back")
    assert stacks.delete("cfn-failing") == "DELETE_COMPLETE"


def test_an_unsupported_type_fails_the_stack_and_names_it(aws: LocalAws, stacks: Stacks) -> None:
    resources = {"Bucket": bucket("cfn-unsupported"), "Vm": {"Type": "AWS::EC2::Instance", "Properties": {}}}
    assert stacks.create("cfn-unsupported", resources) == "ROLLBACK_COMPLETE"
    assert "AWS::EC2::Instance" in stacks.failures("cfn-unsupported")["Vm"]
    with pytest.raises(ClientError):
        aws.client("s3").head_bucket(Bucket="cfn-unsupported")


def test_glue_resources_are_made_updated_and_replaced(aws: LocalAws, stacks: Stacks) -> None:
    def lake(retries: int, table: str, comment: str) -> dict[str, Any]:
        catalog = {"CatalogId": {"Ref": "AWS::AccountId"}, "DatabaseName": {"Ref": "Db"}}
        columns = [{"Name": "id", "Type": "bigint"}, {"Name": "n", "Type": "string", "Comment": comment}]
        storage = {"Columns": columns, "Location": "s3://cfn-x/t/"}
        return {
            "Db": database("cfn_glue"),
            "Table": {
                "Type": "AWS::Glue::Table",
                "Properties": {
                    **catalog,
                    "TableInput": {
                        "Name": table,
                        "StorageDescriptor": storage,
                        "PartitionKeys": [{"Name": "year", "Type": "int"}],
                        "Parameters": {"classification": "parquet", "rows": 3},
                    },
                },
            },
            "Partition": {
                "Type": "AWS::Glue::Partition",
                "Properties": {
                    **catalog,
                    "TableName": {"Ref": "Table"},
                    "PartitionInput": {"Values": ["2025"], "StorageDescriptor": storage},
                },
            },
            "Job": {
                "Type": "AWS::Glue::Job",
                "Properties": {
                    "Name": "cfn-job",
                    "Role": "arn:aws:iam::000000000000:role/x",
                    "Command": {"Name": "glueetl", "ScriptLocation": "s3://cfn-x/j.py", "PythonVersion": "3"},
                    "GlueVersion": "5.1",
                    "MaxRetries": str(retries),
                    "DefaultArguments": {"--n": retries},
                    "Tags": {"zone": "raw"},
                },
            },
        }

    assert stacks.create("cfn-glue", lake(0, "t", "old")) == "CREATE_COMPLETE"
    glue = aws.client("glue")
    assert glue.get_job(JobName="cfn-job")["Job"]["DefaultArguments"] == {"--n": "0"}
    assert glue.get_table(DatabaseName="cfn_glue", Name="t")["Table"]["Parameters"]["rows"] == "3"
    partitions = glue.get_partitions(DatabaseName="cfn_glue", TableName="t")["Partitions"]
    assert [one["Values"] for one in partitions] == [["2025"]]
    assert stacks.update("cfn-glue", lake(1, "u", "new")) == "UPDATE_COMPLETE"
    assert glue.get_job(JobName="cfn-job")["Job"]["MaxRetries"] == 1
    assert [table["Name"] for table in glue.get_tables(DatabaseName="cfn_glue")["TableList"]] == ["u"]
    assert stacks.delete("cfn-glue") == "DELETE_COMPLETE"
    with pytest.raises(ClientError) as error:
        glue.get_database(Name="cfn_glue")
    assert code_of(error) == "EntityNotFoundException"


def test_a_failed_update_puts_the_old_values_back(aws: LocalAws, stacks: Stacks) -> None:
    stacks.create("cfn-back", {"Db": database("cfn_back", "old"), "Bucket": bucket("cfn-back")})
    changed = {
        "Db": database("cfn_back", "new"),
        "Bucket": bucket("cfn-back", Tags=[{"Key": "a", "Value": "b"}]),
        "Broken": {**database("cfn_back", "taken"), "DependsOn": ["Db", "Bucket"]},
    }
    assert stacks.update("cfn-back", changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert "already exists" in stacks.failures("cfn-back")["Broken"]
    assert aws.client("glue").get_database(Name="cfn_back")["Database"]["Description"] == "old"
    with pytest.raises(ClientError) as error:
        aws.client("s3").get_bucket_tagging(Bucket="cfn-back")
    assert code_of(error) == "NoSuchTagSet"
    assert stacks.delete("cfn-back") == "DELETE_COMPLETE"


def test_iam_policies_come_and_go_with_their_roles(
    aws: LocalAws, stacks: Stacks, trust: dict[str, Any]
) -> None:
    def policy(action: str) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
        }

    def resources(action: str) -> dict[str, Any]:
        inline = {"PolicyName": "own", "PolicyDocument": policy(action)}
        role = {"RoleName": "cfn-role", "AssumeRolePolicyDocument": trust, "Policies": [inline]}
        return {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {**role, "ManagedPolicyArns": [{"Ref": "Managed"}]},
            },
            "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy(action)}},
            "Extra": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": "extra",
                    "PolicyDocument": policy(action),
                    "Roles": [{"Ref": "Role"}],
                },
            },
        }

    named = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    assert stacks.create("cfn-iam", resources("s3:GetObject"), **named) == "CREATE_COMPLETE"
    iam = aws.client("iam")
    assert sorted(iam.list_role_policies(RoleName="cfn-role")["PolicyNames"]) == ["extra", "own"]
    [attached] = iam.list_attached_role_policies(RoleName="cfn-role")["AttachedPolicies"]
    assert attached["PolicyArn"] == stacks.physical_id("cfn-iam", "Managed")
    assert stacks.update("cfn-iam", resources("s3:PutObject"), **named) == "UPDATE_COMPLETE"
    inline = iam.get_role_policy(RoleName="cfn-role", PolicyName="own")["PolicyDocument"]
    assert inline["Statement"][0]["Action"] == "s3:PutObject"
    assert stacks.delete("cfn-iam") == "DELETE_COMPLETE"
    with pytest.raises(ClientError) as error:
        iam.get_role(RoleName="cfn-role")
    assert code_of(error) == "NoSuchEntity"


SMALL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "AWS::Logs::LogGroup": ({"LogGroupName": "/cfn/logs", "RetentionInDays": 7}, {"RetentionInDays": "14"}),
    "AWS::SSM::Parameter": ({"Name": "/cfn/p", "Type": "String", "Value": "1"}, {"Value": "2"}),
    "AWS::SQS::Queue": ({"QueueName": "cfn-queue", "VisibilityTimeout": 5}, {"VisibilityTimeout": "6"}),
    "AWS::SNS::Topic": ({"TopicName": "cfn-topic", "DisplayName": "a"}, {"DisplayName": "b"}),
    "AWS::Events::Rule": (
        {"Name": "cfn-rule", "ScheduleExpression": "rate(5 minutes)"},
        {"State": "DISABLED"},
    ),
    "AWS::KMS::Key": ({"Description": "a", "EnableKeyRotation": True}, {"EnableKeyRotation": False}),
    "AWS::SecretsManager::Secret": (
        {"Name": "cfn-secret", "GenerateSecretString": {"PasswordLength": 20}},
        {"Description": "d"},
    ),
    "AWS::Glue::Workflow": ({"Name": "cfn-workflow"}, {"Description": "d"}),
    "AWS::Athena::WorkGroup": (
        {"Name": "cfn-workgroup", "WorkGroupConfiguration": {"BytesScannedCutoffPerQuery": 10485760}},
        {"Description": "d"},
    ),
    "AWS::IAM::User": ({"UserName": "cfn-user"}, {"Path": "/x/"}),
    "AWS::IAM::Group": ({"GroupName": "cfn-group"}, {"Path": "/x/"}),
}


@pytest.mark.parametrize("type_name", SMALL)
def test_a_small_type_is_created_updated_in_place_and_deleted(stacks: Stacks, type_name: str) -> None:
    first, change = SMALL[type_name]
    name = "cfn-small-" + type_name.replace("::", "-").lower()
    more: dict[str, Any] = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    resources = {"R": {"Type": type_name, "Properties": first}}
    assert stacks.create(name, resources, **more) == "CREATE_COMPLETE", stacks.failures(name)
    made = stacks.physical_id(name, "R")
    changed = {"R": {"Type": type_name, "Properties": {**first, **change}}}
    assert stacks.update(name, changed, **more) == "UPDATE_COMPLETE", stacks.failures(name)
    assert stacks.physical_id(name, "R") == made
    assert stacks.delete(name) == "DELETE_COMPLETE", stacks.failures(name)


def test_a_lambda_function_fails_honestly_while_there_is_no_lambda(stacks: Stacks) -> None:
    code = {"Code": {"ZipFile": "x = 1"}, "Runtime": "python3.11", "Handler": "index.x"}
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {**code, "Role": "arn:aws:iam::000000000000:role/x"},
    }
    status = stacks.create("cfn-lambda", {"F": function})
    if status == "CREATE_COMPLETE":
        assert stacks.delete("cfn-lambda") == "DELETE_COMPLETE"
    else:
        assert status == "ROLLBACK_COMPLETE"
        assert "F" in stacks.failures("cfn-lambda")


def test_a_template_may_lie_in_s3(aws: LocalAws, stacks: Stacks) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="cfn-templates")
    s3.put_object(Bucket="cfn-templates", Key="t/one.yaml", Body=b"Resources: {Q: {Type: 'AWS::SQS::Queue'}}")
    stacks.api.create_stack(StackName="cfn-url", TemplateURL=f"{aws.endpoint}/cfn-templates/t/one.yaml")
    assert stacks.settled("cfn-url") == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="S3 error"):
        stacks.api.create_stack(StackName="cfn-no", TemplateURL=f"{aws.endpoint}/cfn-templates/nope.yaml")
    assert stacks.delete("cfn-url") == "DELETE_COMPLETE"


def test_ssm_parameters_and_dynamic_references_are_looked_up(aws: LocalAws, stacks: Stacks) -> None:
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/cfn/name", Value="cfn-from-ssm", Type="String")
    dynamic = "{{resolve:ssm:/cfn/name}}"
    text = json.dumps(
        {
            "Parameters": {"Name": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cfn/name"}},
            "Resources": {
                "Db": {
                    "Type": "AWS::Glue::Database",
                    "Properties": {
                        "CatalogId": {"Ref": "AWS::AccountId"},
                        "DatabaseInput": {"Name": "cfn_ssm", "Description": f"{dynamic} and {dynamic}"},
                    },
                }
            },
            "Outputs": {"Name": {"Value": {"Ref": "Name"}}},
        }
    )
    stacks.api.create_stack(StackName="cfn-ssm", TemplateBody=text)
    assert stacks.settled("cfn-ssm") == "CREATE_COMPLETE"
    assert stacks.outputs("cfn-ssm") == {"Name": "cfn-from-ssm"}
    assert stacks.describe("cfn-ssm")["Parameters"][0]["ResolvedValue"] == "cfn-from-ssm"
    described = aws.client("glue").get_database(Name="cfn_ssm")["Database"]["Description"]
    assert described == "cfn-from-ssm and cfn-from-ssm"
    assert stacks.delete("cfn-ssm") == "DELETE_COMPLETE"


def test_regions_do_not_see_each_others_stacks(aws: LocalAws, stacks: Stacks) -> None:
    stacks.create("cfn-region", {"Q": {"Type": "AWS::SQS::Queue"}})
    elsewhere = aws.client("cloudformation", region="eu-west-1")
    with pytest.raises(ClientError, match="Stack with id cfn-region does not exist"):
        elsewhere.describe_stacks(StackName="cfn-region")
    stacks.delete("cfn-region")


def deploy(aws: LocalAws, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "aws"), "--endpoint-url", aws.endpoint, "--region", REGION]
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    command += ["cloudformation", "deploy", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_the_lake_is_deployed_by_the_aws_cli_and_a_second_time_there_is_nothing_to_change(
    aws: LocalAws, stacks: Stacks
) -> None:
    common = ("--template-file", str(LAKE), "--stack-name", "cfn-lake", "--capabilities", "CAPABILITY_IAM")
    names = ("--parameter-overrides", "BucketName=cfn-lake", "Environment=test")
    first = deploy(aws, *common, *names)
    assert first.returncode == 0, (first.stderr, stacks.failures("cfn-lake"))
    outputs = stacks.outputs("cfn-lake")
    assert outputs["LakeBucket"] == "datalake-cfn-lake"
    machine = aws.client("stepfunctions").describe_state_machine(stateMachineArn=outputs["StateMachineArn"])
    assert json.loads(machine["definition"])["States"]
    second = deploy(aws, *common, *names)
    assert "No changes to deploy" in second.stdout + second.stderr
    assert stacks.describe("cfn-lake")["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.delete("cfn-lake") == "DELETE_COMPLETE"


def test_a_server_killed_in_the_middle_of_a_create_rolls_it_back_at_the_next_start(own_aws: LocalAws) -> None:
    stacks = Stacks(own_aws)
    resources: dict[str, Any] = {}
    for number in range(40):
        resources[f"B{number}"] = bucket(f"cfn-killed-{number}")
        if number:
            resources[f"B{number}"]["DependsOn"] = f"B{number - 1}"
    stacks.api.create_stack(StackName="cfn-killed", TemplateBody=json.dumps({"Resources": resources}))
    s3 = own_aws.client("s3")
    until = time.monotonic() + DEADLINE
    while len(s3.list_buckets()["Buckets"]) < 3:
        assert time.monotonic() < until
    server = json.loads((own_aws.settings.state / "server.json").read_text())
    os.kill(server["pid"], signal.SIGKILL)
    control.start(own_aws.settings)
    assert stacks.settled("cfn-killed") == "ROLLBACK_COMPLETE"
    assert s3.list_buckets()["Buckets"] == []
    assert stacks.delete("cfn-killed") == "DELETE_COMPLETE"
