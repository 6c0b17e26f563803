"""`*` and `?` of policies, matched in time that grows with the text and not with the number of stars."""

from __future__ import annotations


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which `*` stands for any text and `?` for one character."""
    at_pattern = at_text = 0
    star, resume = -1, 0
    while at_text < len(text):
        if at_pattern < len(pattern) and pattern[at_pattern] == "*":
            star, resume = at_pattern, at_text
            at_pattern += 1
        elif at_pattern < len(pattern) and pattern[at_pattern] in ("?", text[at_text]):
            at_pattern += 1
            at_text += 1
        elif star >= 0:
            # Only the last star need be tried again, with one character more.
            resume += 1
            at_pattern, at_text = star + 1, resume
        else:
            return False
    return pattern[at_pattern:].strip("*") == ""
