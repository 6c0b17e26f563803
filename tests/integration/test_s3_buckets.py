"""Buckets and their configuration through boto3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws

BUCKET = "buckets-test"
ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.fixture(scope="module")
def s3(aws: LocalAws) -> Iterator[Any]:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.delete_bucket(Bucket=BUCKET)


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize("name", ["Upper", "under_score", "192.168.1.1", "a..b", "xn--a", "dot-end."])
def test_a_bad_name_is_refused(aws: LocalAws, name: str) -> None:
    client = aws.client("s3", s3={"addressing_style": "path"})
    assert code_of(client.create_bucket, Bucket=name) == "InvalidBucketName"


def test_a_bucket_knows_its_region(s3: Any, aws: LocalAws) -> None:
    west = aws.client("s3", region="eu-west-1")
    constraint = {"LocationConstraint": "eu-west-1"}
    assert code_of(west.create_bucket, Bucket="in-the-west") == "IllegalLocationConstraintException"
    west.create_bucket(Bucket="in-the-west", CreateBucketConfiguration=constraint)
    arguments = {"Bucket": "in-the-west", "CreateBucketConfiguration": constraint}
    assert code_of(west.create_bucket, **arguments) == "BucketAlreadyOwnedByYou"
    assert s3.get_bucket_location(Bucket="in-the-west")["LocationConstraint"] == "eu-west-1"
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    assert s3.head_bucket(Bucket="in-the-west")["BucketRegion"] == "eu-west-1"
    west.delete_bucket(Bucket="in-the-west")
    assert code_of(s3.head_bucket, Bucket="in-the-west") == "404"


def test_creating_ones_bucket_again_succeeds_in_us_east_1_only(s3: Any) -> None:
    s3.create_bucket(Bucket=BUCKET)
    configuration = {"LocationConstraint": "us-east-1"}
    code = code_of(s3.create_bucket, Bucket="x-y-z", CreateBucketConfiguration=configuration)
    assert code == "InvalidLocationConstraint"


def test_buckets_are_listed_by_name_in_pages(s3: Any) -> None:
    names = [f"page-{number}" for number in range(3)]
    for name in names:
        s3.create_bucket(Bucket=name)
    first = s3.list_buckets(Prefix="page-", MaxBuckets=2)
    rest = s3.list_buckets(Prefix="page-", MaxBuckets=2, ContinuationToken=first["ContinuationToken"])
    assert [each["Name"] for each in first["Buckets"] + rest["Buckets"]] == names
    for name in names:
        s3.delete_bucket(Bucket=name)


def test_a_bucket_with_objects_is_not_deleted(s3: Any) -> None:
    s3.create_bucket(Bucket="not-empty")
    s3.put_object(Bucket="not-empty", Key="a/b", Body=b"")
    assert code_of(s3.delete_bucket, Bucket="not-empty") == "BucketNotEmpty"
    s3.delete_object(Bucket="not-empty", Key="a/b")
    s3.delete_bucket(Bucket="not-empty")


def test_a_new_bucket_forgets_what_its_namesake_was_told(s3: Any) -> None:
    s3.create_bucket(Bucket="namesake")
    s3.put_bucket_tagging(Bucket="namesake", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    s3.delete_bucket(Bucket="namesake")
    s3.create_bucket(Bucket="namesake")
    assert code_of(s3.get_bucket_tagging, Bucket="namesake") == "NoSuchTagSet"
    s3.delete_bucket(Bucket="namesake")


RULES = {
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]
}
BLOCKS = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)
LIFECYCLE = {
    "Rules": [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "x"}, "Expiration": {"Days": 1}}]
}
CORS = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
TAGS = {"TagSet": [{"Key": "equipo", "Value": "energía"}]}
QUEUE = {"Id": "q", "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": ["s3:ObjectCreated:*"]}
DOCUMENTS = [
    ("bucket_encryption", "ServerSideEncryptionConfiguration", RULES),
    ("public_access_block", "PublicAccessBlockConfiguration", BLOCKS),
    ("bucket_ownership_controls", "OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    ("bucket_lifecycle_configuration", "LifecycleConfiguration", LIFECYCLE),
    ("bucket_cors", "CORSConfiguration", CORS),
    ("bucket_website", "WebsiteConfiguration", {"IndexDocument": {"Suffix": "index.html"}}),
    ("bucket_tagging", "Tagging", TAGS),
    (
        "bucket_logging",
        "BucketLoggingStatus",
        {"LoggingEnabled": {"TargetBucket": BUCKET, "TargetPrefix": "l/"}},
    ),
    ("bucket_notification_configuration", "NotificationConfiguration", {"QueueConfigurations": [QUEUE]}),
    ("bucket_request_payment", "RequestPaymentConfiguration", {"Payer": "Requester"}),
    ("bucket_accelerate_configuration", "AccelerateConfiguration", {"Status": "Suspended"}),
    ("bucket_versioning", "VersioningConfiguration", {"Status": "Suspended"}),
]


@pytest.mark.parametrize(("operations", "member", "document"), DOCUMENTS)
def test_a_document_that_is_put_is_given_back(
    aws: LocalAws, operations: str, member: str, document: dict[str, Any]
) -> None:
    s3 = aws.client("s3")
    bucket = f"document-{operations.replace('_', '-')}"
    s3.create_bucket(Bucket=bucket)
    getattr(s3, f"put_{operations}")(Bucket=bucket, **{member: document})
    answer = getattr(s3, f"get_{operations}")(Bucket=bucket)
    answer.pop("ResponseMetadata")
    answer.pop("TransitionDefaultMinimumObjectSize", None)  # a header beside the lifecycle document
    assert answer.get(member, answer) == document
    s3.delete_bucket(Bucket=bucket)


ABSENT = {
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_bucket_policy_status": "NoSuchBucketPolicy",
    "get_bucket_tagging": "NoSuchTagSet",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
}


@pytest.mark.parametrize(("operation", "code"), ABSENT.items())
def test_what_was_never_put_is_answered_as_on_aws(s3: Any, operation: str, code: str) -> None:
    assert code_of(getattr(s3, operation), Bucket=BUCKET) == code
    assert code_of(getattr(s3, operation), Bucket="no-such-bucket-here") == "NoSuchBucket"


def test_a_new_bucket_has_the_settings_of_2023(s3: Any) -> None:
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    owned = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]
    assert owned == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
    assert [grant["Permission"] for grant in s3.get_bucket_acl(Bucket=BUCKET)["Grants"]] == ["FULL_CONTROL"]


def test_deleting_a_document_brings_back_its_absence(s3: Any) -> None:
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging=TAGS)
    s3.delete_bucket_tagging(Bucket=BUCKET)
    assert code_of(s3.get_bucket_tagging, Bucket=BUCKET) == "NoSuchTagSet"
    s3.delete_public_access_block(Bucket=BUCKET)
    code = code_of(s3.get_public_access_block, Bucket=BUCKET)
    assert code == "NoSuchPublicAccessBlockConfiguration"
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKS, True))


def statement(**changes: Any) -> str:
    account = "arn:aws:iam::000000000000:root"
    base = {
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": "s3:GetObject",
        "Resource": f"{ARN}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [base | changes]})


def test_a_policy_is_given_back_as_it_was_put(s3: Any) -> None:
    s3.put_bucket_policy(Bucket=BUCKET, Policy=statement())
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == statement()
    assert s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"] == {"IsPublic": False}
    s3.delete_bucket_policy(Bucket=BUCKET)
    assert code_of(s3.get_bucket_policy, Bucket=BUCKET) == "NoSuchBucketPolicy"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("no json", "MalformedPolicy"),
        ("[]", "MalformedPolicy"),
        ("{}", "MalformedPolicy"),
        (statement(Resource="arn:aws:s3:::other/*"), "MalformedPolicy"),
        (statement(Effect="Maybe"), "MalformedPolicy"),
        (statement(Action="sqs:SendMessage"), "MalformedPolicy"),
        (statement(Extra=1), "MalformedPolicy"),
        (statement(Principal="*"), "AccessDenied"),
    ],
)
def test_a_policy_that_s3_refuses_is_not_kept(s3: Any, policy: str, code: str) -> None:
    assert code_of(s3.put_bucket_policy, Bucket=BUCKET, Policy=policy) == code
    assert code_of(s3.get_bucket_policy, Bucket=BUCKET) == "NoSuchBucketPolicy"


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "On"}}, "MalformedXML"),
        ("put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": []}}, "MalformedXML"),
        ("put_bucket_lifecycle_configuration", {"LifecycleConfiguration": {"Rules": []}}, "MalformedXML"),
        ("put_bucket_cors", {"CORSConfiguration": {"CORSRules": []}}, "MalformedXML"),
        ("put_bucket_tagging", {"Tagging": {"TagSet": TAGS["TagSet"] * 2}}, "InvalidTag"),
        ("put_bucket_acl", {"ACL": "public-read"}, "AccessControlListNotSupported"),
        (
            "put_bucket_logging",
            {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "nowhere-x", "TargetPrefix": ""}}},
            "InvalidTargetBucketForLogging",
        ),
        (
            "put_bucket_replication",
            {
                "ReplicationConfiguration": {
                    "Role": "arn:aws:iam::000000000000:role/r",
                    "Rules": [{"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": ARN}}],
                }
            },
            "InvalidRequest",
        ),
    ],
)
def test_a_document_that_s3_refuses(s3: Any, operation: str, arguments: dict[str, Any], code: str) -> None:
    assert code_of(getattr(s3, operation), Bucket=BUCKET, **arguments) == code


def test_numbered_configurations_have_ids(s3: Any) -> None:
    metrics = {"Id": "all", "Filter": {"Prefix": "raw/"}}
    s3.put_bucket_metrics_configuration(Bucket=BUCKET, Id="all", MetricsConfiguration=metrics)
    assert s3.get_bucket_metrics_configuration(Bucket=BUCKET, Id="all")["MetricsConfiguration"] == metrics
    listed = s3.list_bucket_metrics_configurations(Bucket=BUCKET)["MetricsConfigurationList"]
    assert listed == [metrics]
    s3.delete_bucket_metrics_configuration(Bucket=BUCKET, Id="all")
    code = code_of(s3.get_bucket_metrics_configuration, Bucket=BUCKET, Id="all")
    assert code == "NoSuchConfiguration"
    assert "InventoryConfigurationList" not in s3.list_bucket_inventory_configurations(Bucket=BUCKET)


def test_versions_of_a_versioned_bucket_are_refused(s3: Any) -> None:
    s3.create_bucket(Bucket="versioned-bucket")
    configuration = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket="versioned-bucket", VersioningConfiguration=configuration)
    assert s3.get_bucket_versioning(Bucket="versioned-bucket")["Status"] == "Enabled"
    assert code_of(s3.list_object_versions, Bucket="versioned-bucket") == "NotImplemented"
    s3.delete_bucket(Bucket="versioned-bucket")


def test_a_store_behind_an_endpoint_tells_what_a_bucket_s_owner_has_set(aws: LocalAws) -> None:
    from local_aws.errors import AwsError
    from local_aws.s3.endpoint.store import EndpointStore

    s3, store = aws.client("s3"), EndpointStore(aws.endpoint, "us-east-1", lambda: aws.endpoint)
    s3.create_bucket(Bucket="told-by-endpoint")
    s3.delete_public_access_block(Bucket="told-by-endpoint")
    names = ("cors", "policy", "public_access")
    assert [store.document("told-by-endpoint", name) for name in names] == [None, None, None]
    rules = {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}
    s3.put_bucket_cors(Bucket="told-by-endpoint", CORSConfiguration=rules)
    assert store.document("told-by-endpoint", "cors")["CORSRules"] == rules["CORSRules"]
    with pytest.raises(AwsError) as caught:
        store.document("not-there-at-all", "policy")
    assert caught.value.code == "NoSuchBucket"
