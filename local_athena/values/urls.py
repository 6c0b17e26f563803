"""URLs as java.net.URI reads them. https://trino.io/docs/current/functions/url.html

What is no URI has no parts, NULL each. A scheme without a `/` behind it is opaque: it has no parts but
its fragment. An authority that is no server, as with an underscore in a host's name,
has neither host nor port.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote_plus, unquote_to_bytes

from local_athena.values.binary import bad_argument

PARTS = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
MARKS = "A-Za-z0-9\\-_.!~*'()"
PLAIN = f"{MARKS};:@&=+$,"
ALLOWED = {
    "path": f"{PLAIN}/",
    "query": f"{PLAIN}/?\\[\\]",
    "fragment": f"{PLAIN}/?\\[\\]",
    "authority": f"{PLAIN}\\[\\]",
}
LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
TOP = "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
HOST = re.compile(rf"(?:(?:{LABEL}\.)+{TOP}|{LABEL})\.?")
SERVER = re.compile(r"(?:[^@\[\]]*@)?(\[[^\]]*\]|[^:@\[\]]*)(?::(\d*))?", re.DOTALL)
FOUR = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
LARGEST_PORT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URI, decoded; an absent one is empty."""

    protocol: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str
    raw_query: str | None


def _is_legal(part: str, kind: str) -> bool:
    """Whether a part has only what java.net.URI lets stand in it: other letters than ASCII's, too."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", part):
        return False
    rest = re.sub(rf"[{ALLOWED[kind]}%]", "", part)
    return not any(c.isascii() or unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc") for c in rest)


def _six(host: str) -> bool:
    address, _, zone = host[1:-1].partition("%")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return not zone or re.fullmatch(r"[A-Za-z0-9_.~%-]+", zone) is not None


def _server(authority: str) -> tuple[str, int | None]:
    """The host and port of an authority, which may be a mere name without them."""
    found = SERVER.fullmatch(authority)
    if found is None or (found[2] and int(found[2]) > LARGEST_PORT):
        return "", None
    host = found[1]
    if FOUR.fullmatch(host):
        known = all(int(part) <= 255 for part in host.split("."))
    else:
        known = host.startswith("[") or HOST.fullmatch(host) is not None
    return (host, int(found[2]) if found[2] else None) if known else ("", None)


@lru_cache(maxsize=1024)
def parsed(text: str) -> Url | None:
    """The parts of a URI; None for what is none."""
    found = PARTS.fullmatch(text)
    assert found is not None
    scheme, authority, path, query, fragment = found.groups()
    if scheme is None and re.match(r"[^/?#]*:", text):
        return None
    if not _is_legal(fragment or "", "fragment"):
        return None
    if scheme is not None and authority is None and not path.startswith("/"):
        rest = text[len(scheme) + 1 :].partition("#")[0]
        opaque = Url(scheme, "", None, "", "", decoded(fragment or ""), None)
        return opaque if rest and _is_legal(rest, "query") else None
    if not _is_legal(path, "path") or not _is_legal(query or "", "query"):
        return None
    if authority is not None and not _is_authority(authority, path, query, fragment):
        return None
    host, port = _server(authority or "")
    return Url(scheme or "", host, port, decoded(path), decoded(query or ""), decoded(fragment or ""), query)


def _is_authority(authority: str, path: str, query: str | None, fragment: str | None) -> bool:
    if not authority:
        return bool(path)
    if "[" in authority or "]" in authority:
        found = SERVER.fullmatch(authority)
        return found is not None and found[1].startswith("[") and _six(found[1])
    return _is_legal(authority, "authority")


def decoded(text: str) -> str:
    """A part with its `%41` written out; a plus is a plus."""
    return unquote_to_bytes(text).decode("utf-8", "replace") if "%" in text else text


@cache
def url_part(part: str) -> Callable[[str], str | None]:
    """url_extract_<part>; None for no URL."""

    def extract(url: str) -> str | None:
        found = parsed(url)
        return None if found is None else str(getattr(found, part))

    return extract


def url_port(url: str) -> int | None:
    """url_extract_port."""
    found = parsed(url)
    return None if found is None else found.port


def url_parameter(url: str, name: str) -> str | None:
    """url_extract_parameter: the first one of the name, which stands there as it is."""
    found = parsed(url)
    if found is None or found.raw_query is None:
        return None
    pairs = (pair.partition("=") for pair in found.raw_query.split("&"))
    return next((url_decode(value) for key, _, value in pairs if key == name), None)


def url_encode(text: str) -> str:
    """url_encode."""
    return quote_plus(text, safe="*-_.").replace("~", "%7E")


def url_decode(text: str) -> str:
    """url_decode.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, in Java's words.
    """
    for found in re.finditer(r"%(?![0-9A-Fa-f]{2})", text):
        digits = text[found.end() : found.end() + 2]
        if len(digits) < 2:
            raise bad_argument("URLDecoder: Incomplete trailing escape (%) pattern")
        at = 0 if digits[0] not in "0123456789abcdefABCDEF" else 1
        raise bad_argument(
            f'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index {at} in: "{digits}"'
        )
    return decoded(text.replace("+", " "))
