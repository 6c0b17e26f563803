"""Unix-style globs over whole paths, as `exclusions` has them: `**` crosses folders, `*` and `?` do not."""

from __future__ import annotations

import re

MAGIC = re.compile(r"[*?\[\]{}\\]")


def glob_pattern(glob: str) -> re.Pattern[str]:
    """What a glob matches as a whole: also `[a-z]`, `[!a]`, `{a,b}` and a character after a backslash.

    Raises:
        ValueError: a bracket or brace is not closed.
    """
    out, at, braces = [], 0, 0
    while at < len(glob):
        letter = glob[at]
        if glob.startswith("**", at):
            out.append(".*")
            at += 1
        elif letter == "[":
            end = glob.find("]", at + 2)
            if end < 0:
                raise ValueError(f"a bracket of the glob '{glob}' is not closed")
            out.append(_letters(glob[at + 1 : end]))
            at = end
        elif letter == "\\" and at + 1 < len(glob):
            at += 1
            out.append(re.escape(glob[at]))
        else:
            braces += {"{": 1, "}": -1}.get(letter, 0)
            out.append(_piece(letter, within_braces=braces > 0))
        at += 1
    if braces:
        raise ValueError(f"the braces of the glob '{glob}' do not match")
    return re.compile("".join(out), re.DOTALL)


def literal(path: str) -> str:
    """A path for a reader that takes paths as globs."""
    return MAGIC.sub(lambda found: f"\\{found.group()}", path)


def fixed_part(glob: str) -> str:
    """The folders of a glob before its first that is none of a name alone, with a slash at the end."""
    found = MAGIC.search(glob)
    return glob if found is None else glob[: glob.rfind("/", 0, found.start()) + 1]


def _piece(letter: str, *, within_braces: bool) -> str:
    if letter == "," and within_braces:
        return "|"
    return {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}.get(letter) or re.escape(letter)


def _letters(inside: str) -> str:
    negated = inside.startswith(("!", "^"))
    spans = re.findall(r"(.)-(.)|(.)", inside[negated:], re.DOTALL)
    kept = "".join(
        re.escape(one) if one else f"{re.escape(first)}-{re.escape(last)}"
        for first, last, one in spans
        if one or first <= last
    )
    if not kept:
        return "(?!)"
    return f"(?!/)[{'^' if negated else ''}{kept}]"
