"""The values of `?`, put in their places, which count in the order of the text."""

from __future__ import annotations

from sqlglot import exp


def filled(tree: exp.Expr, values: list[exp.Expr] | None) -> exp.Expr:
    """A copy of a query with a value for each `?`; the same query when there are too few values."""
    wanted = sum(1 for _ in tree.find_all(exp.Placeholder))
    if not wanted or wanted > len(values or ()):
        return tree
    made = tree.copy()
    found = sorted(made.find_all(exp.Placeholder), key=lambda node: int(node.meta["start"]))
    for node, value in zip(found, values or (), strict=False):
        given = value.copy()
        for part in given.walk():
            # Places in the value's own text are none of the query's.
            for name in ("start", "end"):
                part.meta.pop(name, None)
        given.meta.update(node.meta)
        node.replace(given)
    return made
