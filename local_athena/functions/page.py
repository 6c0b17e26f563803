"""docs/support/athena-functions.md, made from the library: it cannot say more than the code does.

`python -m local_athena.functions.page > docs/support/athena-functions.md` writes it; a test keeps it true.
"""

from __future__ import annotations

import sys

from local_athena.functions.catalogue import FORMS, KNOWN, MISSING, SYNTAX, TOPICS
from local_athena.functions.library import LIBRARY


def page() -> str:
    """The page as Markdown: a table a topic."""
    here = {*LIBRARY, *FORMS, *SYNTAX}
    lines = [
        "# Athena's functions: what is there",
        "",
        "Written by `python -m local_athena.functions.page`; a test compares it with the code.",
        "*real* answers as Athena does, *partial* says what is missing (asked for, it fails), *absent*",
        "fails `NOT_SUPPORTED`, naming the function. A name that Athena does not know fails",
        "`FUNCTION_NOT_FOUND`.",
        "",
        f"{len(KNOWN & here)} of {len(KNOWN)} functions are there.",
    ]
    for topic, text in TOPICS.items():
        names = sorted(text.split())
        real = [f"`{n}`" for n in names if n in here and n not in MISSING]
        absent = [f"`{n}`" for n in names if n not in here]
        lines += ["", f"## {topic}", "", "| state | functions |", "| --- | --- |"]
        if real:
            lines.append(f"| real | {', '.join(real)} |")
        lines += [f"| partial | `{n}`: {MISSING[n]} |" for n in names if n in here and n in MISSING]
        if absent:
            lines.append(f"| absent | {', '.join(absent)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
