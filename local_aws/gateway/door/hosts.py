"""Which `Host` a request may name: this server's own names, so that DNS rebinding leads nowhere.

A page of `evil.example.com` whose name is made to mean 127.0.0.1 is, for the browser, the same site as this
server, and sends neither a foreign `Origin` nor `Sec-Fetch-Site: cross-site`. What it cannot change is the
name in `Host`. A name is taken when nobody else can own it: loopback names, the names that container engines
give to the machine, those of the setting `LAGUNA_HOSTS`, and, where the server listens beyond the loopback (a
container, whose other containers call it by any alias), names without a dot and addresses.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from local_aws.settings import Settings

LOOPBACK_NAMES = ("localhost", "localhost.localstack.cloud", "localhost.localdomain")
"""With everything below them: `bucket.s3.localhost`. The second is public, and means 127.0.0.1."""

MACHINE_NAMES = (
    "host.docker.internal", "gateway.docker.internal", "host.containers.internal", "host.lima.internal",
    "host.minikube.internal", "host.orb.internal", "host.testcontainers.internal",
    "docker.for.mac.host.internal", "docker.for.win.host.internal",
)  # fmt: skip
"""What containers call the machine they run on; `.internal` is nobody's in public DNS."""

CLUSTER_SUFFIXES = (".svc", ".svc.cluster.local")
"""Kubernetes' names of a service, for a server that listens beyond the loopback."""

_AUTHORITY = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\[\]:@/\s,]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """`names` are taken with all names below them; `beyond_loopback` is whether other machines may call."""

    names: frozenset[str]
    beyond_loopback: bool

    @classmethod
    def of(cls, settings: Settings) -> Hosts:
        """Those of a server with these settings."""
        known = {*LOOPBACK_NAMES, *MACHINE_NAMES, socket.gethostname().lower(), settings.host.lower()}
        known.update(settings.hosts)
        return cls(frozenset(known - {""}), not _is_loopback(settings.host))

    def has(self, authority: str) -> bool:
        """Whether the value of a `Host` header names this server."""
        found = _AUTHORITY.fullmatch(authority)
        if found is None:
            return False
        name = found["name"].strip("[]").lower().removesuffix(".")
        address = _address(name)
        if address is not None:
            return self._has_address(address, name)
        return self._has_name(name)

    def _has_address(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, name: str) -> bool:
        # An address is no name that somebody could point elsewhere.
        taken = address.is_loopback or address.is_unspecified or name in self.names
        return taken or self.beyond_loopback

    def _has_name(self, name: str) -> bool:
        if any(name == known or name.endswith(f".{known}") for known in self.names):
            return True
        return self.beyond_loopback and bool(name) and ("." not in name or name.endswith(CLUSTER_SUFFIXES))


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
