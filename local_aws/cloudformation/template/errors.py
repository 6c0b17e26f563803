"""The two ways in which a template or its parameters can be wrong."""

from __future__ import annotations

from local_aws.errors import AwsError


def invalid(message: str) -> AwsError:
    """CloudFormation's answer to almost everything that it refuses at once."""
    return AwsError("ValidationError", message)


def bad_format(message: str) -> AwsError:
    """A template whose shape is wrong."""
    return invalid(f"Template format error: {message}")


def bad_template(message: str) -> AwsError:
    """A template whose functions are wrong."""
    return invalid(f"Template error: {message}")
