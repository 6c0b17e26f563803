"""Resource types that need others beside them: made together, seen through their APIs, deleted together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.test_cloudformation import Stacks, database


@pytest.fixture(scope="module")
def stacks(aws: LocalAws) -> Stacks:
    return Stacks(aws)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def ref(name: str) -> dict[str, Any]:
    return {"Ref": name}


def arn(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


ACCOUNT = ref("AWS::AccountId")
ROLE = "arn:aws:iam::000000000000:role/x"


def test_crawlers_triggers_workflows_and_classifiers(aws: LocalAws, stacks: Stacks) -> None:
    resources = {
        "Db": database("cfn_types"),
        "Crawler": resource(
            "Glue::Crawler",
            Name="cfn-crawler",
            Role=ROLE,
            DatabaseName=ref("Db"),
            TablePrefix="p_",
            Targets={"S3Targets": [{"Path": "s3://cfn-x/raw/"}]},
            Schedule={"ScheduleExpression": "cron(15 12 * * ? *)"},
        ),
        "Job": resource(
            "Glue::Job",
            Name="cfn-t-job",
            Role=ROLE,
            Command={"Name": "glueetl", "ScriptLocation": "s3://cfn-x/j.py"},
        ),
        "Classifier": resource(
            "Glue::Classifier",
            CsvClassifier={"Name": "cfn-csv", "Delimiter": ";", "ContainsHeader": "PRESENT"},
        ),
        "Flow": resource("Glue::Workflow", Name="cfn-flow", DefaultRunProperties={"k": 1}),
        "Trigger": resource(
            "Glue::Trigger",
            Name="cfn-trigger",
            Type="SCHEDULED",
            Schedule="cron(0 3 * * ? *)",
            WorkflowName=ref("Flow"),
            Actions=[{"JobName": ref("Job"), "Arguments": {"--a": "b"}}],
        ),
    }
    assert stacks.create("cfn-types-glue", resources) == "CREATE_COMPLETE", stacks.failures("cfn-types-glue")
    glue = aws.client("glue")
    crawler = glue.get_crawler(Name="cfn-crawler")["Crawler"]
    assert crawler["Schedule"]["ScheduleExpression"] == "cron(15 12 * * ? *)"
    assert glue.get_trigger(Name="cfn-trigger")["Trigger"]["Actions"][0]["JobName"] == "cfn-t-job"
    assert glue.get_classifier(Name="cfn-csv")["Classifier"]["CsvClassifier"]["Delimiter"] == ";"
    resources["Classifier"]["Properties"]["CsvClassifier"]["Delimiter"] = "|"
    del resources["Crawler"]["Properties"]["Schedule"]
    del resources["Crawler"]["Properties"]["TablePrefix"]
    resources["Trigger"]["Properties"]["Schedule"] = "cron(0 4 * * ? *)"
    assert stacks.update("cfn-types-glue", resources) == "UPDATE_COMPLETE", stacks.failures("cfn-types-glue")
    changed = glue.get_crawler(Name="cfn-crawler")["Crawler"]
    assert not changed.get("TablePrefix")
    assert glue.get_classifier(Name="cfn-csv")["Classifier"]["CsvClassifier"]["Delimiter"] == "|"
    assert not changed.get("Schedule", {}).get("ScheduleExpression")
    assert glue.get_trigger(Name="cfn-trigger")["Trigger"]["Schedule"] == "cron(0 4 * * ? *)"
    assert stacks.delete("cfn-types-glue") == "DELETE_COMPLETE", stacks.failures("cfn-types-glue")
    with pytest.raises(ClientError):
        glue.get_crawler(Name="cfn-crawler")


def test_named_queries_and_workgroup_settings(aws: LocalAws, stacks: Stacks) -> None:
    def resources(sql: str, **configuration: Any) -> dict[str, Any]:
        return {
            "Group": resource("Athena::WorkGroup", Name="cfn-wg", WorkGroupConfiguration=configuration),
            "Prepared": resource(
                "Athena::PreparedStatement", StatementName="cfn_p", QueryStatement=sql, WorkGroup=ref("Group")
            ),
            "Query": resource(
                "Athena::NamedQuery", Name="q", Database="default", QueryString=sql, WorkGroup=ref("Group")
            ),
        }

    result = {"ResultConfiguration": {"OutputLocation": "s3://cfn-x/results/"}}
    first = resources("SELECT 1", **result, BytesScannedCutoffPerQuery=10485760)
    assert stacks.create("cfn-types-athena", first) == "CREATE_COMPLETE", stacks.failures("cfn-types-athena")
    athena = aws.client("athena")
    old = stacks.physical_id("cfn-types-athena", "Query")
    assert athena.get_named_query(NamedQueryId=old)["NamedQuery"]["QueryString"] == "SELECT 1"
    second = resources("SELECT 2", EnforceWorkGroupConfiguration=False)
    assert stacks.update("cfn-types-athena", second) == "UPDATE_COMPLETE", stacks.failures("cfn-types-athena")
    new = stacks.physical_id("cfn-types-athena", "Query")
    assert new != old
    assert athena.get_named_query(NamedQueryId=new)["NamedQuery"]["QueryString"] == "SELECT 2"
    configuration = athena.get_work_group(WorkGroup="cfn-wg")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in configuration
    assert "OutputLocation" not in configuration.get("ResultConfiguration", {})
    assert configuration["EnforceWorkGroupConfiguration"] is False
    prepared = athena.get_prepared_statement(StatementName="cfn_p", WorkGroup="cfn-wg")["PreparedStatement"]
    assert prepared["QueryStatement"] == "SELECT 2"
    assert stacks.update("cfn-types-athena", {"Group": first["Group"]}) == "UPDATE_COMPLETE"
    with pytest.raises(ClientError):
        athena.get_named_query(NamedQueryId=new)
    assert stacks.delete("cfn-types-athena") == "DELETE_COMPLETE", stacks.failures("cfn-types-athena")


def test_topics_queues_and_their_policies(aws: LocalAws, stacks: Stacks) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allow]}
    resources = {
        "Topic": resource("SNS::Topic", TopicName="cfn-t-topic"),
        "Queue": resource("SQS::Queue", QueueName="cfn-t-queue", RedrivePolicy=ref("AWS::NoValue")),
        "Subscription": resource(
            "SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=arn("Queue")
        ),
        "TopicPolicy": resource("SNS::TopicPolicy", PolicyDocument=document, Topics=[ref("Topic")]),
        "QueuePolicy": resource("SQS::QueuePolicy", PolicyDocument=document, Queues=[ref("Queue")]),
        "Rule": resource(
            "Events::Rule",
            EventPattern={"source": ["aws.glue"]},
            Targets=[{"Id": "q", "Arn": arn("Queue")}],
        ),
    }
    assert stacks.create("cfn-types-sns", resources) == "CREATE_COMPLETE", stacks.failures("cfn-types-sns")
    topic = stacks.physical_id("cfn-types-sns", "Topic")
    subscriptions = aws.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [one["Protocol"] for one in subscriptions] == ["sqs"]
    rule = stacks.physical_id("cfn-types-sns", "Rule")
    assert [one["Id"] for one in aws.client("events").list_targets_by_rule(Rule=rule)["Targets"]] == ["q"]
    assert stacks.delete("cfn-types-sns") == "DELETE_COMPLETE", stacks.failures("cfn-types-sns")


def test_keys_aliases_and_instance_profiles(aws: LocalAws, stacks: Stacks) -> None:
    trust = {
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
    }
    resources = {
        "Key": resource("KMS::Key", PendingWindowInDays=7, Tags=[{"Key": "a", "Value": "b"}]),
        "Alias": resource("KMS::Alias", AliasName="alias/cfn-key", TargetKeyId=ref("Key")),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", **trust}),
        "Profile": resource("IAM::InstanceProfile", Roles=[ref("Role")]),
    }
    created = stacks.create("cfn-types-kms", resources, Capabilities=["CAPABILITY_IAM"])
    assert created == "CREATE_COMPLETE", stacks.failures("cfn-types-kms")
    kms = aws.client("kms")
    key = stacks.physical_id("cfn-types-kms", "Key")
    assert kms.describe_key(KeyId="alias/cfn-key")["KeyMetadata"]["KeyId"] == key
    assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
    assert stacks.delete("cfn-types-kms") == "DELETE_COMPLETE", stacks.failures("cfn-types-kms")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_repositories_with_their_policies_and_the_metadata_of_cdk(aws: LocalAws, stacks: Stacks) -> None:
    newest_three = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}
    rule = {"rulePriority": 1, "selection": newest_three, "action": {"type": "expire"}}
    lifecycle = {"LifecyclePolicyText": json.dumps({"rules": [rule]})}
    pull = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [pull]}
    tags = [{"Key": "a", "Value": "b"}]
    plain = resource("ECR::Repository", ImageTagMutability="IMMUTABLE", Tags=tags)
    full = resource(
        "ECR::Repository",
        LifecyclePolicy=lifecycle,
        RepositoryPolicyText=policy,
        ImageTagMutability="MUTABLE",
    )
    metadata = {"Metadata": resource("CDK::Metadata", Analytics="v2:deflate64:H4s")}
    created = stacks.create("cfn-types-ecr", {"Repository": plain, **metadata})
    assert created == "CREATE_COMPLETE", stacks.failures("cfn-types-ecr")
    ecr, name = aws.client("ecr"), stacks.physical_id("cfn-types-ecr", "Repository")
    [made] = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    assert made["imageTagMutability"] == "IMMUTABLE"
    assert ecr.list_tags_for_resource(resourceArn=made["repositoryArn"])["tags"] == tags
    updated = stacks.update("cfn-types-ecr", {"Repository": full, **metadata})
    assert updated == "UPDATE_COMPLETE", stacks.failures("cfn-types-ecr")
    assert json.loads(ecr.get_repository_policy(repositoryName=name)["policyText"]) == policy
    kept = ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
    assert kept == lifecycle["LifecyclePolicyText"]
    assert ecr.list_tags_for_resource(resourceArn=made["repositoryArn"])["tags"] == []
    assert stacks.update("cfn-types-ecr", {"Repository": plain}) == "UPDATE_COMPLETE"
    with pytest.raises(ecr.exceptions.RepositoryPolicyNotFoundException):
        ecr.get_repository_policy(repositoryName=name)
    assert stacks.delete("cfn-types-ecr") == "DELETE_COMPLETE", stacks.failures("cfn-types-ecr")
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.describe_repositories(repositoryNames=[name])


def test_lake_formation_resources_and_grants(aws: LocalAws, stacks: Stacks) -> None:
    principal = {"DataLakePrincipalIdentifier": ROLE}
    table = {"DatabaseName": ref("Db"), "Name": "t"}
    resources = {
        "Db": database("cfn_lf"),
        "Location": resource(
            "LakeFormation::Resource", ResourceArn="arn:aws:s3:::cfn-lf", UseServiceLinkedRole=True
        ),
        "Tag": resource("LakeFormation::Tag", TagKey="cfn-zone", TagValues=["raw", "processed"]),
        "Grant": resource(
            "LakeFormation::PrincipalPermissions",
            Principal=principal,
            Resource={"Table": {"CatalogId": ACCOUNT, **table}},
            Permissions=["SELECT", "DESCRIBE"],
            PermissionsWithGrantOption=[],
        ),
        "Older": resource(
            "LakeFormation::Permissions",
            DataLakePrincipal=principal,
            Resource={"DatabaseResource": {"Name": ref("Db")}},
            Permissions=["DESCRIBE"],
        ),
        "Settings": resource("LakeFormation::DataLakeSettings", Admins=[principal]),
    }
    assert stacks.create("cfn-types-lf", resources) == "CREATE_COMPLETE", stacks.failures("cfn-types-lf")
    lake = aws.client("lakeformation")
    assert lake.describe_resource(ResourceArn="arn:aws:s3:::cfn-lf")["ResourceInfo"]["ResourceArn"]
    assert sorted(lake.get_lf_tag(TagKey="cfn-zone")["TagValues"]) == ["processed", "raw"]
    assert lake.get_data_lake_settings()["DataLakeSettings"]["DataLakeAdmins"] == [principal]
    on_database = {"Principal": principal, "Resource": {"Database": {"Name": "cfn_lf"}}}
    [grant] = lake.list_permissions(**on_database)["PrincipalResourcePermissions"]
    assert grant["Permissions"] == ["DESCRIBE"]
    on_table = {"Principal": principal, "Resource": {"Table": {"DatabaseName": "cfn_lf", "Name": "t"}}}
    [grant] = lake.list_permissions(**on_table)["PrincipalResourcePermissions"]
    assert grant["Permissions"] == ["SELECT", "DESCRIBE"]
    assert stacks.delete("cfn-types-lf") == "DELETE_COMPLETE", stacks.failures("cfn-types-lf")
    for target in (on_database, on_table):
        left = lake.list_permissions(**target)["PrincipalResourcePermissions"]
        assert [one for one in left if one["Permissions"]] == []
