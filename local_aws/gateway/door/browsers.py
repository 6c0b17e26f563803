"""What a browser says of the page that made it send a request.

Every browser of today sends `Sec-Fetch-Site` to a loopback address, and `Origin` with everything but plain
GETs; pages cannot change either (https://www.w3.org/TR/fetch-metadata/). Older ones are known by `Origin` or
`Referer`. AWS's clients send none of the three. A page of our own, on the same host and port, is at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_AT_HOME = frozenset({"same-origin", "none"})
"""`none` is a person's own doing: an address that was typed, a bookmark."""


@dataclass(frozen=True, slots=True)
class Page:
    """The foreign page behind a request. `origin` is empty where the browser does not tell it."""

    origin: str
    site: str
    """`cross-site`, `same-site` (another port of this machine) or empty."""
    mode: str
    destination: str

    @property
    def is_navigation(self) -> bool:
        """Whether a person followed a link, so that the answer replaces the page."""
        return self.mode == "navigate" and self.destination in ("document", "")


def foreign_page(headers: Mapping[str, str]) -> Page | None:
    """The page that a request comes from, or None when no browser sent it for another site."""
    site = headers.get("sec-fetch-site", "").lower()
    origin = headers.get("origin", "")
    host = headers.get("host", "")
    if origin and not _is_of(origin, host):
        return _page(origin, site, headers)
    if site and site not in _AT_HOME:
        return _page(origin, site, headers)
    referer = headers.get("referer", "")
    if not site and not origin and referer and not _is_of(referer, host):
        return _page("", site, headers)
    return None


def _page(origin: str, site: str, headers: Mapping[str, str]) -> Page:
    mode, destination = headers.get("sec-fetch-mode", ""), headers.get("sec-fetch-dest", "")
    return Page(origin, site, mode.lower(), destination.lower())


def _is_of(url: str, host: str) -> bool:
    """Whether a URL is of this very host and port."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower() != ""
