"""The exclude patterns of an S3 target: globs relative to its include path.

See https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html (November 2026): `*`
and `?` stay within a folder, `**` crosses folders, `{a,b}` and `[a-z]` choose, a backslash escapes.
"""

from __future__ import annotations

import re


def glob_pattern(glob: str) -> re.Pattern[str]:
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
    return re.compile("".join(out), re.DOTALL)


def _piece(character: str, *, within_braces: bool) -> str:
    if character == "," and within_braces:
        return "|"
    return {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}.get(character) or re.escape(character)


def _choice(inside: str) -> str:
    negated = inside.startswith(("!", "^"))
    characters = inside[1:] if negated else inside
    safe = characters.replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    # A choice never crosses folders, negated or not.
    return f"(?!/)[{'^' if negated else ''}{safe}]"
