"""The exclude patterns of an S3 target: globs relative to its include path.

See https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html (November 2026): `*`
and `?` stay within a folder, `**` crosses folders, `{a,b}` and `[a-z]` choose, a backslash escapes.
"""

from __future__ import annotations

import re

from local_aws.patterns import Pattern, compiled


def glob_pattern(glob: str) -> Pattern:
    """The keys, relative to the include path, that a glob matches as a whole.

    Raises:
        ValueError: a bracket or a brace is not closed.
    """
    out, position, braces = [], 0, 0
    while position < len(glob):
        character = glob[position]
        if glob.startswith("**", position):
            out.append(".*")
            position += 1
        elif character == "[":
            end = glob.index("]", position + 2)
            out.append(_choice(glob[position + 1 : end]))
            position = end
        elif character == "\\" and position + 1 < len(glob):
            position += 1
            out.append(re.escape(glob[position]))
        else:
            braces += {"{": 1, "}": -1}.get(character, 0)
            out.append(_piece(character, within_braces=braces > 0))
        position += 1
    if braces:
        raise ValueError(f"the braces of '{glob}' do not match")
    return compiled("".join(out), dot_matches_all=True)


def _piece(character: str, *, within_braces: bool) -> str:
    if character == "," and within_braces:
        return "|"
    return {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}.get(character) or re.escape(character)


def _choice(inside: str) -> str:
    """A choice of characters, which never crosses folders, negated or not."""
    if inside.startswith(("!", "^")):
        return f"[^/{''.join(map(_span, _spans(inside[1:])))}]"
    within = [part for span in _spans(inside) for part in _without_slash(*span)]
    # A choice of nothing matches nothing.
    return f"[{''.join(map(_span, within))}]" if within else r"[^\x00-\x{10FFFF}]"


def _spans(characters: str) -> list[tuple[str, str]]:
    """First and last characters: `a-cx` is a to c, and x."""
    pairs = re.findall(r"(.)-(.)|(.)", characters, re.DOTALL)
    return [(one, one) if one else (first, last) for first, last, one in pairs]


def _without_slash(first: str, last: str) -> list[tuple[str, str]]:
    if not first <= "/" <= last:
        return [(first, last)]
    return [span for span in ((first, "."), ("0", last)) if span[0] <= span[1]]


def _span(span: tuple[str, str]) -> str:
    first, last = (rf"\x{{{ord(character):x}}}" for character in span)
    return f"{first}-{last}"
