"""The first thing that happens to a request: may it come in at all? Nothing of its body has been read yet.

Who listens on a developer's machine is called by the web pages in that developer's browser as well. A request
that a browser sends for another site is refused here, whatever it is signed with (`test` is no secret),
unless it is for S3, whose buckets have rules of their own for it (`local_aws/s3/guard.py`).
"""

from __future__ import annotations

from local_aws.errors import AwsError
from local_aws.gateway.door.browsers import foreign_page
from local_aws.gateway.door.hosts import Hosts
from local_aws.gateway.http import HttpRequest
from local_aws.gateway.identify import is_for_s3

METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"})

ONCE = frozenset({"host", "authorization", "origin", "x-amz-target", "x-amz-date", "x-amz-security-token"})
"""Headers that say who asks whom for what: two of one could be read differently by two readers."""

MOST_SHOWN = 200
"""Characters of a client's text that an error repeats."""


class Door:
    """`hosts` are this server's names."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def check(self, request: HttpRequest) -> None:
        """Let a request in; one of a foreign page for S3 is marked with the page.

        Raises:
            AwsError: it is refused.
        """
        _check_form(request)
        host = request.headers.get("host", "")
        if not self._hosts.has(host):
            raise _foreign_host(host)
        page = foreign_page(request.headers)
        if page is not None and not is_for_s3(request):
            raise _foreign_site(page.origin)
        if request.method == "OPTIONS" and not is_for_s3(request):
            raise AwsError("MethodNotAllowed", "Only S3's buckets and objects answer OPTIONS.", 405)
        request.page = page


def _check_form(request: HttpRequest) -> None:
    if request.method not in METHODS:
        raise AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    if "websocket" in request.headers.get("upgrade", "").lower():
        raise AwsError("AccessDenied", "No service here speaks WebSocket.", 403)
    seen: set[str] = set()
    for name, _ in request.raw_headers:
        name = name.lower()
        if name in ONCE and name in seen:
            raise AwsError("InvalidRequest", f"The header {name} may be given only once.", 400)
        seen.add(name)


def _foreign_host(host: str) -> AwsError:
    shown = host[:MOST_SHOWN]
    name = shown.rpartition(":")[0] or shown
    return AwsError(
        "AccessDenied",
        f"Laguna does not answer for the host '{shown}'. If that name is this server's, start it with "
        f"LAGUNA_HOSTS={name or 'NAME'}; several names are separated by commas.",
        403,
    )


def _foreign_site(origin: str) -> AwsError:
    page = f"A page of {origin[:MOST_SHOWN]}" if origin else "A page of another site"
    return AwsError(
        "AccessDenied",
        f"{page} may not call Laguna. Web pages reach only objects of S3, as their bucket's CORS rules allow "
        "(PutBucketCors).",
        403,
    )
