"""What belongs to the catalog beside tables: tags, functions, policy, encryption settings."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from local_aws.in_process import InProcessClient

ARN = "arn:aws:glue:us-east-1:000000000000:database/lake"


def test_tags_of_a_database_live_and_die_with_it(glue: InProcessClient) -> None:
    glue.create_database(DatabaseInput={"Name": "x"}, Tags={"team": "energy"})
    arn = ARN.replace("lake", "x")
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"stage": "dev", "team": "lake"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"stage": "dev", "team": "lake"}
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["stage", "absent"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "lake"}
    glue.delete_database(Name="x")
    glue.create_database(DatabaseInput={"Name": "x"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {}


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (ARN.replace("lake", "nothing"), "EntityNotFoundException"),
        (ARN.replace("us-east-1", "eu-west-1"), "InvalidInputException"),
        (ARN.replace("database", "planet"), "InvalidInputException"),
        ("garbage", "InvalidInputException"),
    ],
)
def test_only_what_is_there_can_be_tagged(glue: InProcessClient, arn: str, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        glue.tag_resource(ResourceArn=arn, TagsToAdd={"a": "b"})


def test_a_resource_has_at_most_fifty_tags(glue: InProcessClient) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.create_database(DatabaseInput={"Name": "x"}, Tags={str(n): "" for n in range(51)})
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_database(Name="x")


def test_functions_are_kept(glue: InProcessClient) -> None:
    function = {"FunctionName": "Mask", "ClassName": "x.Mask", "OwnerName": "o", "OwnerType": "USER"}
    glue.create_user_defined_function(DatabaseName="lake", FunctionInput=function)
    shown = glue.get_user_defined_function(DatabaseName="lake", FunctionName="MASK")["UserDefinedFunction"]
    assert (shown["FunctionName"], shown["DatabaseName"], shown["ClassName"]) == ("mask", "lake", "x.Mask")
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_user_defined_function(DatabaseName="lake", FunctionInput=function)
    changed = {**function, "ClassName": "y.Mask"}
    glue.update_user_defined_function(DatabaseName="lake", FunctionName="mask", FunctionInput=changed)
    for pattern, count in (("m*", 1), (".*", 1), ("x*", 0)):
        listed = glue.get_user_defined_functions(DatabaseName="lake", Pattern=pattern)
        assert len(listed["UserDefinedFunctions"]) == count
    glue.delete_user_defined_function(DatabaseName="lake", FunctionName="mask")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_user_defined_function(DatabaseName="lake", FunctionName="mask")


def test_a_resource_policy_is_replaced_only_under_its_conditions(glue: InProcessClient) -> None:
    with pytest.raises(ClientError, match="ConditionCheckFailureException"):
        glue.put_resource_policy(PolicyInJson="{}", PolicyExistsCondition="MUST_EXIST")
    digest = glue.put_resource_policy(PolicyInJson='{"Version":"2012-10-17"}')["PolicyHash"]
    assert glue.get_resource_policy()["PolicyHash"] == digest
    with pytest.raises(ClientError, match="ConditionCheckFailureException"):
        glue.put_resource_policy(PolicyInJson="{}", PolicyHashCondition="other")
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.put_resource_policy(PolicyInJson="not json")
    assert glue.get_resource_policy()["PolicyInJson"] == '{"Version":"2012-10-17"}'
    glue.delete_resource_policy()
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_resource_policy()
    assert glue.get_resource_policies()["GetResourcePoliciesResponseList"] == []


def test_encryption_settings_are_kept(glue: InProcessClient) -> None:
    shown = glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]
    assert shown["EncryptionAtRest"] == {"CatalogEncryptionMode": "DISABLED"}
    wanted = {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/x"}}
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=wanted)
    shown = glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"]
    assert shown["EncryptionAtRest"] == wanted["EncryptionAtRest"]


def test_the_catalog_counts_as_imported(glue: InProcessClient) -> None:
    assert glue.get_catalog_import_status()["ImportStatus"]["ImportCompleted"] is True
