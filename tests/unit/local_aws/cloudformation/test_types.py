"""The tables of the resource types against AWS's own schemas, as cfn-lint carries them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from local_aws.cloudformation.types import TYPES
from local_aws.cloudformation.types.base import ResourceType
from local_aws.cloudformation.types.convert import convert
from local_aws.cloudformation.types.lambda_function import packed
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.s3_settings import SETTINGS
from local_aws.cloudformation.types.shapes import BadProperty, input_member
from local_aws.cloudformation.types.stepfunctions_state_machine import substituted

SCHEMAS = Path(str(cfnlint.__file__)).parent / "data" / "schemas"
INDEX: dict[str, str] = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())

# What the schemas leave out although the documentation says "Update requires: Replacement", or there is no
# call to change it.
REPLACES_TOO = {
    "AWS::Events::Rule": {"EventBusName"},
    "AWS::Glue::Database": {"CatalogId"},
    "AWS::Glue::Table": {"OpenTableFormatInput"},
    "AWS::KMS::Key": {"KeySpec", "KeyUsage", "MultiRegion", "Origin"},
    "AWS::Logs::LogGroup": {"LogGroupClass"},
}
# A table without TableInput would be an Iceberg table that Glue makes by itself, which is not here.
REQUIRED_TOO = {"AWS::Glue::Table": {"TableInput"}}


def schema(kind: ResourceType) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        (SCHEMAS / "resources" / f"{INDEX[kind.type_name]}.json").read_text()
    )
    return document


def top_level(document: dict[str, Any], key: str) -> set[str]:
    paths = [path.removeprefix("/properties/") for path in document.get(key, [])]
    return {path for path in paths if "/" not in path}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_a_type_has_only_properties_that_aws_has(kind: ResourceType) -> None:
    known = schema(kind)["properties"]
    assert set(kind.properties) <= set(known)
    assert not kind.tags_form or "Tags" in known


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_what_replaces_and_what_is_required_is_as_on_aws(kind: ResourceType) -> None:
    document = schema(kind)
    replaces = {name for name, one in kind.properties.items() if one.replaces}
    required = {name for name, one in kind.properties.items() if one.required}
    assert replaces == top_level(document, "createOnlyProperties") & set(kind.properties) | REPLACES_TOO.get(
        kind.type_name, set()
    )
    assert required == set(document.get("required", [])) | REQUIRED_TOO.get(kind.type_name, set())


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_every_plain_property_is_a_parameter_of_the_create_call(kind: ResourceType) -> None:
    for name, one in kind.properties.items():
        if not one.kind:
            input_member(kind.service, kind.operation, one.param or name)


JOB = {"Name": "j", "Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/k"}}


def test_scalars_are_coerced_to_what_the_api_takes() -> None:
    properties = {
        **JOB,
        "MaxRetries": "1",
        "Timeout": "60",
        "GlueVersion": 5.1,
        "DefaultArguments": {"--n": 3, "--on": True},
    }
    params, _ = convert(TYPES["AWS::Glue::Job"], properties, {})
    assert (params["MaxRetries"], params["Timeout"], params["GlueVersion"]) == (1, 60, "5.1")
    assert params["DefaultArguments"] == {"--n": "3", "--on": "true"}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"Role": "r"}, "Property Command cannot be empty."),
    ({**JOB, "Foo": 1}, "Encountered unsupported property Foo"),
    ({**JOB, "Command": {"Nme": "x"}}, "Encountered unsupported property Nme"),
    ({**JOB, "MaxRetries": "many"}, "Value of property MaxRetries must be of type Integer"),
    ({**JOB, "Description": {"a": 1}}, "Value of property Description must be of type String"),
    ({**JOB, "Command": "glueetl"}, "Value of property Command must be an object"),
    ({**JOB, "Tags": [{"Key": "a"}]}, "Value of property Tags must be an object"),
]


@pytest.mark.parametrize(("properties", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_property_is_named(properties: dict[str, Any], message: str) -> None:
    with pytest.raises(BadProperty) as error:
        convert(TYPES["AWS::Glue::Job"], properties, {})
    assert str(error.value) == message


S3_BODIES: list[tuple[str, Any, Any]] = [
    (
        "BucketEncryption",
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "true"}
            ]
        },
        {
            "Rules": [
                {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
            ]
        },
    ),
    (
        "LifecycleConfiguration",
        {
            "Rules": [
                {"Id": "temp", "Status": "Enabled", "Prefix": "temp/", "ExpirationInDays": 7},
                {
                    "Status": "Enabled",
                    "Prefix": "raw/",
                    "TagFilters": [{"Key": "k", "Value": "v"}],
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                },
            ]
        },
        {
            "Rules": [
                {"ID": "temp", "Status": "Enabled", "Filter": {"Prefix": "temp/"}, "Expiration": {"Days": 7}},
                {
                    "Status": "Enabled",
                    "Filter": {"And": {"Prefix": "raw/", "Tags": [{"Key": "k", "Value": "v"}]}},
                    "Transitions": [{"StorageClass": "GLACIER", "Days": 30}],
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                },
            ]
        },
    ),
    (
        "NotificationConfiguration",
        {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True},
            "LambdaConfigurations": [
                {
                    "Event": "s3:ObjectCreated:*",
                    "Function": "arn:f",
                    "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".csv"}]}},
                }
            ],
            "QueueConfigurations": [{"Event": "s3:ObjectRemoved:*", "Queue": "arn:q"}],
        },
        {
            "EventBridgeConfiguration": {},
            "LambdaFunctionConfigurations": [
                {
                    "Events": ["s3:ObjectCreated:*"],
                    "LambdaFunctionArn": "arn:f",
                    "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".csv"}]}},
                }
            ],
            "QueueConfigurations": [{"Events": ["s3:ObjectRemoved:*"], "QueueArn": "arn:q"}],
        },
    ),
    (
        "CorsConfiguration",
        {
            "CorsRules": [
                {
                    "Id": "c",
                    "AllowedMethods": ["GET"],
                    "AllowedOrigins": ["*"],
                    "ExposedHeaders": ["ETag"],
                    "MaxAge": 60,
                }
            ]
        },
        {
            "CORSRules": [
                {
                    "ID": "c",
                    "AllowedMethods": ["GET"],
                    "AllowedOrigins": ["*"],
                    "ExposeHeaders": ["ETag"],
                    "MaxAgeSeconds": 60,
                }
            ]
        },
    ),
    (
        "LoggingConfiguration",
        {"DestinationBucketName": "logs"},
        {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}},
    ),
]


@pytest.mark.parametrize(("name", "value", "body"), S3_BODIES, ids=[name for name, *_ in S3_BODIES])
def test_a_bucket_property_is_the_body_of_its_call(name: str, value: Any, body: Any) -> None:
    setting = SETTINGS[name]
    assert setting.params(value) == {setting.param: body}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_bucket_property_with_an_unknown_member_is_refused(name: str) -> None:
    with pytest.raises(BadProperty, match="unsupported property Nope"):
        SETTINGS[name].params({"Nope": 1})


def test_definition_substitutions_touch_their_own_names_only() -> None:
    text = '{"a": "${Job}", "b": "${Other}", "c": "${Count}"}'
    assert substituted(text, {"Job": "j", "Count": 3}) == '{"a": "j", "b": "${Other}", "c": "3"}'


def test_generated_names_fit_and_differ() -> None:
    names = {generated_name("s" * 100, "L" * 100, 63, lower=True) for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) <= 63 and name == name.lower() for name in names)


def test_inline_source_is_packed_the_same_every_time() -> None:
    assert packed("x = 1", "python3.11") == packed("x = 1", "python3.11")
    assert b"index.js" in packed("x", "nodejs20.x")
