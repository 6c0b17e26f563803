from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from laguna.cli.sentences import sentence_of
from laguna.errors import LagunaError

REFUSED = ClientError({"Error": {"Code": "SlowDown", "Message": "No way."}}, "GetObject")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (LagunaError("Do this."), "Do this."),
        (REFUSED, "AWS refused GetObject with SlowDown: No way."),
        (
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
            "No AWS answers at http://127.0.0.1:1; start the local one with 'laguna up', or check --port.",
        ),
        (PermissionError(13, "Permission denied", "lake"), "lake: Permission denied."),
    ],
)
def test_an_error_is_one_sentence(error: Exception, sentence: str) -> None:
    assert sentence_of(error) == sentence


def test_missing_credentials_say_how_to_get_them() -> None:
    assert "aws configure" in sentence_of(NoCredentialsError())


def test_an_error_of_ours_that_nobody_foresaw_names_itself_and_the_traceback() -> None:
    assert sentence_of(KeyError("x")) == ("KeyError: 'x' (set LAGUNA_TRACEBACK=1 to see where it happened).")


def refused(code: str, message: str, **more: str) -> str:
    return sentence_of(ClientError({"Error": {"Code": code, "Message": message, **more}}, "PutObject"))


USER = "arn:aws:iam::123456789012:user/ana"


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
def test_a_denied_call_names_the_action_the_resource_and_the_policy_to_ask_for(code: str) -> None:
    message = (
        f"User: {USER} is not authorized to perform: glue:CreateJob on resource: arn:aws:glue:eu-west-1:"
        "123456789012:job/clientes because no identity-based policy allows the glue:CreateJob action"
    )
    assert refused(code, message) == (
        f"{USER} may not do glue:CreateJob on arn:aws:glue:eu-west-1:123456789012:job/clientes, because no "
        "identity-based policy allows the glue:CreateJob action; have that action allowed "
        "(infra/policies/deployer.json lists all that are needed), and try again."
    )


def test_a_denied_call_of_s3_has_its_resource_in_quotes() -> None:
    denied = "is not authorized to perform: s3:PutObject on resource:"
    message = f'User: {USER} {denied} "arn:aws:s3:::lake/a" because x'
    assert f"{USER} may not do s3:PutObject on arn:aws:s3:::lake/a, because x;" in refused(
        "AccessDenied", message
    )


def test_a_denied_call_without_details_names_the_operation() -> None:
    sentence = refused("AccessDenied", "Access Denied")
    assert sentence.startswith("AWS did not permit PutObject (Access Denied); docs/deploy-to-aws.md says")


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_an_expired_token_says_to_sign_in_again(code: str) -> None:
    assert "have expired (The token is old); sign in again" in refused(code, "The token is old.")


def test_credentials_that_aws_does_not_know_say_how_to_check_them() -> None:
    assert "aws sts get-caller-identity" in refused("InvalidClientTokenId", "The token is invalid.")


def test_a_bucket_in_another_region_names_that_region() -> None:
    sentence = refused("AuthorizationHeaderMalformed", "wrong region", Region="eu-west-1")
    assert sentence.startswith("The bucket is in eu-west-1 and not in the profile's; set that region")
    sentence = refused("PermanentRedirect", "elsewhere", Bucket="lake")
    assert sentence.startswith("The bucket 'lake' is in another region and not in the profile's")


def test_a_bucket_name_of_another_account_says_to_choose_another() -> None:
    sentence = refused("BucketAlreadyExists", "taken", BucketName="datalake-x")
    assert sentence.startswith("The bucket name 'datalake-x' is taken by another account; choose another")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            "The AWS credentials of 'env' are incomplete, AWS_SECRET_ACCESS_KEY is missing",
        ),
        (NoRegionError(), "add region to the profile in laguna.toml"),
        (ProfileNotFound(profile="ana"), "AWS_PROFILE names 'ana', which is not configured"),
        (UnauthorizedSSOTokenError(), "sign in again, as with 'aws sso login'"),
        (
            EndpointConnectionError(endpoint_url="https://glue.moon-1.amazonaws.com/"),
            "https://glue.moon-1.amazonaws.com/; check the network, and that the profile's region",
        ),
    ],
)
def test_what_the_sdk_cannot_do_is_one_sentence(error: Exception, said: str) -> None:
    assert said in sentence_of(error)
