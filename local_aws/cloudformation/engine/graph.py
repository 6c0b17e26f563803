"""Work in the order of dependencies, what is independent at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextvars import copy_context

from local_aws.cloudformation.engine.context import Failed


def in_order(
    needs: Mapping[str, Iterable[str]], work: Callable[[str], None], pool: Executor, *, go_on: bool = False
) -> list[Failed]:
    """Call `work` for every name once all that it needs is done.

    After a failure nothing new is begun, or with `go_on` nothing that needs what failed; what runs is
    waited for.

    Returns:
        The failures, in the order in which they happened.

    Raises:
        Exception: whatever else than `Failed` a call raised, once nothing runs any more.
    """
    waiting = {name: set(needed) & needs.keys() for name, needed in needs.items()}
    running: dict[Future[None], str] = {}
    failures: list[Failed] = []
    broken: BaseException | None = None
    while True:
        if broken is None and (go_on or not failures):
            for name in [name for name, needed in waiting.items() if not needed]:
                del waiting[name]
                running[pool.submit(copy_context().run, work, name)] = name
        if not running:
            break
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name = running.pop(future)
            error = future.exception()
            if error is None:
                for needed in waiting.values():
                    needed.discard(name)
            elif isinstance(error, Failed):
                failures.append(error)
            else:
                broken = error
    if broken is not None:
        raise broken
    return failures


def reversed_needs(needs: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """What must be gone before each name may go: all that needs it."""
    return {name: {other for other, needed in needs.items() if name in needed} for name in needs}
