"""What Joni refuses of a pattern that it could read.

References to groups that are not there, and look-behind whose options are not each of one width.
"""

from __future__ import annotations

from local_athena.values.binary import bad_argument
from local_athena.values.regex.nodes import Again, Choice, Group, Look, Node, Regex, parts_of, width


def check_references(made: Regex) -> None:
    """Refuse a reference to a group that the pattern does not have."""
    if any(isinstance(n, Again) and not 1 <= n.number <= made.groups for n in every(made.root)):
        raise bad_argument("invalid backref number/name")


def check_look_behind(look: Look) -> None:
    """Refuse a look-behind of a width that varies, and groups in one that must not match."""
    if look.ahead:
        return
    options = look.part.options if isinstance(look.part, Choice) else (look.part,)
    remembers = look.negative and any(isinstance(n, Group) for n in every(look.part))
    if remembers or any(width(option) is None for option in options):
        raise bad_argument("invalid pattern in look-behind")


def every(node: Node) -> list[Node]:
    """A node with all that it is made of."""
    return [node, *(inner for part in parts_of(node) for inner in every(part))]
