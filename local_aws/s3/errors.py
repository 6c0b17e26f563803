"""S3's errors, with the codes, statuses and sentences that S3 gives them.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError, not_implemented


def no_such_bucket(bucket: str) -> AwsError:
    """The answer to every operation on a bucket that is not there."""
    return AwsError("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=bucket)


def no_such_key(key: str) -> AwsError:
    """The answer to reading an object that is not there."""
    return AwsError("NoSuchKey", "The specified key does not exist.", 404, Key=key)


def no_such_upload(upload_id: str) -> AwsError:
    """The upload never was, or was completed or aborted."""
    message = (
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
        "aborted or completed."
    )
    return AwsError("NoSuchUpload", message, 404, UploadId=upload_id)


def invalid_argument(message: str, name: str, value: Any) -> AwsError:
    """A parameter that S3 names in its answer."""
    return AwsError("InvalidArgument", message, 400, ArgumentName=name, ArgumentValue=str(value))


def invalid_request(message: str) -> AwsError:
    """A request whose parts do not fit together."""
    return AwsError("InvalidRequest", message, 400)


def malformed_xml() -> AwsError:
    """A body that does not follow its schema."""
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", message, 400)


def precondition_failed(condition: str) -> AwsError:
    """An `If-…` header that does not hold; `condition` is the header's name."""
    message = "At least one of the pre-conditions you specified did not hold"
    return AwsError("PreconditionFailed", message, 412, Condition=condition)


def access_denied(message: str = "Access Denied", **members: Any) -> AwsError:
    """What S3 says to whoever may not."""
    return AwsError("AccessDenied", message, 403, **members)


def unsupported(operation: str, detail: str) -> AwsError:
    """A parameter that S3 has and Laguna's does not; `detail` names it."""
    return not_implemented("s3", operation, detail)
