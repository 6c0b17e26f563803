"""The deployer's policy: enough for CloudFormation to make what the template says, and nothing else.

CloudFormation makes a stack's resources in the deployer's name. What it takes, AWS says itself: the schema of
every resource type, which cfn-lint carries, lists the permissions of its handlers. What the commands call by
themselves is compared with what they were seen to call in `tests/e2e/test_aws_profile.py`.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.unit.infra.conftest import ROOT, listed

HANDLERS = ("create", "read", "update", "delete")

UNUSED = re.compile(
    r"^(s3tables|firehose|kms|lakeformation):"  # S3 tables, streams, keys of one's own, grants
    r"|^s3:(REST\.PUT\.OBJECT|GetObjectVersion|PutObject.*|CreateBucketMetadata.*|UpdateBucketMetadata.*)$"
    r"|^s3:(Put|Delete)(Bucket)?(Acl|Abac|Analytics|CORS|Cors|Inventory|Metrics|Notification|Replication|Website"
    r"|Accelerate|ObjectLock|Logging|Versioning|IntelligentTiering|Metadata)"
    r"|^s3:Delete(BucketEncryption|BucketLifecycle|Object)$|^s3:(AbortMultipartUpload|ListMultipartUploadParts"
    r"|ListBucketMultipartUploads|GetObject)$"
    r"|^glue:(PassConnection|CreateConnection|DeleteConnection|GetConnection|UpdateConnection)$"
    r"|^iam:(AttachRolePolicy|DetachRolePolicy|(Put|Delete)RolePermissionsBoundary|CreateServiceLinkedRole"
    r"|UpdateRole|UpdateRoleDescription)$"
    r"|^logs:(Put|Get|Delete)DataProtectionPolicy$|^logs:\w*(IndexPolic|Bearer|KmsKey|DeletionProtection)\w*$"
    r"|^logs:(DeleteResourcePolicy)$"
)
"""Permissions that are for properties which the template does not have."""

DELIVERY = {
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
}
"""What Step Functions asks of whoever makes a state machine that logs, beside the handlers' own:
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "infra" / "policies" / "deployer.json").read_text("utf-8"))
    return loaded


def actions(policy: dict[str, Any], prefix: str) -> set[str]:
    return {
        action
        for statement in policy["Statement"]
        if statement["Sid"].startswith(prefix)
        for action in listed(statement["Action"])
    }


def needed(template: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for kind in {item["Type"] for item in template["Resources"].values()}:
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["handlers"]
        found |= {action for handler in HANDLERS for action in handlers[handler]["permissions"]}
    return {action for action in found if not UNUSED.search(action)}


def test_cloudformation_may_do_what_the_templates_types_need_and_no_more(
    policy: dict[str, Any], template: dict[str, Any]
) -> None:
    allowed = actions(policy, "Stack")
    assert allowed == needed(template) | DELIVERY


def test_every_statement_is_about_the_commands_the_stack_or_queries(policy: dict[str, Any]) -> None:
    names = [statement["Sid"] for statement in policy["Statement"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"(Commands|Stack|Query)\w+", name) for name in names)


def test_no_action_is_a_wildcard_and_everything_is_touched_only_where_aws_knows_no_resources(
    policy: dict[str, Any],
) -> None:
    wide = set()
    for statement in policy["Statement"]:
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        if "*" in listed(statement["Resource"]):
            wide |= set(listed(statement["Action"]))
    assert wide == DELIVERY | {
        "s3:ListAllMyBuckets",
        "cloudformation:GetTemplateSummary",  # of a template that is no stack yet
        "glue:ListJobs",
        "logs:CreateLogDelivery",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    }


def test_roles_are_passed_to_glue_and_step_functions_only(policy: dict[str, Any]) -> None:
    passing = [one for one in policy["Statement"] if "iam:PassRole" in listed(one["Action"])]
    assert [listed(one["Action"]) for one in passing] == [["iam:PassRole"]]
    assert passing[0]["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["glue.amazonaws.com", "states.amazonaws.com"]}
    }


def test_the_policy_fits_into_a_managed_policy(policy: dict[str, Any]) -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(json.dumps(policy, separators=(",", ":"))) <= 6_144
