"""The JSON paths of JSON classifiers: `$`, `.name`, `['name']`, `[*]`, `.*` and `[0]`.

See https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html (November 2026).
"""

from __future__ import annotations

import re
from typing import Any

MOST_VALUES = 5000
_STEP = re.compile(
    r"\.(?P<name>[^.\[\]*'\"\s]+)|(?P<any>\.\*|\[\*\])|\[(?P<quoted>'[^']*'|\"[^\"]*\")\]|\[(?P<index>\d{1,9})\]"
)
ANY = None
"""The step to all members of an object or elements of an array."""
Step = str | int | None


def parse_path(text: str) -> tuple[Step, ...]:
    """The steps of a path.

    Raises:
        ValueError: it is none, or has an operator that Glue does not have.
    """
    if not text.startswith("$"):
        raise ValueError(f"The JSON path '{text[:200]}' does not begin with $.")
    steps: list[Step] = []
    position = 1
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            raise ValueError(f"The JSON path '{text[:200]}' is not understood at character {position + 1}.")
        steps.append(_step(found))
        position = found.end()
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["any"]:
        return ANY
    if found["index"]:
        return int(found["index"])
    return found["name"] or found["quoted"][1:-1]


def select(document: Any, steps: tuple[Step, ...]) -> list[Any]:
    """The values at a path, the first of them when there are very many."""
    values = [document]
    for step in steps:
        values = [one for value in values for one in _follow(value, step)][:MOST_VALUES]
    return values


def _follow(value: Any, step: Step) -> list[Any]:
    if step is ANY:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if isinstance(step, int):
        return value[step : step + 1] if isinstance(value, list) else []
    return [value[step]] if isinstance(value, dict) and step in value else []
