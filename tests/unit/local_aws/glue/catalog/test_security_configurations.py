from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

KEY = "arn:aws:kms:us-east-1:000000000000:key/1"
ENCRYPTION = {
    "S3Encryption": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": KEY}],
    "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
    "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": KEY},
}


def test_a_security_configuration_is_kept_as_it_was_given(glue: Any) -> None:
    made = glue.create_security_configuration(Name="safe", EncryptionConfiguration=ENCRYPTION)
    shown = glue.get_security_configuration(Name="safe")["SecurityConfiguration"]
    assert shown["EncryptionConfiguration"] == ENCRYPTION
    assert shown["CreatedTimeStamp"] == made["CreatedTimestamp"]


def test_security_configurations_are_paged_by_name(glue: Any) -> None:
    for name in ("b", "a", "c"):
        glue.create_security_configuration(Name=name, EncryptionConfiguration={})
    first = glue.get_security_configurations(MaxResults=2)
    rest = glue.get_security_configurations(MaxResults=2, NextToken=first["NextToken"])
    names = [one["Name"] for page in (first, rest) for one in page["SecurityConfigurations"]]
    assert names == ["a", "b", "c"]


def test_a_deleted_one_is_gone(glue: Any) -> None:
    glue.create_security_configuration(Name="safe", EncryptionConfiguration={})
    glue.delete_security_configuration(Name="safe")
    for operation in (glue.get_security_configuration, glue.delete_security_configuration):
        with pytest.raises(ClientError) as error:
            operation(Name="safe")
        assert error.value.response["Error"]["Code"] == "EntityNotFoundException"


@pytest.mark.parametrize(
    ("name", "encryption", "code"),
    [
        ("taken", {}, "AlreadyExistsException"),
        ("new", {"S3Encryption": [{"S3EncryptionMode": "SSE-KMS"}]}, "InvalidInputException"),
        (
            "new",
            {"CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": ""}},
            "InvalidInputException",
        ),
    ],
)
def test_a_wrong_one_is_refused(glue: Any, name: str, encryption: dict[str, Any], code: str) -> None:
    glue.create_security_configuration(Name="taken", EncryptionConfiguration={})
    with pytest.raises(ClientError) as error:
        glue.create_security_configuration(Name=name, EncryptionConfiguration=encryption)
    assert error.value.response["Error"]["Code"] == code
    assert len(glue.get_security_configurations()["SecurityConfigurations"]) == 1
