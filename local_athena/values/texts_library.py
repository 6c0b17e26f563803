"""Text functions as Trino has them: code points, positions from 1, errors in its words.

https://trino.io/docs/current/functions/string.html
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from local_athena.values.binary import bad_argument
from local_athena.values.limits import fits

if TYPE_CHECKING:
    pass

MOST_CONCATENATED = 1 << 20
MOST_STEPS = 1_000_000
BLANKS = " \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"  # noqa: E501


def trim(text: str) -> str:
    """trim(text): every kind of blank."""
    return text.strip(BLANKS)


def ltrim(text: str) -> str:
    """ltrim(text)."""
    return text.lstrip(BLANKS)


def rtrim(text: str) -> str:
    """rtrim(text)."""
    return text.rstrip(BLANKS)


def replace(text: str, search: str, replacement: str) -> str:
    """replace; an empty search puts the replacement around every character."""
    found = text.count(search) if len(replacement) > len(search) else 0
    fits(len(text) + found * (len(replacement) - len(search)))
    return text.replace(search, replacement)


def strpos(text: str, part: str, instance: int) -> int:
    """The position of the n-th occurrence, from the end when negative."""
    if instance == 0:
        raise bad_argument("'instance' must not be a positive or negative number.")
    if not part:
        return 1
    at = -1 if instance > 0 else len(text)
    for _ in range(abs(instance)):
        at = text.find(part, at + 1) if instance > 0 else text.rfind(part, 0, max(0, at + len(part) - 1))
        if at < 0:
            return 0
    return at + 1


def _padding(value: Any, size: int, pad: Any) -> Any:
    if not 0 <= size <= 2147483647:
        raise bad_argument(f"Target length must be in the range [0..{2147483647}]")
    if not pad:
        raise bad_argument(
            "Padding string must not be empty" if isinstance(pad, str) else "Padding bytes must not be empty"
        )
    missing = fits(max(0, size - len(value)))
    return (pad * (missing // len(pad) + 1))[:missing]


def lpad(value: Any, size: int, pad: Any) -> Any:
    """lpad, of text or bytes."""
    return (_padding(value, size, pad) + value)[:size] if len(value) < size else value[: _checked(size, pad)]


def rpad(value: Any, size: int, pad: Any) -> Any:
    """rpad, of text or bytes."""
    return (value + _padding(value, size, pad))[: _checked(size, pad)]


def _checked(size: int, pad: Any) -> int:
    _padding(pad, min(size, len(pad)) if size >= 0 else size, pad)
    return size


def split(text: str, delimiter: str, limit: int | None = None) -> list[str]:
    """split; the last of at most `limit` parts holds the rest."""
    if limit is not None and limit <= 0:
        raise bad_argument("Limit must be positive")
    if limit is not None and limit > 2147483647:
        raise bad_argument("Limit is too large")
    if not delimiter:
        raise bad_argument("The delimiter may not be the empty string")
    return text.split(delimiter) if limit is None else text.split(delimiter, limit - 1)


def reverse(text: str) -> str:
    """reverse, one code point at a time."""
    return text[::-1]


def split_part(text: str, delimiter: str, index: int) -> str | None:
    """split_part; None after the last part."""
    if index <= 0:
        raise bad_argument("Index must be greater than zero")
    if not delimiter:
        return text[index - 1] if index <= len(text) else None
    parts = text.split(delimiter, index) if index <= len(text) + 1 else []
    return parts[index - 1] if index <= len(parts) else None


def _pairs(text: str, between: str, inside: str) -> list[tuple[str, str]]:
    if not between or not inside:
        raise bad_argument(f"{'entryDelimiter' if not between else 'keyValueDelimiter'} is empty")
    if between == inside:
        raise bad_argument("entryDelimiter and keyValueDelimiter must not be the same")
    made = []
    for entry in text.split(between) if text else ():
        key, found, value = entry.partition(inside)
        if not found:
            raise bad_argument(
                f"Key-value delimiter must appear exactly once in each entry. Bad input: '{entry}'"
            )
        if inside in value:
            raise bad_argument(
                f"Key-value delimiter must appear exactly once in each entry. Bad input: '{entry}'"
            )
        made.append((key, value))
    return made


def split_to_map(text: str, between: str, inside: str) -> dict[str, str]:
    """split_to_map."""
    made: dict[str, str] = {}
    for key, value in _pairs(text, between, inside):
        if key in made:
            raise bad_argument(f"Duplicate keys ({key}) are not allowed")
        made[key] = value
    return made


def split_to_multimap(text: str, between: str, inside: str) -> dict[str, list[str]]:
    """split_to_multimap."""
    made: dict[str, list[str]] = {}
    for key, value in _pairs(text, between, inside):
        made.setdefault(key, []).append(value)
    return made


def translate(text: str, source: str, target: str) -> str:
    """translate; a source character without a target is removed, the first of a repeated one counts."""
    table: dict[int, str | None] = {}
    for i, character in enumerate(source):
        table.setdefault(ord(character), target[i] if i < len(target) else None)
    return text.translate(table)


def chr_(code: int) -> str:
    """chr."""
    try:
        return chr(code)
    except (ValueError, OverflowError) as error:
        raise bad_argument(f"Not a valid Unicode code point: {code}") from error


def codepoint(text: str) -> int:
    """codepoint of a single character."""
    if len(text) != 1:
        raise bad_argument("Input string must be a single character string")
    return ord(text)


def hamming_distance(left: str, right: str) -> int:
    """hamming_distance."""
    if len(left) != len(right):
        raise bad_argument("The input strings to hamming_distance function must have the same length")
    return sum(a != b for a, b in zip(left, right, strict=True))


SOUNDS = {c: d for d, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1) for c in letters}


def soundex(text: str) -> str:
    """soundex of an ASCII word."""
    letters = [c for c in text.upper() if c.isalpha()]
    if any(ord(c) > 127 for c in letters):
        raise bad_argument(f"The character is not mapped: {text}")
    if not letters:
        return ""
    made, last = letters[0], SOUNDS.get(letters[0])
    for letter in letters[1:]:
        code = SOUNDS.get(letter)
        if code is not None and code != last:
            made += str(code)
        if letter not in "HW":
            last = code
    return made[:4].ljust(4, "0")


def normalize(text: str, form: str = "NFC") -> str:
    """normalize; a character may become eighteen."""
    if text.isascii():
        return text
    fits(len(text) * 18)
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


def concat_ws(separator: str | None, *parts: str | None) -> str | None:
    """concat_ws; NULL parts are left out."""
    return None if separator is None else concat_ws_array(separator, list(parts))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def concat_ws_array(separator: str, parts: list[str | None]) -> str:
    """concat_ws of an array."""
    kept = [part for part in parts if part is not None]
    size = sum(map(_bytes, kept)) + _bytes(separator) * max(0, len(kept) - 1)
    if size > MOST_CONCATENATED:
        raise bad_argument("Concatenated string is too large")
    return separator.join(kept)


def from_utf8(value: bytes, instead: str = "\ufffd") -> str:
    """from_utf8; what is no UTF-8 becomes the replacement."""
    if len(instead) > 1:
        raise bad_argument("Replacement character string must empty or a single character")
    return bytes(value).decode("utf-8", "replace").replace("\ufffd", instead)


def luhn_check(text: str) -> bool:
    """luhn_check."""
    if not text:
        return False
    if not (text.isascii() and text.isdigit()):
        raise bad_argument("Input contains non-digit character")
    digits = [int(c) for c in reversed(text)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0


def levenshtein_distance(first: str, second: str) -> int:
    """levenshtein_distance, in code points."""
    if len(first) * (len(second) - 1) > MOST_STEPS:
        raise bad_argument("The combined inputs for Levenshtein distance are too large")
    before = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        now = [i]
        for j, b in enumerate(second, 1):
            now.append(min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1]


def char2hexint(text: str) -> str:
    """char2hexint: the UTF-16 units in hexadecimal."""
    return text.encode("utf-16-be").hex().upper()
