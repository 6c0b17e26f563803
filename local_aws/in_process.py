"""A boto3-shaped client that calls a service of ours in this process.

Code that is written for boto3 (`client.get_table(DatabaseName=…)`, `get_paginator`, `ClientError`) runs
unchanged on it, without HTTP or serialisation; so the same code also takes a real boto3 client.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import botocore.session
from botocore.errorfactory import ClientExceptionsFactory
from botocore.model import ServiceModel
from botocore.paginate import Paginator, PaginatorModel

from local_aws.caller import Caller, acting
from local_aws.storage.answers import answer_for


class InProcessClient:
    """Only for services whose methods are not `async`. Calls are made for whom the thread works."""

    def __init__(self, name: str, service: Any, caller: Caller) -> None:
        self._name = name
        self._service = service
        self._caller = caller

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self._service, operation)

        def call(**request: Any) -> Any:
            try:
                return method(request, replace(self._caller, principal=acting() or self._caller.principal))
            except Exception as error:
                raise _client_error(self._name, error, operation) from error

        return call

    @property
    def exceptions(self) -> Any:
        """The service's exception classes, as boto3 has them: `client.exceptions.EntityNotFoundException`."""
        return _exceptions(self._name)

    def get_paginator(self, operation: str) -> Paginator[Any]:
        """The paginator that boto3 would give for `operation`."""
        name = "".join(part.capitalize() for part in operation.split("_"))
        config = _paginator_model(self._name).get_paginator(name)
        return Paginator(getattr(self, operation), config, _service_model(self._name).operation_model(name))


def _client_error(service: str, error: Exception, operation: str) -> Exception:
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if not isinstance(code, str) or not isinstance(message, str):
        failed = answer_for(error)
        return error if failed is None else _client_error(service, failed, operation)
    name = "".join(part.capitalize() for part in re.split("_", operation))
    answer: Any = {"Error": {"Code": code, "Message": message}, **getattr(error, "members", {})}
    kind = _exceptions(service).from_code(code)
    made: Exception = kind(answer, name)
    return made


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def _exceptions(name: str) -> Any:
    return ClientExceptionsFactory().create_client_exceptions(_service_model(name))


@cache
def _service_model(name: str) -> ServiceModel:
    return _session().get_service_model(name)


@cache
def _paginator_model(name: str) -> PaginatorModel:
    return _session().get_paginator_model(name)
