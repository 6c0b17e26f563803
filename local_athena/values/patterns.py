"""Regular expressions in Java's syntax, and URLs. https://trino.io/docs/current/functions/regexp.html"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlsplit

from local_athena.errors import not_supported
from local_athena.values.binary import bad_argument

POSIX = {
    r"\p{Alpha}": "[A-Za-z]", r"\p{Digit}": "[0-9]", r"\p{Alnum}": "[A-Za-z0-9]", r"\p{Upper}": "[A-Z]",
    r"\p{Lower}": "[a-z]", r"\p{Space}": r"\s", r"\p{Punct}": r"[!-/:-@\[-`{-~]", r"\p{L}": r"[^\W\d_]",
}  # fmt: skip


def _flat_classes(pattern: str) -> str:
    """The pattern with `[a[bc]]`, a union in Java, as `[abc]`; Python would take the inner bracket as itself.

    Raises:
        QueryFailed: NOT_SUPPORTED for what Python's classes cannot say: `&&` and a negated inner class.
    """
    made, depth, at = [], 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            made.append(pattern[at : at + 2])
            at += 2
            continue
        if character == "[" and depth:
            if pattern.startswith(("[^", "[:"), at):
                raise not_supported(f"A class like this one in a pattern is not supported: {pattern}")
            depth += 1
        elif character == "[":
            depth = 1
            made.append(character)
        elif character == "]" and depth:
            depth -= 1
            made.append(character if depth == 0 else "")
        elif depth and pattern.startswith("&&", at):
            raise not_supported(f"&& in a class of a pattern is not supported: {pattern}")
        else:
            made.append(character)
        at += 1
    return "".join(made)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """A Java pattern as a Python one.

    Raises:
        QueryFailed: it is none, or uses what Python lacks.
    """
    text = re.sub(r"\(\?<([A-Za-z]\w*)>", r"(?P<\1>", _flat_classes(_unquoted(pattern)))
    for java, python in POSIX.items():
        text = text.replace(java, python)
    text = text.replace(r"\Z", r"(?=\n?\Z)").replace(r"\z", r"\Z").replace(r"\h", r"[ \t]")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise bad_argument(f"{error}: {pattern}") from error


def _unquoted(pattern: str) -> str:
    r"""The pattern with `\Q...\E` written out."""
    return re.sub(r"\\Q(.*?)(?:\\E|$)", lambda found: re.escape(found[1]), pattern, flags=re.DOTALL)


def _group(found: re.Pattern[str], index: int) -> int:
    if not 0 <= index <= found.groups:
        if index < 0:
            raise bad_argument("Group cannot be negative")
        raise bad_argument(f"Pattern has {found.groups} groups. Cannot access group {index}")
    return index


def regexp_like(text: str, pattern: str) -> bool:
    """regexp_like: the pattern is found somewhere."""
    return compiled(pattern).search(text) is not None


def regexp_extract(text: str, pattern: str, index: int = 0) -> str | None:
    """regexp_extract."""
    made = compiled(pattern)
    group, found = _group(made, index), made.search(text)
    return found[group] if found else None


def regexp_extract_all(text: str, pattern: str, index: int = 0) -> list[str | None]:
    """regexp_extract_all."""
    made = compiled(pattern)
    group = _group(made, index)
    return [found[group] for found in made.finditer(text)]


@lru_cache(maxsize=512)
def _template(replacement: str, pattern: re.Pattern[str]) -> tuple[str | int, ...]:
    """Java's replacement text: `$1`, `${name}`, `\\$`."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        character = replacement[at]
        if character == "\\":
            if at + 1 == len(replacement):
                raise bad_argument("Invalid replacement sequence: character to be escaped is missing")
            parts.append(replacement[at + 1])
            at += 2
        elif character == "$":
            number, at = _reference(replacement, at + 1, pattern)
            parts.append(number)
        else:
            parts.append(character)
            at += 1
    return tuple(parts)


def _reference(text: str, at: int, pattern: re.Pattern[str]) -> tuple[int, int]:
    named = re.compile(r"\{([A-Za-z]\w*)\}").match(text, at)
    if named:
        if named[1] not in pattern.groupindex:
            raise bad_argument(f"Illegal replacement sequence: unknown group {{ {named[1]} }}")
        return pattern.groupindex[named[1]], named.end()
    if not text[at : at + 1].isdigit():
        raise bad_argument("Illegal replacement sequence: illegal group reference")
    number, at = int(text[at]), at + 1
    if number > pattern.groups:
        raise bad_argument(f"Illegal replacement sequence: unknown group {number}")
    while at < len(text) and text[at].isdigit() and number * 10 + int(text[at]) <= pattern.groups:
        number, at = number * 10 + int(text[at]), at + 1
    return number, at


