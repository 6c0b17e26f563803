"""One way to say that something AWS has is not there."""

from __future__ import annotations


def not_there(what: str) -> NotImplementedError:
    """The error for using `what`, for example `DynamicFrame.relationalize`."""
    return NotImplementedError(f"Laguna's awsglue does not have {what} yet")
