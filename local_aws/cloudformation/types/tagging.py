"""Tags are changed by two calls: set these, remove those."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def retag(
    old: Mapping[str, str],
    new: Mapping[str, str],
    tag: Callable[[dict[str, str]], object],
    untag: Callable[[list[str]], object],
) -> None:
    """Call `tag` with what is new or different and `untag` with the keys that are gone, each only when
    there is something.
    """
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    gone = [key for key in old if key not in new]
    if gone:
        untag(gone)
    if changed:
        tag(changed)


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most APIs list them."""
    return [{key: name, value: text} for name, text in tags.items()]