def regexp_replace(text: str, pattern: str, replacement: str = "") -> str:
    """regexp_replace."""
    made = compiled(pattern)
    parts = _template(replacement, made)
    return made.sub(lambda m: "".join(p if isinstance(p, str) else m[p] or "" for p in parts), text)


def regexp_pieces(text: str, pattern: str) -> dict[str, object]:
    """The text between the matches, and the groups of each: for regexp_replace with a function."""
    pieces, groups, at = [], [], 0
    for found in compiled(pattern).finditer(text):
        pieces.append(text[at : found.start()])
        groups.append(list(found.groups()))
        at = found.end()
    return {"f0": [*pieces, text[at:]], "f1": groups}


def joined_pieces(pieces: list[str], made: list[str | None]) -> str | None:
    """The pieces with what the function made of each match between them; NULL when one is NULL."""
    if None in made:
        return None
    return pieces[0] + "".join(f"{new}{piece}" for new, piece in zip(made, pieces[1:], strict=True))


def regexp_split(text: str, pattern: str) -> list[str]:
    """regexp_split."""
    parts, at = [], 0
    for found in compiled(pattern).finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
    return [*parts, text[at:]]


def regexp_count(text: str, pattern: str) -> int:
    """regexp_count."""
    return sum(1 for _ in compiled(pattern).finditer(text))


def regexp_position(text: str, pattern: str, start: int = 1, occurrence: int = 1) -> int:
    """regexp_position, -1 for none."""
    if start < 1:
        raise bad_argument("start position cannot be smaller than 1")
    if occurrence < 1:
        raise bad_argument("occurrence cannot be smaller than 1")
    if start > len(text):
        return -1
    for i, found in enumerate(compiled(pattern).finditer(text, start - 1), 1):
        if i == occurrence:
            return found.start() + 1
    return -1


def _parts(url: str) -> object:
    if re.search(r'[\s<>"{}|\\^`]', url) or re.search(r"%(?![0-9A-Fa-f]{2})", url):
        return None
    try:
        split = urlsplit(url)
        if split.scheme and not url[len(split.scheme) + 1 :].startswith("/"):
            split = split._replace(path="", query="")  # java.net.URI calls it opaque: it has no parts
        _ = split.port
    except ValueError:
        return None
    return split


PARTS: dict[str, Callable[..., str]] = {
    "protocol": lambda s, url: url.partition(":")[0] if s.scheme else "",
    "host": lambda s, url: (
        s.netloc.rpartition("@")[2].rsplit(":", 1)[0] if s.port is not None else s.netloc.rpartition("@")[2]
    ),
    "path": lambda s, url: unquote_plus(s.path.replace("+", "%2B")),
    "query": lambda s, url: unquote_plus(s.query.replace("+", "%2B")),
    "fragment": lambda s, url: unquote_plus(s.fragment.replace("+", "%2B")),
}


@cache
def url_part(part: str) -> Callable[[str], str | None]:
    """url_extract_<part>; None for no URL."""

    def extract(url: str) -> str | None:
        split = _parts(url)
        return None if split is None else PARTS[part](split, url)

    extract.__qualname__ = f"url_extract_{part}"
    return extract


def url_port(url: str) -> int | None:
    """url_extract_port."""
    split = _parts(url)
    return getattr(split, "port", None)


def url_parameter(url: str, name: str) -> str | None:
    """url_extract_parameter: the first one of the name."""
    split = _parts(url)
    if split is None:
        return None
    pairs = parse_qsl(split.query, keep_blank_values=True)  # type: ignore[attr-defined]
    return next((value for key, value in pairs if key == name), None)


def url_encode(text: str) -> str:
    """url_encode."""
    return quote_plus(text, safe="*-_.").replace("~", "%7E")


def url_decode(text: str) -> str:
    """url_decode."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise bad_argument(f"URLDecoder: Illegal hex characters in escape (%) pattern: {text}")
    return unquote_plus(text)
