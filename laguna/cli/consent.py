"""Ask before something is changed that cannot be taken back; where nobody can be asked, say what to add."""

from __future__ import annotations

import sys

import click

from laguna.errors import ConsentMissing


def require_someone(act: str, *, yes: bool) -> None:
    """Return when a yes was given or somebody is there to give it.

    Raises:
        ConsentMissing: neither.
    """
    if not yes and not sys.stdin.isatty():
        raise ConsentMissing(f"{act} needs a yes, and nobody can be asked here; add --yes.")


def ask(question: str, *, yes: bool) -> None:
    """Return when the answer is yes.

    Raises:
        click.Abort: it is not.
    """
    if not yes:
        click.confirm(question, abort=True, err=True)


def ask_for_name(act: str, name: str, *, yes: bool) -> None:
    """Return when `name` is typed.

    Raises:
        ConsentMissing: something else was.
    """
    if yes:
        return
    typed = click.prompt(f"{act} Type {name} to go on", default="", show_default=False, err=True)
    if typed.strip() != name:
        raise ConsentMissing(f"'{typed.strip()}' is not {name}; nothing was deleted.")
