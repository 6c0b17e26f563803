"""What Glue refuses, as the exception that Hive's client knows; all else is a MetaException with its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from laguna_metastore.wire import hive

KINDS = {
    "EntityNotFoundException": hive.NoSuchObjectException,
    "AlreadyExistsException": hive.AlreadyExistsException,
}


@contextmanager
def glue_failures(*, renamed: dict[str, Any] | None = None) -> Iterator[None]:
    """Turn an error of Glue into Hive's; `renamed` has other exceptions for some of Glue's codes.

    Raises:
        hive.MetaException: and those of KINDS, with Glue's text.
    """
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        kind = {**KINDS, **(renamed or {})}.get(code)
        if kind is not None:
            raise kind(message=message) from error
        raise hive.MetaException(message=f"{message} (Service: AWSGlue; Error Code: {code})") from error
    except BotoCoreError as error:
        raise hive.MetaException(message=str(error)) from error
    except ValueError as error:
        raise hive.MetaException(message=str(error)) from error
